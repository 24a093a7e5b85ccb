"""Exact least-privilege role sets: reductions, greedy upper bounds, branch and bound, ties.

1. Everything needed is held already: the empty set, nothing to prove.
2. A need nobody may cover, or exclusions that leave no valid set: infeasible, with its tree.
3. An upper bound by greedy rules, or by backtracking where those find nothing.
4. No set weighs less than the cheapest role of any one need: one that weighs that is optimal.
5. Branch on the open need with the fewest usable roles, cheapest role first; a role tried is out
   for its later siblings. A node is closed when its lower bound reaches the best cost known.
6. When the budget runs out the answer is `bounded`: the best set found, if there was enough to
   find one, and as lower bound the least that any part of the tree not closed can cost.
7. Among sets of the proved least weight the tie rules of `ties.py` choose.

Source: the problem and its backtracking solution, Zhang and Joshi (SACMAT 2008); Wickramaarachchi,
Qardaji and Li (SACMAT 2009).
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from govagents.solver.bits import bits, mask_of, wide_bits
from govagents.solver.bounds import Rises, Splitter
from govagents.solver.catalog_index import RoleSets
from govagents.solver.certificate import Certificate, Proof, certify
from govagents.solver.crowd import too_many
from govagents.solver.dominance import deciding_needs, dominated
from govagents.solver.effort import Effort, OutOfStepsError
from govagents.solver.greedy import Found, first_found, local_found
from govagents.solver.local import Local, Ranked, localise, rank
from govagents.solver.possible import Outcome, possible
from govagents.solver.problem import Problem
from govagents.solver.reduce import understand
from govagents.solver.solution import Solution, Status
from govagents.solver.ties import settle, settle_alone
from govagents.solver.tree import Branch, Child, Crowd, Dead, Leaf, Node, Open

DEFAULT_STEPS = 2_000_000
_MOST_DEEP = 250
_ENDLESS = 1 << 62
_UNSEEN: Node = Open()


def solve(
    sets: RoleSets, problem: Problem, *, max_steps: int = DEFAULT_STEPS, brief: bool = False
) -> Solution:
    """The valid set with the least excess weight, then by the tie rules, and its certificate.

    `brief`: only the weight matters; any set of that weight will do, and no certificate is written.
    Complexity: exponential in the worst case (the problem is NP-hard), cut off by `max_steps`.
    Raises `UnknownNameError` for names the catalog lacks.
    """
    effort = Effort(max_steps)
    request = understand(sets, problem)
    barren = next((j for j, roles in enumerate(request.covers) if not roles), None)
    if not request.needs or barren is not None:
        case = _Case(problem, rank(request, 0), effort, brief)
        if barren is None:  # (1)
            return case.optimal((), 0, Proof(Leaf(()), {}))
        return case.infeasible(Proof(Dead(barren), {}))  # (2)
    if not effort.spend(request.roles.bit_count()):  # (6)
        return Solution(Status.BOUNDED, lower_bound=0, steps=effort.spent)
    return _solve(_Case(problem, rank(request, request.roles), effort, brief))


@dataclass(frozen=True)
class _Case:
    """One call's inputs and the shapes of its answers."""

    problem: Problem
    ranked: Ranked
    effort: Effort
    brief: bool

    def optimal(self, roles: tuple[int, ...], cost: int, proof: Proof) -> Solution:
        certificate = self._certificate((roles, cost), proof)
        return self._with_set(Status.OPTIMAL, roles, (cost, cost), certificate)

    def infeasible(self, proof: Proof) -> Solution:
        return Solution(
            Status.INFEASIBLE,
            steps=self.effort.spent,
            certificate=self._certificate(None, proof),
        )

    def bounded(self, best: Found | None, lower: int) -> Solution:
        if best is None:
            return Solution(Status.BOUNDED, lower_bound=lower, steps=self.effort.spent)
        costs = (best.cost, min(lower, best.cost))
        return self._with_set(Status.BOUNDED, best.roles, costs, None)

    def _certificate(
        self, found: tuple[tuple[int, ...], int] | None, proof: Proof
    ) -> Certificate | None:
        return None if self.brief else certify(self.ranked, self.problem.digest, found, proof)

    def _with_set(
        self,
        status: Status,
        roles: tuple[int, ...],
        costs: tuple[int, int],
        certificate: Certificate | None,
    ) -> Solution:
        sets = self.ranked.request.sets
        weights, names = sets.weights, sets.permissions
        brought = wide_bits(self.ranked.brings(roles))
        excess = sorted(brought, key=lambda p: (-weights[p], names[p]))
        return Solution(
            status,
            roles=tuple(sorted(map(self.ranked.name, roles))),
            excess_weight=costs[0],
            role_count=len(roles),
            lower_bound=costs[1],
            steps=self.effort.spent,
            excess=tuple(names[p] for p in excess),
            certificate=certificate,
        )


def _solve(case: _Case) -> Solution:
    ranked, effort = case.ranked, case.effort
    best = first_found(ranked)
    if best is None:  # (2) (3)
        start = possible(ranked, effort)
        if start.outcome is Outcome.IMPOSSIBLE:
            return case.infeasible(Proof(start.tree, start.dominated))
        if start.outcome is Outcome.POSSIBLE:
            best = Found(ranked.weigh(start.roles), start.roles)
    floor = ranked.floor()
    if best is not None and best.cost == floor.weight:  # (4)
        alone = best.roles if case.brief else settle_alone(ranked, floor.weight)
        if alone:
            return case.optimal(alone, floor.weight, Proof(Dead(floor.need), {}))
    return _searched(case, best, floor.weight)


def _searched(case: _Case, best: Found | None, floor: int) -> Solution:
    local = _localised(case, best)
    if local is None:  # (6)
        return case.bounded(best, floor)
    search = Search(local, best, case.effort)
    lower, tree = search.run()
    if search.cut:  # (6)
        return case.bounded(search.best, max(lower, floor))
    proof = Proof(tree, search.dominated, local)
    best = search.best
    if best is None:
        return case.infeasible(proof)
    roles = best.roles if case.brief else settle(local, best, case.effort)  # (7)
    return case.optimal(roles, best.cost, proof)


def _localised(case: _Case, best: Found | None) -> Local | None:
    """The smaller problem; None if the budget does not reach for it."""
    most = None if best is None else best.cost
    if not case.effort.spend(case.ranked.within(most)):
        return None
    local = localise(case.ranked, most)
    return local if case.effort.spend(len(local.owners) >> 2) else None  # known only now


@dataclass(frozen=True)
class _Point:
    """A node: roles chosen, classes they brought and their weight, needs left, roles usable."""

    chosen: tuple[int, ...]
    taken: int
    cost: int
    left: int
    live: int


class Search:
    """Branch and bound over one local problem; keeps the tree as the proof."""

    def __init__(self, local: Local, best: Found | None, effort: Effort) -> None:
        """`best`: the set to beat, if one is known."""
        self.best = best
        self.cut = False
        self.dominated: Mapping[int, int] = {}
        self._local = local
        self._effort = effort
        self._splitter = Splitter(local, effort)

    def run(self) -> tuple[int, Node]:
        """A proved lower bound and the tree; complete unless `cut`."""
        try:
            lower, tree = self._root()
        except OutOfStepsError:
            self.cut = True
            return 0, Open()
        if not isinstance(tree, Open):
            return lower, tree
        live = self._below_limit()
        self.dominated = dominated(self._local, live, self._effort)
        live &= ~mask_of(self.dominated)
        reduced, tree = self._explore(self._start(live))
        return max(lower, reduced), tree

    def _root(self) -> tuple[int, Node]:
        """(3): the next greedy rule only where the bound does not reach the set of the last."""
        live = self._below_limit()
        for need, roles in enumerate(self._local.by_need):
            if not roles & live:
                return self._limit, Dead(need)
        lower, tree, tried = 0, _UNSEEN, -1
        for found in chain(local_found(self._local, self._effort), (None,)):
            if found is not None and found.cost < self._limit:
                self.best = found
            if self._limit == tried:
                continue
            tried, live = self._limit, self._below_limit()
            lower, tree = self._bound(self._start(live), live, self._local.alone)
            if not isinstance(tree, Open):
                break
        return lower, tree

    @property
    def _limit(self) -> int:
        return _ENDLESS if self.best is None else self.best.cost

    def _below_limit(self) -> int:
        """Roles that do not alone weigh as much as the best set known."""
        return (1 << bisect_left(self._local.alone, self._limit)) - 1

    def _start(self, live: int) -> _Point:
        return _Point((), 0, 0, deciding_needs(self._local.by_need, live), live)

    def _explore(self, point: _Point) -> tuple[int, Node]:
        """(5) for one node: a lower bound for its part, and the argument for it."""
        try:
            rises = self._rises(point)
            live = mask_of(r for r, rise in rises.items() if point.cost + rise < self._limit)
            lower, node = self._bound(point, live, rises)
        except OutOfStepsError:  # (6) what is chosen costs that much whatever else joins it
            self.cut = True
            return point.cost, Open()
        if not isinstance(node, Open):
            return lower, node
        if self._effort.exhausted or len(point.chosen) >= _MOST_DEEP:
            self.cut = True
            return lower, Open()
        need = min(bits(point.left), key=lambda j: ((self._local.by_need[j] & live).bit_count(), j))
        return self._branch(point, need, live, (lower, rises))

    def _rises(self, point: _Point) -> dict[int, int]:
        """What each useful role would add."""
        useful = 0
        for need in bits(point.left):
            useful |= self._local.by_need[need]
        roles = list(bits(useful & point.live))
        self._effort.pay(len(roles))
        weigh, extra = self._local.scale.weigh, self._local.extra
        return {r: weigh(extra[r] & ~point.taken) for r in roles}

    def _bound(self, point: _Point, live: int, rises: Rises) -> tuple[int, Node]:
        """The cheapest argument that closes the node, or `Open` with its bound."""
        needs = {j: self._local.by_need[j] & live for j in bits(point.left)}
        for need, roles in needs.items():
            if not roles:
                return self._limit, Dead(need)
        most = self._local.max_roles
        if most is not None:
            crowd = too_many(needs, most - len(point.chosen))
            if crowd:
                return self._limit, Crowd(crowd)
        split = self._splitter.split(needs, point.taken, rises, self._limit - point.cost)
        lower = point.cost + split.value
        return lower, (Leaf(split.amounts) if lower >= self._limit else Open())

    def _branch(
        self, point: _Point, need: int, live: int, known: tuple[int, dict[int, int]]
    ) -> tuple[int, Node]:
        lower, rises = known
        children: list[Child] = []
        least = _ENDLESS
        roles = sorted(
            bits(self._local.by_need[need] & live),
            key=lambda r: (rises[r], -(self._local.cover[r] & point.left).bit_count(), r),
        )
        for role in roles:
            live &= ~(1 << role)
            child = self._child(point, role, live, rises[role])
            if child.cost >= self._limit:
                least = min(least, child.cost)
            elif not child.left:
                self.best = Found(child.cost, child.chosen)
                least = min(least, child.cost)
            elif self.cut:
                least = min(least, max(lower, child.cost))
            else:
                reached, node = self._explore(child)
                least = min(least, reached)
                children.append(Child(role, child.cost, node))
        return max(lower, least), Branch(need, tuple(children))

    def _child(self, point: _Point, role: int, live: int, rise: int) -> _Point:
        return _Point(
            chosen=(*point.chosen, role),
            taken=point.taken | self._local.extra[role],
            cost=point.cost + rise,
            left=point.left & ~self._local.cover[role],
            live=live & ~self._local.conflicts[role],
        )
