"""What became, at the end of a grant, of access that was held before it: left, or taken away too.

Rules:
1. Expiry and giving back leave it; an owner's revoke, a containment and leaving do not (D16). The
   grant's own record says which it was (`absolute`), its entries on whose word.
2. The company's files say who has standing access; they do not change when it is taken away. Where
   a grant took it, that is said beside what they say, as long as the target does not show it again.
"""

from collections.abc import Iterable
from typing import NamedTuple

from govagents.domain.grant import GIVING, LIVE, Grant
from govagents.domain.ids import IdentityId
from govagents.entrypoints.cli.session import Opened
from govagents.entrypoints.cli.wording import time_of
from govagents.errors import GovAgentsError

_ENDS = frozenset({"grant.ending", "grant.ended"})
_NOBODY = "none"


class Taken(NamedTuple):
    """By which grant's end; `by` None = on nobody's word."""

    grant: Grant
    by: IdentityId | None

    def __str__(self) -> str:
        """When, with what, why."""
        when = f"{time_of(self.grant.ended)} " if self.grant.ended else ""
        return f"{when}with grant {self.grant.id}{reason_of(self.grant, self.by)}"


def word_of(session: Opened, grant: Grant) -> IdentityId | None:
    """(1) On whose word it was ended, as far as its entries can be read and say so."""
    try:
        with session.records.begin() as tx:
            events = [event for _, event in tx.log.of(grant.request)]
    except GovAgentsError:
        return None
    said = [
        event.principal
        for event in events
        if event.kind in _ENDS and event.reason.partition(" ")[0] == grant.id
    ]
    return next((IdentityId(name) for name in reversed(said) if name != _NOBODY), None)


def reason_of(grant: Grant, by: IdentityId | None) -> str:
    """Why it was ended, to go on a sentence with."""
    if by is not None:
        owner = ", an owner" if by in grant.owners else ""
        return f", on the word of {by}{owner}"
    return f", for {grant.beneficiary} has left" if grant.cause == "left" else ""


def before_of(grant: Grant, by: IdentityId | None) -> str:
    """(1) What becomes, or became, of what was held before."""
    systems = ", ".join(grant.held_before)
    if grant.status in GIVING:
        return f"{systems}: stays when this ends, unless an owner revokes it"
    if not grant.absolute:
        return f"{systems}: {'stays' if grant.status in LIVE else 'stayed'}"
    done = "is taken away too" if grant.status in LIVE else "taken away too"
    return f"{systems}: {done}{reason_of(grant, by)}"


def taking(grants: Iterable[Grant]) -> Grant | None:
    """(2) Of one identity's grants of one role: the latest whose end took what was held before."""
    over = [grant for grant in grants if grant.absolute and grant.status not in LIVE]
    return max(over, key=lambda grant: (str(grant.ended), grant.id), default=None)


def leaving(grants: Iterable[Grant]) -> Grant | None:
    """(1) The latest whose end left what was held before."""
    over = [
        grant
        for grant in grants
        if grant.held_before and not grant.absolute and grant.status not in LIVE
    ]
    return max(over, key=lambda grant: (str(grant.ended), grant.id), default=None)


def still_taken(taken: Grant, others: Iterable[Grant], *, shown: bool) -> bool:
    """(2) Another grant of the role may be all that the target shows."""
    given = [grant for grant in others if grant.status in GIVING]
    own = {system for grant in given for system in set(grant.targets) - set(grant.held_before)}
    return not shown or bool(own & set(taken.targets))
