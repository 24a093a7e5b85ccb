"""Who holds what, from the database of record: standing access, and grants that are not over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from govagents.domain.canonical import instant
from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import GrantId, IdentityId, RoleId
from govagents.domain.world import World
from govagents.entrypoints.cli.output import Json, Line
from govagents.entrypoints.cli.readable import grants_of
from govagents.entrypoints.cli.session import Opened
from govagents.entrypoints.cli.wording import name_of, status_of, time_of


@dataclass(frozen=True)
class Held:
    """One role of one identity; `until` None = without end, `grant` None = standing."""

    identity: IdentityId
    role: RoleId
    until: datetime | None
    source: str
    grant: Grant | None = None


class Holdings(NamedTuple):
    """`damaged` = grants whose row cannot be read or believed; it may be anybody's, of any role."""

    all: tuple[Held, ...]
    damaged: tuple[GrantId, ...]


def held(session: Opened) -> Holdings:
    """All of it, by who and what; assignments past their end are not held."""
    grants = grants_of(session, LIVE)
    everything = [*_standing(session.world(), session.clock.now()), *_granted(grants.whole)]
    everything.sort(key=lambda each: (each.role, each.identity, each.source))
    return Holdings(tuple(everything), grants.damaged)


def source_of(each: Held) -> Line:
    """How it is held."""
    if each.grant is None:
        return f"standing, {each.source}"
    return [status_of(each.grant.status), f", grant {each.grant.id}"]


def until_of(each: Held) -> Line:
    """When it ends."""
    return "no end" if each.until is None else time_of(each.until)


def who_row(each: Held, world: World) -> tuple[Line, ...]:
    """For a list of holders."""
    return (name_of(each.identity, world), source_of(each), until_of(each))


def held_object(each: Held) -> Json:
    """As JSON data."""
    return {
        "identity": each.identity,
        "role": each.role,
        "source": each.source,
        "until": None if each.until is None else instant(each.until),
        "grant": None if each.grant is None else each.grant.id,
        "status": None if each.grant is None else each.grant.status.value,
    }


def _standing(world: World, now: datetime) -> Iterator[Held]:
    for one in world.assignments:
        if one.expires is None or one.expires > now:
            yield Held(one.identity, one.role, one.expires, one.source)


def _granted(grants: tuple[Grant, ...]) -> Iterator[Held]:
    for grant in grants:
        yield Held(grant.beneficiary, grant.role, grant.window.end, "grant", grant)
