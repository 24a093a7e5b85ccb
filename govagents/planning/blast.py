"""How far a role set reaches: the harm it could do if it were misused."""

from govagents.domain.catalog import Catalog
from govagents.domain.ids import RoleId
from govagents.solver.weights import Weights


def blast_radius(roles: tuple[RoleId, ...], catalog: Catalog, weights: Weights) -> int:
    """Everything the roles reach, each permission once, weighted like excess."""
    reached = {item for role in roles for item in catalog.roles[role].permissions}
    permissions = (catalog.permissions[item] for item in reached)
    return sum(weights.of(item.access_level, item.sensitivity) for item in permissions)
