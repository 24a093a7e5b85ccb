"""The reduced problem of the solver's own, as weighted MaxSAT for RC2 of python-sat.

One soft clause per class of permissions; the encoding of Wickramaarachchi, Qardaji and Li (SACMAT
2009).
"""

from threading import Timer
from typing import NamedTuple

from pysat.card import CardEnc
from pysat.examples.rc2 import RC2
from pysat.formula import WCNF

from govagents.solver.bits import bits
from govagents.solver.catalog_index import RoleSets
from govagents.solver.effort import Effort
from govagents.solver.greedy import Found, first_found
from govagents.solver.local import Local, localise, rank
from govagents.solver.problem import Problem
from govagents.solver.reduce import understand
from govagents.solver.search import DEFAULT_STEPS, Search
from tests.bench.figures import Watch


class Reduced(NamedTuple):
    """What is left to search after every reduction but dominance, and a set to beat."""

    local: Local
    best: Found | None


def reduced(sets: RoleSets, problem: Problem) -> Reduced | None:
    """As the solver does it before it searches; None: nothing is left, or a first set is proved."""
    request = understand(sets, problem)
    if not request.needs or not all(request.covers):
        return None
    ranked = rank(request, request.roles)
    best = first_found(ranked)
    if best is not None and best.cost == ranked.floor().weight:
        return None
    return Reduced(localise(ranked, None if best is None else best.cost), best)


def searched(left: Reduced) -> int | None:
    """The least excess by the solver's own search, no set to beat if there is none."""
    search = Search(left.local, left.best, Effort(DEFAULT_STEPS))
    search.run()
    return None if search.best is None else search.best.cost


def least_excess(formula: WCNF, kind: type[RC2], watch: Watch, seconds: float) -> int | None:
    """By RC2, plain or stratified; None: no valid set. Its watch is not held for the timer's sake.

    Raises:
        TimeoutError: it took longer than `seconds`.
    """
    running: list[RC2] = []
    timer = Timer(seconds, lambda: [each.interrupt() for each in running])
    timer.start()
    with watch, kind(formula) as solver:
        running.append(solver)
        try:
            model = solver.compute(expect_interrupt=True)
        finally:
            timer.cancel()
        if solver.interrupted:
            raise TimeoutError
        return None if model is None else int(solver.cost)


def written(local: Local) -> WCNF:
    """The reduced problem as clauses."""
    formula = WCNF()
    top = len(local.alone)
    for need in local.by_need:
        formula.append([1 + role for role in bits(need)])
    for role, others in enumerate(local.conflicts):
        formula.extend([[-1 - role, -1 - other] for other in bits(others)])
    most = local.max_roles
    if most is not None and most < top:
        crowd = CardEnc.atmost(lits=list(range(1, top + 1)), bound=most, top_id=top)
        formula.extend(crowd.clauses)
        top = max(top, crowd.nv)
    for paid, (owners, weight) in enumerate(zip(local.owners, local.weights, strict=True), top + 1):
        formula.extend([[-1 - role, paid] for role in bits(owners)])
        formula.append([-paid], weight=weight)
    return formula
