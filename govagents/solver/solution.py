"""The solver's answer: the roles and how good they provably are."""

from dataclasses import dataclass
from enum import StrEnum

from govagents.solver.certificate import Certificate


class Status(StrEnum):
    """How far the answer is proved. BOUNDED: the step budget ran out first."""

    OPTIMAL = "optimal"
    BOUNDED = "bounded"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True)
class Solution:
    """The chosen roles and how good they provably are.

    `lower_bound`: no set has less excess weight; equals it when optimal. `steps`: bitset
    operations on roles, the same on every machine. `excess`: by weight descending, then id.
    """

    status: Status
    roles: tuple[str, ...] = ()
    excess_weight: int | None = None
    role_count: int | None = None
    lower_bound: int | None = None
    steps: int = 0
    excess: tuple[str, ...] = ()
    certificate: Certificate | None = None

    @property
    def gap(self) -> int | None:
        """What a better set could save at most; None without a set."""
        if self.excess_weight is None or self.lower_bound is None:
            return None
        return self.excess_weight - self.lower_bound
