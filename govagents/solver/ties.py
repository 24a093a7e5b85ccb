"""Which of several sets of the same least excess weight is the answer.

Rules, in this order:

1. fewest roles;
2. fewest permissions in excess that change something (anything but read and list);
3. fewest privileged roles;
4. the smallest list of role ids, sorted, compared id by id.

A second search, only over sets that weigh exactly the proved optimum. If the budget ends first the
answer is still optimal in weight, and is the best by these rules of the sets seen until then.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from govagents.solver.bits import bits, mask_of
from govagents.solver.bounds import Rises, Splitter
from govagents.solver.crowd import fewest
from govagents.solver.dominance import deciding_needs, dominates
from govagents.solver.effort import Effort, OutOfStepsError
from govagents.solver.greedy import Found
from govagents.solver.local import Local, Ranked

_MOST_DEEP = 250
Key = tuple[int, int, int, tuple[str, ...]]


def settle(local: Local, found: Found, effort: Effort) -> tuple[int, ...]:
    """The roles that win by the rules among all sets weighing `found.cost`."""
    settling = _Settling(local, found, effort)
    with suppress(OutOfStepsError):  # the best seen until then
        settling.run()
    return settling.best


def settle_alone(ranked: Ranked, weight: int) -> tuple[int, ...]:
    """The single role that wins by the rules if one of that weight does; one role is fewest."""
    if ranked.request.max_roles == 0:
        return ()
    start, end = bisect_left(ranked.alone, weight), bisect_right(ranked.alone, weight)
    whole = [(k,) for k in range(start, end) if ranked.cover[k] == ranked.everything]
    return min(whole, key=_Keys(ranked).of, default=())


class _Keys:
    """The rules, for sets of roles."""

    def __init__(self, ranked: Ranked) -> None:
        self._ranked = ranked

    def of(self, roles: Sequence[int]) -> Key:
        """The smaller, the better."""
        names = tuple(sorted(map(self._ranked.name, roles)))
        return len(roles), self.changes(roles), self.privileged(roles), names

    def changes(self, roles: Sequence[int]) -> int:
        """(2): permissions in excess that change something."""
        return (self._ranked.brings(roles) & self._ranked.request.sets.changing).bit_count()

    def privileged(self, roles: Iterable[int]) -> int:
        """(3): how many."""
        ranked = self._ranked
        return sum(ranked.request.sets.privileged >> ranked.order[k] & 1 for k in roles)


@dataclass(frozen=True)
class _Point:
    chosen: tuple[int, ...]
    taken: int
    cost: int
    left: int
    live: int


class _Settling:
    def __init__(self, local: Local, found: Found, effort: Effort) -> None:
        self._local = local
        self._limit = found.cost
        self._effort = effort
        self._splitter = Splitter(local, effort)
        self._keys = _Keys(local.ranked)
        self.best = found.roles
        self._key = self._keys.of(found.roles)

    def run(self) -> None:
        local = self._local
        alone = settle_alone(local.ranked, self._limit)
        self._effort.pay(len(local.alone))
        if alone:
            self.best = alone
        elif len(self.best) > 1:
            live = (1 << local.ranked.within(self._limit)) - 1
            live &= ~self._outdone(live)
            self._explore(_Point((), 0, 0, deciding_needs(local.by_need, live), live))

    @cached_property
    def _names(self) -> Sequence[str]:
        """Of roles by rank."""
        return [self._local.ranked.name(k) for k in range(len(self._local.alone))]

    def _outdone(self, live: int) -> int:
        """Roles for which another would do by every rule, the last included."""
        kept: list[int] = []
        out = 0
        names, privileged = self._names, self._keys.privileged
        for role in sorted(bits(live), key=lambda k: (privileged((k,)), names[k])):
            if not self._effort.spend(len(kept)):
                return 0
            if any(dominates(self._local, k, role) for k in kept):
                out |= 1 << role
            else:
                kept.append(role)
        return out

    def _explore(self, point: _Point) -> None:
        weigh, extra = self._local.scale.weigh, self._local.extra
        rises = {r: weigh(extra[r] & ~point.taken) for r in bits(point.live)}
        fits = mask_of(r for r, rise in rises.items() if point.cost + rise <= self._limit)
        needs = {j: self._local.by_need[j] & fits for j in bits(point.left)}
        if not self._effort.spend(len(rises)) or not all(needs.values()):
            return
        if self._hopeless(point, needs, rises, fits):
            return
        need = min(needs, key=lambda j: (needs[j].bit_count(), j))
        live = fits
        for role in sorted(bits(needs[need]), key=lambda r: (rises[r], self._names[r])):
            live &= ~(1 << role)
            self._enter(point, role, live, rises[role])

    def _enter(self, point: _Point, role: int, live: int, rise: int) -> None:
        chosen = (*point.chosen, role)
        left = point.left & ~self._local.cover[role]
        if not left:
            self._offer(chosen)
        elif len(chosen) < min(len(self.best), _MOST_DEEP):
            apart = self._local.conflicts[role]
            taken = point.taken | self._local.extra[role]
            self._explore(_Point(chosen, taken, point.cost + rise, left, live & ~apart))

    def _hopeless(self, point: _Point, needs: dict[int, int], rises: Rises, live: int) -> bool:
        """No set below can win: too many roles, a key no smaller, or too heavy."""
        count = len(point.chosen) + fewest(needs)
        if count > len(self.best):
            return True
        if count == len(self.best) and self._least_key(point, live) >= self._key:
            return True
        enough = self._limit - point.cost + 1
        return self._splitter.split(needs, point.taken, rises, enough).value >= enough

    def _least_key(self, point: _Point, live: int) -> Key:
        """No set of as many roles as the best one found has a smaller key below the node."""
        missing = len(self.best) - len(point.chosen)
        names = sorted(self._names[r] for r in bits(live & ~mask_of(point.chosen)))[:missing]
        smallest = tuple(sorted([*(self._names[r] for r in point.chosen), *names]))
        keys, chosen = self._keys, point.chosen
        return len(self.best), keys.changes(chosen), keys.privileged(chosen), smallest

    def _offer(self, roles: tuple[int, ...]) -> None:
        key = self._keys.of(roles)
        if key < self._key:
            self.best, self._key = roles, key
