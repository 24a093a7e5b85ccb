"""Which of several sets of the same least excess weight is the answer.

Rules, in this order:

1. fewest roles;
2. fewest permissions in excess that change something (anything but read and list);
3. fewest privileged roles;
4. the smallest list of role ids, sorted, compared id by id.

A second search, only over sets that weigh exactly the proved optimum. If the budget ends first the
answer is still optimal in weight, and is the best by these rules of the sets seen until then.
"""

from contextlib import suppress
from dataclasses import dataclass

from govagents.solver.bits import Scale, bits, mask_of
from govagents.solver.bounds import Splitter
from govagents.solver.crowd import fewest
from govagents.solver.dominance import deciding_needs, dominates
from govagents.solver.effort import Effort, OutOfStepsError
from govagents.solver.greedy import Found
from govagents.solver.reduce import Local

_MOST_DEEP = 250
Key = tuple[int, int, int, tuple[int, ...]]


def settle(local: Local, found: Found, effort: Effort) -> tuple[int, ...]:
    """The roles that win by the rules among all sets weighing `found.cost`."""
    settling = _Settling(local, found, effort)
    with suppress(OutOfStepsError):  # the best seen until then
        settling.run()
    return settling.best


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
        sets = local.request.sets
        names = sorted(local.order, key=lambda r: sets.roles[r])
        self._rank = {role: place for place, role in enumerate(names)}
        self._privileged = sets.privileged
        self._changing = Scale(
            sum(sets.changing >> p & 1 for p in members) for members in local.members
        )
        self.best = found.roles
        self._key = self._key_of(found.roles)

    def run(self) -> None:
        local = self._local
        live = mask_of(r for r in local.order if local.alone[r] <= self._limit)
        everything = (1 << len(local.by_need)) - 1
        for role in bits(live):
            if local.cover[role] == everything:
                self._offer((role,))
        self._effort.pay(len(local.order))
        if len(self.best) > 1:
            live &= ~self._outdone(live)
            self._explore(_Point((), 0, 0, deciding_needs(local.by_need, live), live))

    def _outdone(self, live: int) -> int:
        """Roles for which another would do by every rule, the last included."""
        kept: list[int] = []
        out = 0
        order = sorted(bits(live), key=lambda r: (self._privileged >> r & 1, self._rank[r]))
        for role in order:
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
        if self._hopeless(point, needs, fits):
            return
        need = min(needs, key=lambda j: (needs[j].bit_count(), j))
        live = fits
        for role in sorted(bits(needs[need]), key=lambda r: (rises[r], self._rank[r])):
            live &= ~(1 << role)
            self._enter(point, role, live, rises[role])

    def _enter(self, point: _Point, role: int, live: int, rise: int) -> None:
        chosen = (*point.chosen, role)
        left = point.left & ~self._local.cover[role]
        if not left:
            self._offer(chosen)
        elif len(chosen) < min(len(self.best), _MOST_DEEP):
            apart = self._local.conflicts.get(role, 0)
            taken = point.taken | self._local.extra[role]
            self._explore(_Point(chosen, taken, point.cost + rise, left, live & ~apart))

    def _hopeless(self, point: _Point, needs: dict[int, int], live: int) -> bool:
        """No set below can win: too many roles, a key no smaller, or too heavy."""
        count = len(point.chosen) + fewest(needs)
        if count > len(self.best):
            return True
        if count == len(self.best) and self._least_key(point, live) >= self._key:
            return True
        split = self._splitter.split(needs, point.taken)
        return point.cost + split.value > self._limit

    def _least_key(self, point: _Point, live: int) -> Key:
        """No set of as many roles as the best one found has a smaller key below the node."""
        missing = len(self.best) - len(point.chosen)
        ranks = sorted(self._rank[r] for r in bits(live & ~mask_of(point.chosen)))[:missing]
        smallest = tuple(sorted([*(self._rank[r] for r in point.chosen), *ranks]))
        privileged = (self._privileged & mask_of(point.chosen)).bit_count()
        return len(self.best), self._changing.weigh(point.taken), privileged, smallest

    def _key_of(self, roles: tuple[int, ...]) -> Key:
        taken = 0
        for role in roles:
            taken |= self._local.extra[role]
        privileged = (self._privileged & mask_of(roles)).bit_count()
        ranks = tuple(sorted(self._rank[r] for r in roles))
        return len(roles), self._changing.weigh(taken), privileged, ranks

    def _offer(self, roles: tuple[int, ...]) -> None:
        key = self._key_of(roles)
        if key < self._key:
            self.best, self._key = roles, key
