"""The company's standing rules about who may hold what, as data that policy reads."""

from collections.abc import Mapping
from dataclasses import dataclass

from govagents.domain.catalog import Sensitivity
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


@dataclass(frozen=True)
class Eligibility:
    """Who may hold what at all. `clearance` is the level each sensitivity needs."""

    clearance: Mapping[Sensitivity, int]
    clearance_restricted_management: int
    department_bound: Mapping[PermissionId, frozenset[str]]
    prohibitions: tuple[Prohibition, ...]
