"""Who decides for whom, as the world's approver file says it, at one instant.

Rules:
1. A delegate decides in the delegator's place, as long as the delegation lasts, about a role all of
   whose systems it covers (listing none: all) and that it does not except.
2. Whoever stands in for somebody away decides about every role, but none that a delegation to the
   same person excepts.
3. What was handed on is not handed on again: nobody decides for a deputy.
4. Delegate and delegator are as one where one of them is a party, or counts for a quorum: about any
   role of a system they share, excepted ones too.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from govagents.domain.ids import IdentityId, RoleId
from govagents.domain.world import World


class Delegation(NamedTuple):
    """`delegate` decides for `delegator` on `systems` (empty: on everything), not on `excepted`."""

    delegator: IdentityId
    delegate: IdentityId
    systems: frozenset[str]
    excepted: frozenset[str] = frozenset()


class Matter(NamedTuple):
    """What is decided about, and when."""

    role: RoleId
    systems: frozenset[str]
    at: datetime


def deputies(world: World, person: IdentityId, matter: Matter) -> tuple[IdentityId, ...]:
    """Who decides about it in this person's place, in the order of the file, stand-ins last."""
    mine = [item for item in _current(world, matter.at) if item.delegator == person]
    kept_back = {item.delegate for item in mine if matter.role in item.excepted}  # (1) (2)
    return tuple(
        item.delegate
        for item in mine
        if item.delegate not in kept_back and (not item.systems or matter.systems <= item.systems)
    )


def counterparts(
    world: World, parties: frozenset[IdentityId], systems: frozenset[str], at: datetime
) -> frozenset[IdentityId]:
    """Delegates and delegators of the parties for these systems (4); stand-ins are delegates."""
    found: set[IdentityId] = set()
    for item in _current(world, at):
        if item.systems and not item.systems & systems:
            continue
        if item.delegator in parties:
            found.add(item.delegate)
        if item.delegate in parties:
            found.add(item.delegator)
    return frozenset(found)


def _current(world: World, at: datetime) -> Iterator[Delegation]:
    yield from _delegations(world, at)
    for absence in world.absences:
        if absence.stand_in is not None and absence.start <= at < absence.end:
            yield Delegation(absence.person, absence.stand_in, frozenset())


def _delegations(world: World, at: datetime) -> Iterator[Delegation]:
    approvers = world.settings.get("approvers")
    listed = approvers.get("delegates") if isinstance(approvers, Mapping) else None
    for item in listed if isinstance(listed, list | tuple) else ():
        if isinstance(item, Mapping) and lasts(item, at):
            yield Delegation(
                IdentityId(str(item["of"])),
                IdentityId(str(item["to"])),
                frozenset(str(system) for system in item.get("systems", ())),
                frozenset(str(role) for role in item.get("except", ())),
            )


def lasts(stretch: Mapping[str, object], at: datetime) -> bool:
    """Whether `at` lies in a stretch of the company's files, its end not included."""
    return _instant(stretch["from"]) <= at < _instant(stretch["until"])


def _instant(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
