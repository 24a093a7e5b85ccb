"""What a proposal would change on the targets, before anything is changed, and by which steps."""

from govagents.domain.catalog import Catalog
from govagents.domain.grant import Change
from govagents.domain.plan import Act, Step
from govagents.domain.proposal import Proposal


def predicted(proposal: Proposal, catalog: Catalog) -> tuple[Change, ...]:
    """Every membership there must be afterwards, in order; what reading back must show."""
    return tuple(
        Change(system, role, proposal.beneficiary, gained=True)
        for role in proposal.roles
        for system in catalog.systems_of(catalog.roles[role])
    )


def difference(proposal: Proposal, catalog: Catalog) -> tuple[Change, ...]:
    """What the targets will show that they do not show now: all but what is held already."""
    return tuple(
        change for change in predicted(proposal, catalog) if change.role not in proposal.held
    )


def planned(proposal: Proposal, catalog: Catalog) -> tuple[Step, ...]:
    """Every role given on every system it reaches, and taken back if it was not held before."""
    return tuple(
        Step(
            act=Act("grant", change.system, change.role, change.subject),
            rollback=None
            if change.role in proposal.held
            else Act("revoke", change.system, change.role, change.subject),
        )
        for change in predicted(proposal, catalog)
    )
