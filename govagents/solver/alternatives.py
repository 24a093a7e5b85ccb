"""What else could be given, and why the chosen set is kept: for the person who must decide.

1. A need costs the excess that is no longer necessary once the need is dropped.
2. `narrower` drops the dearest need; it is shown only where that saves something.
3. `next_best` is the cheapest valid set that does not contain the chosen one: for each chosen role
   the best set without that role, and of these the cheapest.
4. A role is kept for the needs that no other role of the set covers.

All by solving again under one budget; what it does not reach is absent, and `complete` says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from govagents.solver.catalog_index import RoleSets
from govagents.solver.problem import Problem
from govagents.solver.search import DEFAULT_STEPS, solve
from govagents.solver.solution import Solution, Status


@dataclass(frozen=True)
class Option:
    """Another set. `leaves_out`: needs it gives up; `adds`: excess the chosen set has not."""

    roles: tuple[str, ...]
    excess_weight: int
    leaves_out: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alternatives:
    """`costs`: need → excess weight it causes; `covers_alone`: role → needs only it covers."""

    costs: Mapping[str, int]
    narrower: Option | None
    next_best: Option | None
    covers_alone: Mapping[str, tuple[str, ...]]
    complete: bool
    steps: int


def alternatives(
    sets: RoleSets, problem: Problem, solution: Solution, *, max_steps: int = DEFAULT_STEPS
) -> Alternatives:
    """The alternatives to a solution that has a set; nothing but reasons if it has none."""
    again = _Again(sets, problem, solution, max_steps)
    costs = again.costs()
    dearest = min(costs, key=lambda need: (-costs[need], need), default=None)
    narrower = again.narrower(dearest) if dearest is not None and costs[dearest] else None
    return Alternatives(
        costs=MappingProxyType(costs),
        narrower=narrower,
        next_best=again.next_best(),
        covers_alone=MappingProxyType(covers_alone(sets, problem, solution.roles)),
        complete=again.complete,
        steps=again.steps,
    )


def covers_alone(
    sets: RoleSets, problem: Problem, roles: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """For each role the needs that neither another of the roles nor a held role covers."""
    needs = {need: sets.permission(need) for need in sorted(set(problem.needs))}
    cover = {role: _coverage(sets, problem, role) for role in (*roles, *problem.held_roles)}
    return {
        role: tuple(
            need
            for need, at in needs.items()
            if cover[role] >> at & 1
            and not any(cover[other] >> at & 1 for other in cover if other != role)
        )
        for role in roles
    }


def _coverage(sets: RoleSets, problem: Problem, role: str) -> int:
    at = sets.role(role)
    return sets.grants[at] & ~sets.conditional[at] if problem.strict else sets.grants[at]


class _Again:
    """Solves variations of one problem from one budget."""

    def __init__(
        self, sets: RoleSets, problem: Problem, solution: Solution, max_steps: int
    ) -> None:
        self.steps = 0
        self.complete = True
        self._sets = sets
        self._problem = problem
        self._chosen = solution
        self._max_steps = max_steps

    def costs(self) -> dict[str, int]:
        """(1)."""
        found: dict[str, int] = {}
        for need in sorted(set(self._problem.needs)):
            without = self._solve(self._without(need), brief=True)
            if without.excess_weight is not None and self._chosen.excess_weight is not None:
                found[need] = max(self._chosen.excess_weight - without.excess_weight, 0)
        return found

    def narrower(self, need: str) -> Option | None:
        """(2)."""
        found = self._solve(self._without(need), brief=False)
        return self._option(found, (need,)) if found.roles else None

    def next_best(self) -> Option | None:
        """(3)."""
        named = self._problem.candidates
        everyone = frozenset(self._sets.roles) if named is None else named
        found = [
            self._solve(replace(self._problem, candidates=everyone - {role}), brief=False)
            for role in self._chosen.roles
        ]
        ranked = [(each.excess_weight, each.role_count, each.roles, each) for each in found]
        valid = [entry for entry in ranked if entry[0] is not None]
        return self._option(min(valid, key=lambda entry: entry[:3])[3], ()) if valid else None

    def _without(self, need: str) -> Problem:
        rest = tuple(other for other in self._problem.needs if other != need)
        return replace(self._problem, needs=rest)

    def _solve(self, problem: Problem, *, brief: bool) -> Solution:
        left = max(self._max_steps - self.steps, 0)
        solution = solve(self._sets, problem, max_steps=left, brief=brief)
        self.steps += solution.steps
        self.complete &= solution.status is not Status.BOUNDED
        return solution

    def _option(self, found: Solution, leaves_out: tuple[str, ...]) -> Option:
        had = set(self._chosen.excess)
        adds = tuple(permission for permission in found.excess if permission not in had)
        return Option(found.roles, found.excess_weight or 0, leaves_out, adds)
