"""From a problem over the whole catalog to a small one that has the same optimum.

1. A role is out when it is held, not a candidate, grants something forbidden, or, together with
   all that is needed and held, would join an exclusive pair that is not already held whole.
2. A role that covers no open need is out.
3. What is needed or held is free; everything else a role grants is its extra. In strict problems
   what a role grants only conditionally is always extra, even where it is needed or held.
4. What is left of exclusive pairs are conflicts between two roles.

Every rule, and those of `local.py` and `dominance.py`, is sound for the union of extras, which is
what is minimised, not only for their sum.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from govagents.errors import InputError
from govagents.solver.bits import bits, mask_of, union, wide_mask_of
from govagents.solver.catalog_index import RoleSets
from govagents.solver.problem import Problem


@dataclass(frozen=True, eq=False)
class Request:
    """A problem in the catalog's positions, after rules 1 to 4. Masks of roles throughout.

    `needs`: open needs (permission positions); `covers[j]`: usable roles that cover `needs[j]`;
    `roles`: usable roles; `conflicts[r]`: roles that may not stand beside r (absent: none).
    `held`: permissions that are held for sure.
    """

    sets: RoleSets
    needs: tuple[int, ...]
    covers: tuple[int, ...]
    roles: int
    conflicts: Mapping[int, int]
    held: int
    strict: bool
    max_roles: int | None

    @cached_property
    def free(self) -> int:
        """Rule 3: permission positions that are needed or held."""
        return mask_of(self.needs) | self.held

    def brings(self, role: int) -> int:
        """Rule 3: permission positions the role adds to those."""
        grants = self.sets.grants[role] & ~self.free
        return grants | self.sets.conditional[role] if self.strict else grants


def understand(sets: RoleSets, problem: Problem) -> Request:
    """Rules 1 to 4. Raises `UnknownNameError` for a name the catalog lacks."""
    if problem.max_roles is not None and problem.max_roles < 0:
        raise InputError(f"max_roles is `{problem.max_roles}`: it starts at 0")
    needed = mask_of(sets.permission(name) for name in problem.needs)
    held_roles = mask_of(sets.role(name) for name in problem.held_roles)
    held_all = union(sets.grants[r] for r in bits(held_roles))
    held = held_all
    if problem.strict:
        held = union(sets.grants[r] & ~sets.conditional[r] for r in bits(held_roles))
    usable = _candidates(sets, problem) & ~held_roles
    for name in problem.forbidden_permissions:
        usable &= ~sets.holders[sets.permission(name)]
    usable, apart = _exclude_roles(sets, problem, usable, held_roles)
    usable = _exclude_permissions(sets, problem, usable, (needed, held_all), apart)
    needs = tuple(bits(needed & ~held))
    covers = tuple(_coverers(sets, p, problem.strict) & usable for p in needs)
    roles = union(covers)
    return Request(
        sets=sets,
        needs=needs,
        covers=covers,
        roles=roles,
        conflicts={r: apart[r] & roles for r in sorted(apart) if roles >> r & 1},
        held=held,
        strict=problem.strict,
        max_roles=problem.max_roles,
    )


def _candidates(sets: RoleSets, problem: Problem) -> int:
    if problem.candidates is None:
        return (1 << len(sets.roles)) - 1
    return wide_mask_of(map(sets.role, problem.candidates))


def _coverers(sets: RoleSets, permission: int, strict: bool) -> int:
    only_some = sets.conditional_holders.get(permission, 0) if strict else 0
    return sets.holders[permission] & ~only_some


def _exclude_roles(
    sets: RoleSets, problem: Problem, usable: int, held: int
) -> tuple[int, dict[int, int]]:
    """Rule 1 for pairs of roles, and the conflicts they leave (rule 4)."""
    apart: dict[int, int] = {}
    for names in problem.exclusive_roles:
        one, other = sorted(sets.role(name) for name in names)
        both = 1 << one | 1 << other
        if held & both == both:
            continue
        if held & both or one == other:
            usable &= ~both
        else:
            _part(apart, 1 << one, 1 << other)
    return usable, apart


def _exclude_permissions(
    sets: RoleSets, problem: Problem, usable: int, present: tuple[int, int], apart: dict[int, int]
) -> int:
    """Rule 1 for pairs of permissions; conflicts are added to `apart`."""
    needed, held = present
    for names in problem.exclusive_permissions:
        one, other = sorted(sets.permission(name) for name in names)
        both = 1 << one | 1 << other
        if held & both == both:
            continue
        first = -1 if (needed | held) >> one & 1 else sets.holders[one]
        second = -1 if (needed | held) >> other & 1 else sets.holders[other]
        usable &= ~(first & second)
        if first != -1 and second != -1:
            _part(apart, first & usable, second & usable)
    return usable


def _part(apart: dict[int, int], ones: int, others: int) -> None:
    for side, against in ((ones, others), (others, ones)):
        for role in bits(side):
            apart[role] = apart.get(role, 0) | against
