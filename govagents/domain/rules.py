"""The company's standing rules about who may hold what, as data that policy reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from govagents.domain.catalog import Sensitivity
from govagents.domain.identity import Kind
from govagents.domain.ids import PermissionId


@dataclass(frozen=True)
class SeparationRule:
    """Hit when one identity holds something of `a` and something of `b`.

    Members are permission ids, or role ids where `of_roles` is set.
    """

    id: str
    a: frozenset[str]
    b: frozenset[str]
    reason: str
    of_roles: bool = False


@dataclass(frozen=True)
class Prohibition:
    """Refused whoever asks; by permission, or (no permissions) by a warning read from the words."""

    id: str
    reason: str
    permissions: frozenset[PermissionId] = frozenset()


AGENT_MAX_TIME = timedelta(hours=24)
"""How long an agent may hold a role without a break, where a company does not say."""
SHORTEST_BREAK = timedelta(hours=1)
"""What counts as a break, where a company does not say."""


@dataclass(frozen=True)
class Eligibility:
    """Who may hold what at all. `clearance` is the level each sensitivity needs.

    `agent_max_time`: an agent holds no role for longer without a break, whatever the role allows,
    however often it asks. `shortest_break`: who holds a role again sooner has held it all along.
    """

    clearance: Mapping[Sensitivity, int]
    clearance_restricted_management: int
    department_bound: Mapping[PermissionId, frozenset[str]]
    prohibitions: tuple[Prohibition, ...]
    agent_max_time: timedelta = AGENT_MAX_TIME
    shortest_break: timedelta = SHORTEST_BREAK

    def longest(self, kind: Kind) -> timedelta | None:
        """How long that kind may hold a role at once; None = as long as the role is given."""
        return self.agent_max_time if kind in {Kind.AGENT, Kind.SUBAGENT} else None
