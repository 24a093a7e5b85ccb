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
from govagents.solver.greedy import Found, first_found, local_found
from govagents.solver.problem import Problem
from govagents.solver.reduce import Local, localise, understand
from govagents.solver.search import DEFAULT_STEPS, Search


class Reduced(NamedTuple):
    """What is left to search after every reduction but dominance, and a set to beat."""

    local: Local
    best: Found | None


def reduced(sets: RoleSets, problem: Problem) -> Reduced | None:
    """As the solver does it before it searches; None: nothing is left."""
    request = understand(sets, problem)
    if not request.needs or not all(request.covers):
        return None
    alone = {r: sets.scale.weigh(request.brings(r)) for r in bits(request.roles)}
    best = first_found(request, alone)
    roles = [r for r in alone if best is None or alone[r] <= best.cost]
    return Reduced(localise(request, roles, alone), best)


def searched(left: Reduced) -> int | None:
    """The least excess by the solver's own search, no set to beat if there is none."""
    effort = Effort(DEFAULT_STEPS)
    found = left.best, local_found(left.local, left.local.roles, effort)
    best = min((each for each in found if each), default=None)
    search = Search(left.local, best, effort)
    search.run()
    return None if search.best is None else search.best.cost


def least_excess(local: Local, kind: type[RC2], seconds: float) -> int | None:
    """By RC2, plain or stratified; None: no valid set.

    Raises:
        TimeoutError: it took longer than `seconds`.
    """
    with kind(_formula(local)) as solver:
        timer = Timer(seconds, solver.interrupt)
        timer.start()
        try:
            model = solver.compute(expect_interrupt=True)
        finally:
            timer.cancel()
        if solver.interrupted:
            raise TimeoutError
        return None if model is None else int(solver.cost)


def _formula(local: Local) -> WCNF:
    formula = WCNF()
    given = {role: number for number, role in enumerate(local.order, 1)}
    for need in local.by_need:
        formula.append([given[r] for r in bits(need)])
    for role, others in local.conflicts.items():
        formula.extend([[-given[role], -given[other]] for other in bits(others)])
    most = local.request.max_roles
    top = len(given)
    if most is not None and most < top:
        crowd = CardEnc.atmost(lits=list(given.values()), bound=most, top_id=top)
        formula.extend(crowd.clauses)
        top = max(top, crowd.nv)
    for paid, (owners, weight) in enumerate(zip(local.owners, local.weights, strict=True), top + 1):
        formula.extend([[-given[r], paid] for r in bits(owners & local.roles)])
        formula.append([-paid], weight=weight)
    return formula
