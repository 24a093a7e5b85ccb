"""Who holds what: standing access, grants that are not over, and what these left and took.

Rules:
1. Standing access is what the company's files say. Where a grant touched it the target is asked.
2. Every grant that is not over is read back; a target that shows otherwise is said to.
3. What was held before a grant that is over, and is held, is shown also where no file names it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from govagents.domain.canonical import instant
from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import GrantId, IdentityId, RoleId
from govagents.domain.world import World
from govagents.entrypoints.cli.grant_text import NOT_HELD, read_back
from govagents.entrypoints.cli.output import Json, Line, Tone, Toned, shown
from govagents.entrypoints.cli.readable import grants_of
from govagents.entrypoints.cli.session import EndingSession
from govagents.entrypoints.cli.taken import Taken, leaving, still_taken, taking, word_of
from govagents.entrypoints.cli.wording import count_of, status_of, time_of


@dataclass(frozen=True)
class Held:
    """One role of one identity; `until` None = without end, `grant` None = standing.

    `read_back` = what the targets say, "" where they were not asked; `taken` = it was taken away.
    """

    identity: IdentityId
    role: RoleId
    until: datetime | None
    source: str
    grant: Grant | None = None
    read_back: str | Toned = ""
    taken: Taken | None = None

    @property
    def gone(self) -> bool:
        """Whether only the records still name it."""
        return self.taken is not None or self.read_back == NOT_HELD


class Holdings(NamedTuple):
    """`damaged` = grants whose row cannot be read or believed; it may be anybody's, of any role."""

    all: tuple[Held, ...]
    damaged: tuple[GrantId, ...]


def held(
    session: EndingSession, *, identity: IdentityId | None = None, role: RoleId | None = None
) -> Holdings:
    """By who and what, of one identity or of one role; assignments past their end are not held."""
    grants = grants_of(session, LIVE)
    standing = _standing(session.world(), session.clock.now())
    named = [
        each
        for each in (*standing, *_granted(grants.whole))
        if identity in {None, each.identity} and role in {None, each.role}
    ]
    told = [_told(session, each) for each in named]
    if identity is not None:
        told += _left(session, identity, {each.role for each in named})
    told.sort(key=lambda each: (each.role, each.identity, each.source))
    return Holdings(tuple(told), grants.damaged)


def counted(found: Sequence[Held], noun: str) -> str:
    """How many are held, and how many only the records name."""
    gone = sum(each.gone for each in found)
    more = f", and {gone} that only the records name" if gone else ""
    return count_of(len(found) - gone, noun) + more


def row_of(each: Held) -> tuple[Line, ...]:
    """How it is held, until when, and what the targets say."""
    return (_source_of(each), _until_of(each), each.read_back or "not asked")


def held_object(each: Held) -> Json:
    """As JSON data."""
    return {
        "identity": each.identity,
        "role": each.role,
        "source": each.source,
        "until": None if each.until is None else instant(each.until),
        "grant": None if each.grant is None else each.grant.id,
        "status": None if each.grant is None else each.grant.status.value,
        "read_back": _plain(each.read_back) or None,
        "taken": None if each.taken is None else _taken_object(each.taken),
    }


def _source_of(each: Held) -> Line:
    if each.taken is not None:
        return [Toned("taken away", Tone.BAD), f" {each.taken}; the files say {each.source}"]
    if each.grant is None:
        return f"standing, {each.source}"
    return [status_of(each.grant.status), f", grant {each.grant.id}"]


def _until_of(each: Held) -> Line:
    if each.taken is not None:
        return ""
    return "no end" if each.until is None else time_of(each.until)


def _taken_object(taken: Taken) -> Json:
    grant = taken.grant
    ended = None if grant.ended is None else instant(grant.ended)
    return {"grant": grant.id, "at": ended, "by": taken.by, "cause": grant.cause}


def _plain(said: str | Toned) -> str:
    return said if isinstance(said, str) else shown(said.text)


def _told(session: EndingSession, each: Held) -> Held:
    """(1) (2)."""
    expiry = session.ending.expiry
    if each.grant is not None:
        return replace(each, read_back=read_back(each.grant, expiry))
    others = _of(session, each.identity, each.role)
    grant = taking(others)
    if grant is None:
        return each
    said = read_back(grant, expiry)
    taken = still_taken(grant, others, shown=said != NOT_HELD)
    if not taken:
        return replace(each, read_back=said)
    return replace(each, read_back=NOT_HELD, taken=Taken(grant, word_of(session, grant)))


def _left(
    session: EndingSession, identity: IdentityId, named: Collection[RoleId]
) -> Iterator[Held]:
    """(3)."""
    with session.records.begin() as tx:
        grants = tx.grants.of_identity(identity)
    for role in dict.fromkeys(grant.role for grant in grants if grant.role not in named):
        left = leaving(grant for grant in grants if grant.role == role)
        if left is None:
            continue
        said = read_back(left, session.ending.expiry)
        if said != NOT_HELD:
            yield Held(identity, role, None, f"held before grant {left.id}", read_back=said)


def _of(session: EndingSession, identity: IdentityId, role: RoleId) -> list[Grant]:
    with session.records.begin() as tx:
        return [grant for grant in tx.grants.of_identity(identity) if grant.role == role]


def _standing(world: World, now: datetime) -> Iterator[Held]:
    for one in world.assignments:
        if one.expires is None or one.expires > now:
            yield Held(one.identity, one.role, one.expires, one.source)


def _granted(grants: tuple[Grant, ...]) -> Iterator[Held]:
    for grant in grants:
        yield Held(grant.beneficiary, grant.role, grant.window.end, "grant", grant)
