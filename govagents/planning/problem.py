"""The least-privilege problem of one understood request, posed for the solver.

Rules:
1. A role competes if it may be assigned, requested by this kind of identity, and is not excluded
   by the risk agent's counter-proposal. Clearance, ceiling and hours are policy's to judge, not
   the solver's.
2. What the beneficiary holds does not pay for needs: the set must suffice by itself, so that it
   still suffices when something else ends.
3. Separation of duties is a constraint of the search, over everything held, pending and scheduled.
4. A permission that a role grants only under a condition never counts as coverage (`strict`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from govagents.domain.canonical import digest
from govagents.domain.catalog import Catalog
from govagents.domain.identity import Identity
from govagents.domain.ids import RoleId
from govagents.domain.request import Understanding
from govagents.policy.separation import SeparationConstraints
from govagents.solver.catalog_index import RoleSets
from govagents.solver.problem import Problem
from govagents.solver.weights import Weights


@dataclass(frozen=True)
class SetsByCatalog:
    """Catalogs as the solver sees them, indexed once each."""

    weights: Weights
    _known: dict[str, RoleSets] = field(default_factory=dict)

    def of(self, catalog: Catalog) -> RoleSets:
        """The indexed form of `catalog` under these weights."""
        if catalog.digest not in self._known:
            self._known[catalog.digest] = _indexed(catalog, self.weights)
        return self._known[catalog.digest]


def _indexed(catalog: Catalog, weights: Weights) -> RoleSets:
    permissions = [catalog.permissions[key] for key in sorted(catalog.permissions)]
    roles = [catalog.roles[key] for key in sorted(catalog.roles)]
    return RoleSets.build(
        [(item.id, weights.of(item.access_level, item.sensitivity)) for item in permissions],
        [(role.id, sorted(role.permissions)) for role in roles],
        {role.id: sorted(role.conditional) for role in roles if role.conditional},
        digest=digest(catalog.plain()),
        weights_digest=weights.digest,
        changing=[item.id for item in permissions if item.access_level.changes],
        privileged=[role.id for role in roles if role.privileged],
    )


def candidates(
    catalog: Catalog, beneficiary: Identity, excluded: Sequence[RoleId] = ()
) -> frozenset[RoleId]:
    """The roles that compete for this beneficiary, rule 1."""
    audience = beneficiary.kind.audience
    return frozenset(
        role.id
        for role in catalog.roles.values()
        if role.assignable and audience in role.requestable_by and role.id not in excluded
    )


def pose(
    request: str,
    understanding: Understanding,
    competing: frozenset[RoleId],
    separation: SeparationConstraints,
) -> Problem:
    """The problem whose optimum is the proposal; `request` names it in the certificate."""
    return Problem(
        id=request,
        needs=tuple(sorted({need.permission for need in understanding.needs})),
        forbidden_permissions=tuple(sorted(separation.forbidden_permissions)),
        exclusive_permissions=tuple(sorted(separation.exclusive_permissions)),
        exclusive_roles=tuple(sorted(separation.exclusive_roles)),
        strict=True,
        candidates=frozenset(competing - separation.forbidden_roles),
    )
