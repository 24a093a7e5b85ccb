"""What the log says of one grant's life, and the grant to go by where its row says otherwise.

Rules:
1. A row is believed if it is what its last entry recorded and fits every earlier one. Nothing but
   status, cause, end, attempts and what a target said changes in its life, so an edit stays visible
   when what was edited has since been written to the log.
2. Ending again what a target did not confirm writes no entry, so a grant that is being ended may
   differ from its last entry in why and how far, and in nothing else.
3. Otherwise what was recorded when it was given stands: the copy that has an entry's digest. Where
   that is gone too, the entries themselves say who, which role, where and until when; what was held
   before is then not known, and is no reference.
4. How far it is, is the log's word, and the lesser access wins: of two ends the earlier; a row that
   says it is being ended is.
5. A live row that no entry names gives nothing, is no reference, and is taken back.

INVARIANT (taking back never waits): there is always something to end, unless row and log are both
silent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from govagents.domain.canonical import digest
from govagents.domain.event import Event
from govagents.domain.grant import GIVING, LIVE, Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId, RoleId, SystemId
from govagents.domain.request import Status, Window

_BEGUN, _SHOWN, _ENDING, _OVER = range(4)
_LIFE = {
    "grant.intended": _BEGUN,
    "grant.applied": _BEGUN,
    "grant.not_applied": _BEGUN,
    "grant.verified": _SHOWN,
    "grant.ending": _ENDING,
    "grant.end_failed": _ENDING,
}
"""How far an entry says a grant is: by kind, for one that is ended while being given has both."""

_TELLING = frozenset({"grant.intended", "grant.applied", "grant.verified"})
_UNLOGGED = "unlogged"


class Entry(NamedTuple):
    """One entry about a grant, with its number in the log."""

    number: int
    event: Event


@dataclass(frozen=True)
class Reading:
    """The grant to go by. `differs` names the fields in which its row is not what the log says."""

    grant: Grant
    differs: tuple[str, ...] = ()


def grant_digest(grant: Grant) -> str:
    """The digest under which the log knows a grant: of all but how often a target was asked."""
    return digest(replace(grant, failure=None, attempts=0))


def read(
    row: Grant | None, entries: Sequence[Entry], copy: Callable[[], Grant | None]
) -> Reading | None:
    """What to go by; `row` None = gone or unreadable, `copy` = what was kept when it was given."""
    if not entries:
        return None if row is None else _unlogged(row)
    if row is not None and unlike(row, entries) is None:
        return Reading(row)
    given = _copied(copy(), entries) or _told(row, entries)
    if given is None:
        return None
    logged = _as_far_as(given, entries, row)
    if row is None:
        return Reading(logged, ("row",))
    differs = tuple(
        field.name
        for field in fields(Grant)
        if field.name not in {"attempts", "failure"}
        and getattr(row, field.name) != getattr(logged, field.name)
    )
    return Reading(_lesser(logged, row), differs or ("record",))


def unlike(grant: Grant, entries: Sequence[Entry]) -> Entry | None:
    """The first entry that does not fit, or the last where the grant went on without one."""
    for entry in entries:
        if entry.event.digests.get("grant") not in {
            grant_digest(then) for then in _at(entry.event, grant)
        }:
            return entry  # (1)
    last = _last(entries)
    if last.event.digests.get("grant") == grant_digest(grant):
        return None
    return None if _far(last.event) == _ENDING and grant.status in LIVE - GIVING else last  # (2)


def _at(event: Event, grant: Grant) -> tuple[Grant, ...]:
    """What `grant` may have been when `event` was written."""
    far = _far(event)
    if far == _OVER:
        return (grant,)
    if far == _ENDING:
        then = replace(grant, cause=_cause(event), ended=None, status=Status(event.decision))
        return replace(then, absolute=False), replace(then, absolute=True)
    given = replace(grant, cause="", ended=None, absolute=False)
    return (replace(given, status=Status.ACTIVE if far == _SHOWN else Status.ACTIVATING),)


def _copied(copy: Grant | None, entries: Sequence[Entry]) -> Grant | None:
    """(3)."""
    known = {entry.event.digests.get("grant") for entry in entries}
    return copy if copy is not None and grant_digest(copy) in known else None


def _told(row: Grant | None, entries: Sequence[Entry]) -> Grant | None:
    """(3) From the entries alone; the row only says who may end it."""
    telling = [entry.event for entry in entries if entry.event.kind in _TELLING]
    told = [event for event in telling if " " in event.reason]
    if not told:
        return row
    name, role, *systems = told[0].reason.split(" ")
    end = min(event.at + event.ttl for event in told)
    return Grant(
        id=GrantId(name),
        request=RequestId(told[0].about),
        beneficiary=IdentityId(told[0].subject),
        role=RoleId(role),
        targets=tuple(SystemId(system) for system in systems),
        window=Window(min(told[0].at, end), end),
        status=Status.ACTIVATING,
        decision=told[0].evaluation,
        owners=row.owners if row else (),
        accountable=row.accountable if row else (),
    )


def _as_far_as(given: Grant, entries: Sequence[Entry], row: Grant | None) -> Grant:
    """(4) `given` as the last entry leaves it."""
    last = _last(entries).event
    far = _far(last)
    if far == _OVER:
        return replace(given, status=Status(last.decision), cause=_cause(last), ended=last.at)
    if far != _ENDING:
        return replace(given, status=Status.ACTIVE if far == _SHOWN else Status.ACTIVATING)
    failed = last.kind == "grant.end_failed"
    status = Status.REVOKE_FAILED if failed else Status(last.decision)
    started = replace(given, status=status, cause=_cause(last), attempts=1)
    if row is None:
        return started
    attempts = max(1, row.attempts)
    return replace(started, attempts=attempts, absolute=row.absolute, failure=row.failure)


def _lesser(logged: Grant, row: Grant) -> Grant:
    """(4)."""
    if logged.status not in LIVE:
        return logged
    end = min(logged.window.end, row.window.end)
    lesser = replace(logged, window=replace(logged.window, end=end))
    if logged.status in GIVING and row.status in LIVE - GIVING:
        return replace(lesser, status=row.status, cause=row.cause, absolute=row.absolute)
    return lesser


def _unlogged(row: Grant) -> Reading:
    """(5)."""
    if row.status not in GIVING:
        return Reading(row, ("log",))
    return Reading(replace(row, status=Status.REVOKING, cause=_UNLOGGED), ("log",))


def _last(entries: Sequence[Entry]) -> Entry:
    return max(entries, key=lambda entry: (_far(entry.event), entry.number))


def _far(event: Event) -> int:
    return _LIFE.get(event.kind, _OVER)


def _cause(event: Event) -> str:
    """The second word of an entry of the way out."""
    cause = event.reason.split(" ")[1:2]
    return "" if cause in ([], ["none"]) else cause[0]
