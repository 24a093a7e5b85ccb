"""Good sets found fast: upper bounds for the search, never answers by themselves.

The step rule (least new extra per newly covered need) is the classic greedy for the User
Authorization Query (Zhang and Joshi 2008); alone it is wrong on about one request in ten.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from govagents.solver.bits import bits
from govagents.solver.effort import Effort
from govagents.solver.reduce import Local, Request, cover_masks


class Found(NamedTuple):
    """A valid set: the union weight of its extras, and the roles by position."""

    cost: int
    roles: tuple[int, ...]


def first_found(request: Request, alone: Mapping[int, int]) -> Found | None:
    """Cheapest single role, or roles by rising extra until all is covered, before any indexing."""
    cover = cover_masks(request.covers)
    everything = (1 << len(request.needs)) - 1
    order = sorted(alone, key=lambda r: (alone[r], request.sets.roles[r]))
    single = next((r for r in order if cover[r] == everything), None)
    found = [] if single is None or request.max_roles == 0 else [Found(alone[single], (single,))]
    chosen = _rising(order, cover, request)
    if chosen:
        extra = 0
        for role in chosen:
            extra |= request.brings(role)
        found.append(Found(request.sets.scale.weigh(extra), chosen))
    return min(found, default=None)


def local_found(local: Local, live: int, effort: Effort) -> Found | None:
    """Best of a few greedy runs, each relieved of roles it turns out not to need."""
    found = []
    for rule in (_per_need, _per_need_squared, _least_extra):
        chosen = _run(local, live, rule, effort)
        if chosen is not None:
            roles = _relieved(local, chosen)
            if local.request.max_roles is None or len(roles) <= local.request.max_roles:
                found.append(Found(_cost(local, roles), roles))
    return min(found, default=None)


def _per_need(extra: int, new: int) -> tuple[float, int]:
    return extra / new, -new


def _per_need_squared(extra: int, new: int) -> tuple[float, int]:
    return extra / (new * new), -new


def _least_extra(extra: int, new: int) -> tuple[float, int]:
    return extra, -new


def _rising(
    order: Sequence[int], cover: Mapping[int, int], request: Request
) -> tuple[int, ...] | None:
    left, barred, chosen = (1 << len(request.needs)) - 1, 0, []
    for role in order:
        if cover[role] & left and not barred >> role & 1:
            chosen.append(role)
            left &= ~cover[role]
            barred |= request.conflicts.get(role, 0)
        if not left:
            break
    fits = request.max_roles is None or len(chosen) <= request.max_roles
    return tuple(chosen) if fits and not left else None


def _run(
    local: Local, live: int, rule: Callable[[int, int], tuple[float, int]], effort: Effort
) -> list[int] | None:
    left, taken, chosen = (1 << len(local.by_need)) - 1, 0, []
    weigh = local.scale.weigh
    while left:
        useful = [role for role in bits(live) if local.cover[role] & left]
        if not useful or not effort.spend(len(useful)):
            return None
        ranked = []
        for role in useful:
            cost, new = weigh(local.extra[role] & ~taken), (local.cover[role] & left).bit_count()
            ranked.append((rule(cost, new), local.alone[role], role))
        best = min(ranked)[2]
        chosen.append(best)
        left &= ~local.cover[best]
        taken |= local.extra[best]
        live &= ~(local.conflicts.get(best, 0) | 1 << best)
    return chosen


def _relieved(local: Local, chosen: Sequence[int]) -> tuple[int, ...]:
    roles = sorted(chosen, key=lambda r: (-local.alone[r], r))
    for role in tuple(roles):
        rest = 0
        for other in roles:
            rest |= local.cover[other] if other != role else 0
        if not local.cover[role] & ~rest:
            roles.remove(role)
    return tuple(sorted(roles))


def _cost(local: Local, roles: Sequence[int]) -> int:
    taken = 0
    for role in roles:
        taken |= local.extra[role]
    return local.scale.weigh(taken)
