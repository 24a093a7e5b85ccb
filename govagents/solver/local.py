"""The small problem that is searched: few roles, numbered by rank, over classes of permissions.

5. A role whose extra alone weighs more than a known solution is out (the union is no lighter).
6. Permissions that the same remaining roles bring are one class.

Rank is the order of `alone`, then of ids: rule 5 cuts it off at one place, the lowest bit of a mask
of ranks is the cheapest role in it, and masks are as wide as there are roles in question, not in
the catalog. The rules before these are in `reduce.py`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from govagents.solver.bits import Scale, bits, mask_of, transposed, union, wide_bits, wide_mask_of
from govagents.solver.catalog_index import Kind
from govagents.solver.reduce import Request


class Floor(NamedTuple):
    """The need whose cheapest role is the dearest, and what that one weighs: no set weighs less."""

    need: int
    weight: int


@dataclass(frozen=True, eq=False)
class Ranked:
    """A request's usable roles in their order; masks of roles are masks of ranks.

    `order[k]`: the catalog's position of the role of rank k; `alone[k]`: the weight of its extra;
    `cover[k]`: mask of need numbers; `by_need[j]`: roles that cover it; `conflicts[k]`: roles that
    may not stand beside it.
    """

    request: Request
    order: tuple[int, ...]
    alone: tuple[int, ...]
    cover: tuple[int, ...]
    by_need: tuple[int, ...]
    conflicts: tuple[int, ...]

    @property
    def everything(self) -> int:
        """All needs."""
        return (1 << len(self.by_need)) - 1

    def floor(self) -> Floor:
        """Where every need has a role."""
        cheapest = [self.alone[next(bits(roles))] for roles in self.by_need]
        weight = max(cheapest)
        return Floor(cheapest.index(weight), weight)

    def within(self, most: int | None) -> int:
        """Rule 5: how many roles a solution of that weight leaves; all, if there is none."""
        return len(self.order) if most is None else bisect_right(self.alone, most)

    def name(self, role: int) -> str:
        """Its id."""
        return self.request.sets.roles[self.order[role]]

    def brings(self, roles: Iterable[int]) -> int:
        """Permission positions that these roles together add to what is needed and held."""
        return union(self.request.brings(self.order[k]) for k in roles)

    def weigh(self, roles: Iterable[int]) -> int:
        """The excess weight of these roles together."""
        return self.request.sets.scale.weigh(self.brings(roles))


@dataclass(frozen=True, eq=False)
class Local:
    """The first roles of a ranked request over classes of permissions (rules 5 and 6).

    `extra[k]`: mask of classes; `owners[c]`: roles that bring class c; `kinds[c]`: its permissions;
    `weights[c]`: what they weigh together.
    """

    ranked: Ranked
    alone: tuple[int, ...]
    cover: tuple[int, ...]
    by_need: tuple[int, ...]
    conflicts: tuple[int, ...]
    extra: tuple[int, ...]
    owners: tuple[int, ...]
    weights: tuple[int, ...]
    kinds: tuple[Sequence[Kind], ...]
    scale: Scale

    @property
    def max_roles(self) -> int | None:
        """How many roles at most."""
        return self.ranked.request.max_roles


def rank(request: Request, roles: int) -> Ranked:
    """Some of a request's roles, by the catalog's positions, in their order."""
    sets = request.sets
    covered = dict.fromkeys(wide_bits(roles), 0)
    alone = {r: sets.role_weights[r] - _held_weight(request, r) for r in covered}
    for number, (permission, cover) in enumerate(zip(request.needs, request.covers, strict=True)):
        weight = sets.weights[permission]
        for role in wide_bits(cover & roles):
            covered[role] |= 1 << number
            alone[role] -= weight
    order = tuple(sorted(alone, key=lambda r: (alone[r], sets.roles[r])))
    covers = tuple(covered[r] for r in order)
    return Ranked(
        request=request,
        order=order,
        alone=tuple(alone[r] for r in order),
        cover=covers,
        by_need=tuple(transposed(covers, len(request.needs))),
        conflicts=_conflicts(request.conflicts, order),
    )


def localise(ranked: Ranked, most: int | None) -> Local:
    """Rules 5 and 6; `most`: what a known solution weighs, None if there is none."""
    count = ranked.within(most)
    live = (1 << count) - 1
    order = ranked.order[:count]
    classes = _classes(ranked.request, order)
    owners, extra = _crossed(classes, order)
    weights = tuple(sum([kind.weight for kind in kinds]) for kinds in classes.values())
    return Local(
        ranked=ranked,
        alone=ranked.alone[:count],
        cover=ranked.cover[:count],
        by_need=tuple(roles & live for roles in ranked.by_need),
        conflicts=tuple(roles & live for roles in ranked.conflicts[:count]),
        extra=extra,
        owners=owners,
        weights=weights,
        kinds=tuple(classes.values()),
        scale=Scale(weights),
    )


def _held_weight(request: Request, role: int) -> int:
    if not request.held:
        return 0
    sets = request.sets
    free = sets.grants[role] & request.held
    return sets.scale.weigh(free & ~sets.conditional[role] if request.strict else free)


def _conflicts(conflicts: Mapping[int, int], order: Sequence[int]) -> tuple[int, ...]:
    if not conflicts:
        return (0,) * len(order)
    rank_of = {role: place for place, role in enumerate(order)}
    return tuple(mask_of(rank_of[other] for other in bits(conflicts.get(r, 0))) for r in order)


def _classes(request: Request, order: Sequence[int]) -> dict[int, list[Kind]]:
    """Rule 6: the roles (by the catalog's positions) that bring a class → its permissions.

    The catalog's kinds stay whole but for the needs: what is held is whole kinds.
    """
    sets, live = request.sets, wide_mask_of(order)
    needs = frozenset(request.needs)
    opened = {sets.kind_of[need] for need in needs}
    found: dict[int, list[Kind]] = {}
    brought = union(sets.grants[r] for r in order)
    for first in wide_bits(brought & sets.firsts & ~request.held):
        kind = sets.kinds[first]
        if first in opened:
            kind = sets.kind(p for p in kind.members if p not in needs)
        if kind.members:
            found.setdefault(sets.holders[first] & live, []).append(kind)
    if request.strict:
        for owners, kind in _conditional(request, order):
            found.setdefault(owners & live, []).append(kind)
    return found


def _conditional(request: Request, order: Sequence[int]) -> Iterable[tuple[int, Kind]]:
    """What is free and yet brought, because some roles grant it only conditionally."""
    sets = request.sets
    brought = union(sets.conditional[r] for r in order)
    for first in wide_bits(brought & sets.firsts & request.held):
        yield sets.conditional_holders[first], sets.kinds[first]
    for need in request.needs:
        if brought >> need & 1:
            yield sets.conditional_holders[need], sets.kind((need,))


def _crossed(
    classes: Iterable[int], order: Sequence[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Which ranks bring a class, and which classes a rank brings."""
    rank_of = {role: place for place, role in enumerate(order)}
    owners: list[int] = []
    extra = [0] * len(order)
    for number, roles in enumerate(classes):
        ranks, this = 0, 1 << number
        for role in bits(roles):
            place = rank_of[role]
            ranks |= 1 << place
            extra[place] |= this
        owners.append(ranks)
    return tuple(owners), tuple(extra)
