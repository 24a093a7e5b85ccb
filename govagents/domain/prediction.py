"""What a proposal would change on the targets, before anything is changed."""

from govagents.domain.catalog import Catalog
from govagents.domain.grant import Change
from govagents.domain.proposal import Proposal


def predicted(proposal: Proposal, catalog: Catalog) -> tuple[Change, ...]:
    """The memberships gained, in order; what reading back must show."""
    return tuple(
        Change(system, role, proposal.beneficiary, gained=True)
        for role in proposal.roles
        for system in catalog.systems_of(catalog.roles[role])
    )
