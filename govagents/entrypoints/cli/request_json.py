"""Everything known about a request or a grant, as JSON data."""

from collections.abc import Sequence

from govagents.domain.canonical import plain
from govagents.domain.event import Event
from govagents.domain.grant import Grant
from govagents.domain.proposal import Proposal
from govagents.domain.view import View
from govagents.entrypoints.cli.output import Json
from govagents.entrypoints.cli.plan_json import (
    names_also,
    plan_object,
    understanding_of,
    unread,
)


def request_object(view: View, *, next_: str) -> dict[str, Json]:
    """The plan's keys, then what happened since."""
    return {
        **plan_object(view, next_=next_),
        "at": plain(view.request.at),
        "note": view.note,
        "extends": _extends(view),
        "words": [words.shown() for words in view.words],
        "words_withheld": view.withheld,
        "names_also": [each.shown() for each in names_also(understanding_of(view), view.words)],
        "unread": [each.shown() for each in unread(understanding_of(view), view.words)],
        "changes": _changes(view.proposal),
        "assessment": plain(view.assessment),
        "answers": plain(view.answers),
        "grants": [grant_object(grant) for grant in view.grants],
    }


def _changes(proposal: Proposal | None) -> Json:
    """What there is of each role on each system beforehand, and whether giving it changes that."""
    seen = proposal.seen if proposal is not None else ()
    return [
        {
            "system": each.system,
            "role": each.role,
            "changes": not each.there,
            "recorded": each.recorded.value,
            "shown": each.shown.value,
            "for_review": each.differs,
        }
        for each in seen
    ]


def _extends(view: View) -> Json:
    """The grant that is to be held for longer, and until when; null where nothing is."""
    found = view.extension
    return None if found is None else {"grant": found.grant, "until": plain(found.until)}


def why_object(view: View, *, next_: str) -> dict[str, Json]:
    """The whole rationale: proposal, decision and assessment in full, memory, log entries."""
    return {
        **request_object(view, next_=next_),
        "proposal": plain(view.proposal),
        "decision": plain(view.decision),
        "observed": plain(view.observed),
        "recalled": plain(view.recalled),
        "entries": [entry_object(index, event) for index, event in view.entries],
    }


def grant_object(grant: Grant) -> Json:
    """A grant by its fields."""
    return plain(grant)


def entry_object(index: int, event: Event) -> Json:
    """A log entry with its number."""
    return {"index": index, "event": plain(event)}


def grants_object(grants: Sequence[Grant], next_: str) -> Json:
    """A list of them."""
    return {"grants": [grant_object(grant) for grant in grants], "next": next_}
