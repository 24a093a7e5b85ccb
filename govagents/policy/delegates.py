"""Who decides for whom, as the world's approver file says it, at one instant.

In this release a delegate cannot be asked; that he counts as the person for whom he decides, and as
himself, already bars him where that person is a party.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from govagents.domain.ids import IdentityId
from govagents.domain.world import World


class Delegation(NamedTuple):
    """`delegate` decides for `delegator` on `systems` (empty: on everything)."""

    delegator: IdentityId
    delegate: IdentityId
    systems: frozenset[str]


def counterparts(
    world: World, parties: frozenset[IdentityId], systems: frozenset[str], at: datetime
) -> frozenset[IdentityId]:
    """Delegates and delegators of the parties for these systems; stand-ins are delegates too."""
    found: set[IdentityId] = set()
    for item in (*_delegations(world, at), *_stand_ins(world, at)):
        if item.systems and not item.systems & systems:
            continue
        if item.delegator in parties:
            found.add(item.delegate)
        if item.delegate in parties:
            found.add(item.delegator)
    return frozenset(found)


def _stand_ins(world: World, at: datetime) -> Iterator[Delegation]:
    for absence in world.absences:
        if absence.stand_in is not None and absence.start <= at < absence.end:
            yield Delegation(absence.person, absence.stand_in, frozenset())


def _delegations(world: World, at: datetime) -> Iterator[Delegation]:
    approvers = world.settings.get("approvers")
    listed = approvers.get("delegates") if isinstance(approvers, Mapping) else None
    for item in listed if isinstance(listed, list | tuple) else ():
        if isinstance(item, Mapping) and _instant(item["from"]) <= at < _instant(item["until"]):
            systems = frozenset(str(system) for system in item.get("systems", ()))
            yield Delegation(IdentityId(str(item["of"])), IdentityId(str(item["to"])), systems)


def _instant(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
