"""Reminders: what waits for somebody, or is about to end, said once more in their inbox.

Rules:
1. Whoever may decide on a request that has waited so long, and has not, is reminded; so is whoever
   fills a seat only since.
2. Whoever holds a role is told before it ends by itself, a tenth of its grant's length ahead: ten
   minutes at the least, a day at the most; and how to ask for more, where that is theirs to ask. A
   grant that lasts less than half an hour needs no such word, nor one that another outlasts.
3. What was given as break-glass and is over, and nobody has looked at for so long, is brought back
   to its owners.
4. The same words are said to the same person once. A new end is new words.
5. It is looked for every `EVERY`, not with every sweep. One record that cannot be read keeps nobody
   else from being reminded.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple, TypeVar

from govagents.action.glass import reviewed, unagreed
from govagents.action.lapse import LAPSE, latest, overdue
from govagents.domain.canonical import digest
from govagents.domain.decision import Decision
from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId
from govagents.domain.proposal import Proposal
from govagents.domain.request import Status
from govagents.errors import GovAgentsError
from govagents.findings import latest as newest
from govagents.policy.approvers import Seating
from govagents.policy.facts import seated
from govagents.ports import Transaction

EVERY = timedelta(minutes=5)
_MARK = "reminded"
_T = TypeVar("_T")
_LEAST, _SHORTEST = timedelta(minutes=10), timedelta(minutes=30)


class Reminder(NamedTuple):
    """What is said to whom, about which request."""

    person: IdentityId
    about: RequestId
    text: str


def remind(tx: Transaction, now: datetime, after: timedelta) -> int:
    """Write what is due by now, `after` so long of waiting; returns how many were new."""
    now = latest(tx, now)
    mark, moment = tx.settings.get(_MARK), int(now.timestamp())
    if isinstance(mark, int) and 0 <= moment - mark < EVERY.total_seconds():  # (5)
        return 0
    tx.settings.set(_MARK, moment)
    found = [*_waiting(tx, now, after), *_ending(tx, now), *_unreviewed(tx, now, after)]
    return sum(tx.notify(*each, now, once=True) for each in found)  # (4)


def ahead_of(length: timedelta) -> timedelta:
    """(2).

    >>> [str(ahead_of(timedelta(hours=hours))) for hours in (1, 4, 720)]
    ['0:10:00', '0:24:00', '1 day, 0:00:00']
    """
    return min(max(length / 10, _LEAST), LAPSE)


def _waiting(tx: Transaction, now: datetime, after: timedelta) -> Iterator[Reminder]:
    """(1)."""
    for name in tx.requests.list(frozenset({Status.PENDING})):
        if now < tx.requests.since(name) + after:
            continue
        text = f"`{name}` waits for your answer, since {_moment(tx.requests.since(name))}"
        people = _read(partial(_undecided, tx, name, now))
        yield from (Reminder(person, name, text) for person in people)


def _undecided(tx: Transaction, name: RequestId, now: datetime) -> list[IdentityId]:
    """Who fills a seat now and has said nothing about this proposal."""
    request, world = tx.requests.get(name), tx.world()
    decision, proposal = (
        newest(tx, name, "decision", Decision),
        newest(tx, name, "proposal", Proposal),
    )
    if request is None or decision is None or proposal is None or overdue(tx, name, now):
        return []
    if proposal.beneficiary not in world.identities:
        return []
    seating = Seating(world, request.speaker, proposal.beneficiary, now)
    consents = seated(world, tx.catalog(), seating, decision.consents)
    said = {each.person for each in tx.answers.of(name) if each.proposal_digest == digest(proposal)}
    return [each for each in replace(decision, consents=consents).approvers if each not in said]


def _ending(tx: Transaction, now: datetime) -> Iterator[Reminder]:
    """(2)."""
    for name in tx.grants.names(frozenset({Status.ACTIVE})):
        for grant in _read(partial(_running, tx, name)):
            if now < grant.window.end <= now + ahead_of(grant.window.length):
                text = f"`{grant.role}` ends {_moment(grant.window.end)}"
                text += "".join(_read(partial(_more, tx, grant)))
                yield Reminder(grant.beneficiary, grant.request, text)


def _running(tx: Transaction, name: GrantId) -> list[Grant]:
    grant = tx.grants.get(name)
    if grant is None or grant.window.length < _SHORTEST:
        return []
    others = _read(lambda: [*tx.grants.of_identity(grant.beneficiary)])
    same = [each for each in others if each.role == grant.role and each.status is Status.ACTIVE]
    return [] if any(each.window.end > grant.window.end for each in same) else [grant]


def _more(tx: Transaction, grant: Grant) -> list[str]:
    request = tx.requests.get(grant.request)
    if request is None or request.speaker != grant.beneficiary:
        return []
    return [f"; for more time: `govagents grant extend {grant.id} --for 1h`"]


def _unreviewed(tx: Transaction, now: datetime, after: timedelta) -> Iterator[Reminder]:
    """(3)."""
    for grant in _read(lambda: list(tx.grants.ended(now - LAPSE - after))):
        if grant.ended is not None and grant.ended + after <= now:
            text = f"`{grant.request}` was break-glass, and nobody has looked at it: "
            text += f"`govagents request review {grant.request}`"
            people = _read(partial(_to_review, tx, grant))
            yield from (Reminder(person, grant.request, text) for person in people)


def _to_review(tx: Transaction, grant: Grant) -> list[IdentityId]:
    """The owners, where it is theirs to look at now; for an owner, who answers for him."""
    if not unagreed(tx, grant.request) or reviewed(tx, grant.request):
        return []
    if any(each.status in LIVE for each in tx.grants.of_request(grant.request)):
        return []
    owners = {each for each in grant.owners if each != grant.beneficiary}
    return sorted(owners or set(grant.accountable))


def _read(read: Callable[[], list[_T]]) -> list[_T]:
    """(5)."""
    with suppress(GovAgentsError):
        return read()
    return []


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
