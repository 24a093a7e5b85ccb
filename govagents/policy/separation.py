"""Separation of duties: what a grant would newly join.

Rules:
1. Held is everything held, active, pending or scheduled in an overlapping window, by the person
   and all their agents; the caller hands it over so gathered.
2. A rule forbids only what adds a side not held yet. One already complete forbids nothing here: it
   is a finding for review.
3. What a role grants under a condition counts as granted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from govagents.domain.catalog import Catalog
from govagents.domain.ids import PermissionId, RoleId
from govagents.domain.rules import SeparationRule
from govagents.domain.world import World
from govagents.ports import Holding


@dataclass(frozen=True)
class SeparationConstraints:
    """The rules as the solver takes them. `rules` are those of which one side is held already."""

    forbidden_permissions: frozenset[PermissionId]
    exclusive_permissions: frozenset[tuple[PermissionId, PermissionId]]
    exclusive_roles: frozenset[tuple[RoleId, RoleId]]
    forbidden_roles: frozenset[RoleId]
    rules: tuple[str, ...]


NO_SEPARATION = SeparationConstraints(frozenset(), frozenset(), frozenset(), frozenset(), ())


def separation_constraints(
    world: World, catalog: Catalog, holdings: Sequence[Holding]
) -> SeparationConstraints:
    """What a role set for whoever holds `holdings` must leave out, or not join."""
    roles = frozenset(holding.role for holding in holdings)
    forbidden: dict[bool, set[str]] = {True: set(), False: set()}
    pairs: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    half_held: list[str] = []
    for rule in world.separation:
        has_a, has_b = _sides(rule, catalog, roles)
        if has_a and has_b:  # (2)
            continue
        if has_a or has_b:
            forbidden[rule.of_roles] |= rule.b if has_a else rule.a
            half_held.append(rule.id)
            continue
        forbidden[rule.of_roles] |= rule.a & rule.b
        pairs[rule.of_roles] |= {_ordered(a, b) for a, b in product(rule.a, rule.b) if a != b}
    return SeparationConstraints(
        frozenset(PermissionId(item) for item in forbidden[False]),
        frozenset((PermissionId(a), PermissionId(b)) for a, b in pairs[False]),
        frozenset((RoleId(a), RoleId(b)) for a, b in pairs[True]),
        frozenset(RoleId(item) for item in forbidden[True]),
        tuple(half_held),
    )


def conflicts(
    world: World, catalog: Catalog, held: Iterable[RoleId], proposed: Sequence[RoleId]
) -> dict[RoleId, frozenset[str]]:
    """For each proposed role the rules that the whole set newly completes and it has a part in."""
    before = frozenset(held)
    after = before | frozenset(proposed)
    broken = [
        rule
        for rule in world.separation
        if all(_sides(rule, catalog, after)) and not all(_sides(rule, catalog, before))
    ]
    return {
        role: frozenset(rule.id for rule in broken if any(_sides(rule, catalog, frozenset({role}))))
        for role in proposed
    }


def reached(catalog: Catalog, role: RoleId) -> frozenset[PermissionId]:
    """Everything `role` may grant, also under a condition; nothing for an unknown role."""
    found = catalog.roles.get(role)
    return found.permissions | found.conditional if found else frozenset()  # (3)


def _sides(rule: SeparationRule, catalog: Catalog, roles: frozenset[RoleId]) -> tuple[bool, bool]:
    if rule.of_roles:
        return bool(rule.a & roles), bool(rule.b & roles)
    permissions = frozenset().union(*(reached(catalog, role) for role in roles))
    return bool(rule.a & permissions), bool(rule.b & permissions)


def _ordered(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)
