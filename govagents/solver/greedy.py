"""Good sets found fast: upper bounds for the search, never answers by themselves.

The step rule (least new extra per newly covered need) is the classic greedy for the User
Authorization Query (Zhang and Joshi 2008); alone it is wrong on about one request in ten.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from govagents.solver.bits import union
from govagents.solver.effort import Effort
from govagents.solver.local import Local, Ranked

_POWERS = (1, 2, 0)
"""Extra per new need, per new need squared, and extra alone."""


class Found(NamedTuple):
    """A valid set: the union weight of its extras, and the roles by rank."""

    cost: int
    roles: tuple[int, ...]


def first_found(ranked: Ranked) -> Found | None:
    """Cheapest single role, or roles by rising extra until all is covered, before any indexing."""
    everything, most = ranked.everything, ranked.request.max_roles
    found = []
    if most != 0 and everything in ranked.cover:
        single = ranked.cover.index(everything)
        found.append(Found(ranked.alone[single], (single,)))
    chosen = _rising(ranked)
    if chosen and (most is None or len(chosen) <= most):
        found.append(Found(ranked.weigh(chosen), chosen))
    return min(found, default=None)


def local_found(local: Local, effort: Effort) -> Iterator[Found]:
    """What each rule leads to, if it leads anywhere, relieved of roles it turns out not to need."""
    steps = _Steps(local, effort)
    most = local.max_roles
    for power in _POWERS:
        chosen = steps.follow(power)
        if chosen is not None:
            roles = _relieved(local, chosen)
            if most is None or len(roles) <= most:
                yield Found(_cost(local, roles), roles)


def _rising(ranked: Ranked) -> tuple[int, ...] | None:
    left, barred, chosen = ranked.everything, 0, []
    for role, cover in enumerate(ranked.cover):
        if cover & left and not barred >> role & 1:
            chosen.append(role)
            left &= ~cover
            barred |= ranked.conflicts[role]
            if not left:
                return tuple(chosen)
    return None


class _Option(NamedTuple):
    """A role that may be next: what it would add, and how many needs it would newly cover."""

    role: int
    cost: int
    new: int


@dataclass(frozen=True)
class _Stage:
    """Where some choices lead; rules that choose alike share it."""

    left: int
    taken: int
    options: Sequence[_Option]


class _Steps:
    """Stages by the roles chosen so far."""

    def __init__(self, local: Local, effort: Effort) -> None:
        self._local = local
        self._effort = effort
        everything = (1 << len(local.by_need)) - 1
        first = [
            _Option(role, cost, cover.bit_count())
            for role, (cost, cover) in enumerate(zip(local.alone, local.cover, strict=True))
        ]
        self._stages: dict[tuple[int, ...], _Stage] = {(): _Stage(everything, 0, first)}

    def follow(self, power: int) -> tuple[int, ...] | None:
        """The roles one rule chooses; None: it gets stuck, or the budget ends."""
        chosen: tuple[int, ...] = ()
        stage = self._stages[()]
        while stage.left:
            if not stage.options or not self._effort.spend(len(stage.options)):
                return None
            _, _, best = min([(cost / new**power, -new, k) for k, cost, new in stage.options])
            chosen = (*chosen, best)
            if chosen not in self._stages:
                self._stages[chosen] = self._after(stage, best)
            stage = self._stages[chosen]
        return chosen

    def _after(self, stage: _Stage, role: int) -> _Stage:
        local = self._local
        left = stage.left & ~local.cover[role]
        fresh = local.extra[role] & ~stage.taken
        barred = local.conflicts[role]
        weigh, extra, covers = local.scale.weigh, local.extra, local.cover
        options = []
        for k, cost, _ in stage.options if left else ():
            new = covers[k] & left
            if new and not barred >> k & 1:
                shared = extra[k] & fresh
                less = weigh(shared) if shared else 0
                options.append(_Option(k, cost - less, new.bit_count()))
        return _Stage(left, stage.taken | fresh, options)


def _relieved(local: Local, chosen: Sequence[int]) -> tuple[int, ...]:
    roles = sorted(chosen, reverse=True)
    for role in tuple(roles):
        rest = 0
        for other in roles:
            rest |= local.cover[other] if other != role else 0
        if not local.cover[role] & ~rest:
            roles.remove(role)
    return tuple(sorted(roles))


def _cost(local: Local, roles: Sequence[int]) -> int:
    return local.scale.weigh(union(local.extra[role] for role in roles))
