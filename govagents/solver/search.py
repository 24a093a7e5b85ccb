"""Exact least-privilege role sets: reductions, greedy upper bounds, branch and bound, ties.

1. Everything needed is held already: the empty set, nothing to prove.
2. A need nobody may cover, or exclusions that leave no valid set: infeasible, with its tree.
3. An upper bound by greedy rules, or by backtracking where those find nothing.
4. Branch on the open need with the fewest usable roles, cheapest role first; a role tried is out
   for its later siblings. A node is closed when its lower bound reaches the best cost known.
5. When the budget runs out the answer is `bounded`: the best set found, if there was enough to
   find one, and as lower bound the least that any part of the tree not closed can cost.
6. Among sets of the proved least weight the tie rules of `ties.py` choose.

Source: the problem and its backtracking solution, Zhang and Joshi (SACMAT 2008); Wickramaarachchi,
Qardaji and Li (SACMAT 2009).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from govagents.solver.bits import bits, mask_of
from govagents.solver.bounds import Splitter
from govagents.solver.catalog_index import RoleSets
from govagents.solver.certificate import Certificate, Proof, certify
from govagents.solver.crowd import too_many
from govagents.solver.dominance import deciding_needs, dominated
from govagents.solver.effort import Effort, OutOfStepsError
from govagents.solver.greedy import Found, first_found, local_found
from govagents.solver.possible import Outcome, possible
from govagents.solver.problem import Problem
from govagents.solver.reduce import Local, Request, localise, understand
from govagents.solver.solution import Solution, Status
from govagents.solver.ties import settle
from govagents.solver.tree import Branch, Child, Crowd, Dead, Leaf, Node, Open

DEFAULT_STEPS = 2_000_000
_MOST_DEEP = 250
_ENDLESS = 1 << 62


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
    case = _Case(sets, problem, request, effort, brief)
    if not request.needs:  # (1)
        return case.optimal((), 0, Proof(Leaf(()), {}))
    barren = next((j for j, roles in enumerate(request.covers) if not roles), None)
    if barren is not None:  # (2)
        return case.infeasible(Proof(Dead(barren), {}))
    return _solve(case)


@dataclass(frozen=True)
class _Case:
    """One call's inputs and the shapes of its answers."""

    sets: RoleSets
    problem: Problem
    request: Request
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
        return None if self.brief else certify(self.request, self.problem.digest, found, proof)

    def _with_set(
        self,
        status: Status,
        roles: tuple[int, ...],
        costs: tuple[int, int],
        certificate: Certificate | None,
    ) -> Solution:
        union = 0
        for role in roles:
            union |= self.request.brings(role)
        weights, names = self.sets.weights, self.sets.permissions
        excess = sorted(bits(union), key=lambda p: (-weights[p], names[p]))
        return Solution(
            status,
            roles=tuple(sorted(self.sets.roles[r] for r in roles)),
            excess_weight=costs[0],
            role_count=len(roles),
            lower_bound=costs[1],
            steps=self.effort.spent,
            excess=tuple(names[p] for p in excess),
            certificate=certificate,
        )


def _solve(case: _Case) -> Solution:
    request, effort = case.request, case.effort
    if not effort.spend(request.roles.bit_count()):  # (5)
        return case.bounded(None, 0)
    alone = {r: request.sets.scale.weigh(request.brings(r)) for r in bits(request.roles)}
    floor = max(min(alone[r] for r in bits(roles)) for roles in request.covers)
    best = first_found(request, alone)
    if best is None:  # (2) (3)
        start = possible(request, alone, effort)
        if start.outcome is Outcome.IMPOSSIBLE:
            return case.infeasible(Proof(start.tree, start.dominated))
        if start.outcome is Outcome.POSSIBLE:
            best = _found(request, start.roles)
    local = _localised(request, alone, best, effort)
    if local is None:  # (5)
        return case.bounded(best, floor)
    best = min((b for b in (best, local_found(local, local.roles, effort)) if b), default=None)
    search = Search(local, best, effort)
    lower, tree = search.run()
    if search.cut:  # (5)
        return case.bounded(search.best, max(lower, floor))
    proof = Proof(tree, search.dominated, local)
    if search.best is None:
        return case.infeasible(proof)
    best = search.best
    roles = best.roles if case.brief else settle(local, best, effort)  # (6)
    return case.optimal(roles, best.cost, proof)


def _localised(
    request: Request, alone: Mapping[int, int], best: Found | None, effort: Effort
) -> Local | None:
    """The smaller problem; None if the budget does not reach for it."""
    roles = [r for r in alone if best is None or alone[r] <= best.cost]
    if not effort.spend(len(roles)):
        return None
    local = localise(request, roles, alone)
    return local if effort.spend(len(local.owners) >> 2) else None  # known only now


def _found(request: Request, roles: tuple[int, ...]) -> Found:
    union = 0
    for role in roles:
        union |= request.brings(role)
    return Found(request.sets.scale.weigh(union), roles)


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
        self._needs = 0

    def run(self) -> tuple[int, Node]:
        """A proved lower bound and the tree; complete unless `cut`."""
        live = mask_of(r for r in self._local.order if self._local.alone[r] < self._limit)
        self._needs = deciding_needs(self._local.by_need, live)
        root = _Point((), 0, 0, self._needs, live)
        try:
            lower, tree = self._bound(root, root.live)
        except OutOfStepsError:
            self.cut = True
            return 0, Open()
        if not isinstance(tree, Open):
            return lower, tree
        self.dominated = dominated(self._local, live, self._effort)
        live &= ~mask_of(self.dominated)
        self._needs = deciding_needs(self._local.by_need, live)
        reduced, tree = self._explore(_Point((), 0, 0, self._needs, live))
        return max(lower, reduced), tree

    @property
    def _limit(self) -> int:
        return _ENDLESS if self.best is None else self.best.cost

    def _explore(self, point: _Point) -> tuple[int, Node]:
        """(4) for one node: a lower bound for its part, and the argument for it."""
        try:
            rises = self._rises(point)
            live = mask_of(r for r, rise in rises.items() if point.cost + rise < self._limit)
            lower, node = self._bound(point, live)
        except OutOfStepsError:  # (5) what is chosen costs that much whatever else joins it
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

    def _bound(self, point: _Point, live: int) -> tuple[int, Node]:
        """The cheapest argument that closes the node, or `Open` with its bound."""
        needs = {j: self._local.by_need[j] & live for j in bits(point.left)}
        for need, roles in needs.items():
            if not roles:
                return self._limit, Dead(need)
        most = self._local.request.max_roles
        if most is not None:
            crowd = too_many(needs, most - len(point.chosen))
            if crowd:
                return self._limit, Crowd(crowd)
        split = self._splitter.split(needs, point.taken)
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
            live=live & ~self._local.conflicts.get(role, 0),
        )
