"""A second opinion from another school: the problem as weighted MaxSAT, solved by RC2.

No reduction but classes of permissions with the same roles; the encoding of Wickramaarachchi,
Qardaji and Li (SACMAT 2009) with one soft clause per class.
"""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from pysat.card import CardEnc
from pysat.examples.rc2 import RC2
from pysat.formula import WCNF
from pysat.solvers import Solver

from tests.unit.solver.small import FACTOR, WEIGHT, Oracle

Plain = dict[str, Any]


def least_excess(source: Plain, plain: Plain) -> int | None:
    """The least excess weight; None: no valid set."""
    model = _Model(Oracle(source, plain))
    with Solver(bootstrap_with=model.formula.hard) as solver:
        if not solver.solve():
            return None
    if not model.formula.soft:
        return 0
    with RC2(model.formula) as solver:
        solver.compute()
        return int(solver.cost)


class _Model:
    """`x[r]`: role r is given; `there[p]`: permission p is granted by something."""

    def __init__(self, oracle: Oracle) -> None:
        self.formula = WCNF()
        self._oracle = oracle
        self._numbers = count(1)
        plain = oracle.plain
        named = plain.get("candidates")
        self._open = set(plain["needs"]) - oracle.sure(oracle.held)
        free = [r for r in oracle.grants if r not in oracle.held and self._covers(r, self._open)]
        self._x = {r: next(self._numbers) for r in free if named is None or r in named}
        self._there: dict[str, int] = {}
        self._cover()
        for permission in plain.get("forbidden_permissions", ()):
            self._hard([-x] for r, x in self._x.items() if permission in oracle.grants[r])
        self._apart()
        self._at_most(plain.get("max_roles"))
        self._excess()

    def _hard(self, clauses: Iterable[Sequence[int]]) -> None:
        for clause in clauses:
            # An empty clause: this cannot be. Say so with a variable that is both.
            impossible = next(self._numbers) if not clause else 0
            for hard in [list(clause)] if clause else [[impossible], [-impossible]]:
                self.formula.append(hard)

    def _covers(self, role: str, needs: set[str]) -> bool:
        """Some of the needs; a role that covers none is in no smallest set."""
        return bool((needs & self._oracle.grants[role]) - self._oracle.limited[role])

    def _cover(self) -> None:
        for need in sorted(self._open):
            self._hard([[x for r, x in self._x.items() if self._covers(r, {need})]])

    def _apart(self) -> None:
        oracle, held = self._oracle, set(self._oracle.held)
        for pair in oracle.plain.get("exclusive_roles", ()):
            given = [self._x[r] for r in set(pair) - held if r in self._x]
            if not held.issuperset(pair) and len(given) == len(set(pair) - held):
                self._hard([[-x for x in given]])
        had = oracle.granted(held)
        for pair in oracle.plain.get("exclusive_permissions", ()):
            if not had.issuperset(pair):
                self._hard([[-self._present(p) for p in set(pair)]])

    def _present(self, permission: str) -> int:
        if permission not in self._there:
            number = self._there[permission] = next(self._numbers)
            bringers = [x for r, x in self._x.items() if permission in self._oracle.grants[r]]
            self._hard([-x, number] for x in bringers)
            if permission in self._oracle.granted(self._oracle.held):
                self._hard([[number]])
        return self._there[permission]

    def _at_most(self, most: int | None) -> None:
        if most is None or most >= len(self._x):
            return
        if most == 0:
            self._hard([-x] for x in self._x.values())
            return
        start = next(self._numbers)
        encoded = CardEnc.atmost(lits=list(self._x.values()), bound=most, top_id=start)
        self._numbers = count(max(encoded.nv, start) + 1)
        self._hard(encoded.clauses)

    def _excess(self) -> None:
        oracle = self._oracle
        free = set(oracle.plain["needs"]) | oracle.sure(oracle.held)
        bringers: dict[str, list[int]] = {}
        for role, x in self._x.items():
            for permission in sorted(oracle.grants[role] - free | oracle.limited[role]):
                bringers.setdefault(permission, []).append(x)
        classes: dict[tuple[int, ...], int] = {}
        for permission, xs in bringers.items():
            weight = WEIGHT[oracle.level[permission]] * FACTOR[oracle.factor[permission]]
            classes[tuple(xs)] = classes.get(tuple(xs), 0) + weight
        for bringing, weight in classes.items():
            paid = next(self._numbers)
            self._hard([-x, paid] for x in bringing)
            self.formula.append([-paid], weight=weight)
