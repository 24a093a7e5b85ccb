"""Why no set is possible, found by solving again without one kind of rule at a time.

Rules, the first that explains it alone:
1. Without separation of duties a set would suffice: the rules that it would break.
2. Without regard to who may request, a set would suffice: whose kind may not.
3. Otherwise no role grants the need unconditionally, and there is no set at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from govagents.domain.catalog import Catalog
from govagents.domain.identity import Identity
from govagents.domain.ids import RoleId
from govagents.domain.world import World
from govagents.planning.problem import candidates
from govagents.policy.separation import conflicts
from govagents.solver.catalog_index import RoleSets
from govagents.solver.problem import Problem
from govagents.solver.search import solve
from govagents.solver.solution import Status


class Barred(NamedTuple):
    """What stands in the way, and the set that would do but for it; empty where none would."""

    obstacle: str
    roles: tuple[RoleId, ...] = ()


@dataclass(frozen=True)
class Barrier:
    """One infeasible problem, its beneficiary, and what that party holds."""

    sets: RoleSets
    problem: Problem
    catalog: Catalog
    person: Identity
    world: World
    held: Sequence[RoleId]

    def found(self) -> Barred:
        """The rule that stands in the way."""
        apart = replace(
            self.problem,
            forbidden_permissions=(),
            exclusive_permissions=(),
            exclusive_roles=(),
            candidates=candidates(self.catalog, self.person),
        )
        sufficient = self._solved(apart)
        if sufficient:  # (1)
            broken = conflicts(self.world, self.catalog, self.held, sufficient).values()
            rules = _listed(sorted({rule for each in broken for rule in each}))
            said = f"separation of duties: {rules} forbids every set that would suffice"
            return Barred(said, sufficient)
        anyones = self._solved(replace(apart, candidates=None))
        if anyones:  # (2)
            kind = self.person.kind.audience
            said = f"no role that covers {self._uncovered()} may be requested by `{kind}`"
            return Barred(said, anyones)
        return Barred(f"no role grants {self._uncovered()} without a condition")  # (3)

    def _solved(self, problem: Problem) -> tuple[RoleId, ...]:
        solution = solve(self.sets, problem)
        found = solution.status is not Status.INFEASIBLE
        return tuple(RoleId(role) for role in solution.roles) if found else ()

    def _uncovered(self) -> str:
        covered = {
            item
            for role in candidates(self.catalog, self.person)
            for item in self.catalog.roles[role].permissions
        }
        missing = [need for need in self.problem.needs if need not in covered]
        return _listed(missing or self.problem.needs)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
