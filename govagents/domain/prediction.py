"""What a proposal would change on the targets, before anything is changed, and by which steps."""

from govagents.domain.catalog import Catalog
from govagents.domain.grant import Change
from govagents.domain.ids import RoleId, SystemId
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
    """What the targets will show that they do not show now: all but what is there already."""
    return tuple(
        change
        for change in predicted(proposal, catalog)
        if not there(proposal, change.system, change.role)
    )


def there(proposal: Proposal, system: SystemId, role: RoleId) -> bool:
    """Whether `role` is on `system` before anything is given, by what the planner saw."""
    return any(each.there for each in proposal.seen if (each.system, each.role) == (system, role))


def planned(proposal: Proposal, catalog: Catalog) -> tuple[Step, ...]:
    """Every role given on every system it reaches, and taken back if it was not there before."""
    return tuple(
        Step(
            act=Act("grant", change.system, change.role, change.subject),
            rollback=None
            if there(proposal, change.system, change.role)
            else Act("revoke", change.system, change.role, change.subject),
        )
        for change in predicted(proposal, catalog)
    )
