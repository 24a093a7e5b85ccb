"""The fact sheet of a case, from one transaction at one instant.

Rules:
1. What a person denied this beneficiary, or anyone of their party, within 24 hours counts against
   any rewording that needs some of the same.
2. Automatic approval has a budget for each person and role: `AUTOMATIC` grants nobody was asked
   about in `AUTOMATIC_PERIOD`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from govagents.adapters.sources import holdings
from govagents.domain.case import Case
from govagents.domain.facts import FactSheet
from govagents.domain.ids import IdentityId, RoleId
from govagents.domain.proposal import Proposal
from govagents.findings import latest
from govagents.policy.approvers import Panel
from govagents.policy.facts import Circumstances, fact_sheet
from govagents.policy.standing import party
from govagents.ports import Clock, Records, Transaction

DENIAL_LASTS = timedelta(hours=24)
AUTOMATIC = 5
AUTOMATIC_PERIOD = timedelta(days=7)


@dataclass(frozen=True)
class RecordedFacts:
    """`ports.Facts`; `panels` are those the decision point may ask."""

    records: Records
    clock: Clock
    panels: Sequence[Panel]

    def sheet(self, case: Case) -> FactSheet:
        """Everything policy may look at, now."""
        now = self.clock.now()
        window = case.proposal.window.activated(now)
        beneficiary = case.proposal.beneficiary
        with self.records.begin() as tx:
            circumstances = Circumstances(
                version=tx.version(),
                at=now,
                holdings=holdings(tx, beneficiary, window, besides=case.request.id),
                answers=tx.answers.of(case.request.id),
                denied_before=_denied(tx, case, now),
                automatic_left=_automatic_left(tx, beneficiary, case.proposal.roles, now),
            )
            return fact_sheet(
                world=tx.world(),
                catalog=tx.catalog(),
                case=case,
                circumstances=circumstances,
                panels=self.panels,
            )


def _denied(tx: Transaction, case: Case, now: datetime) -> bool:
    """Rule 1."""
    needs = set(case.proposal.needs)
    for member in party(tx.world(), case.proposal.beneficiary):
        for answer in tx.answers.denials(member, now - DENIAL_LASTS):
            proposal = latest(tx, answer.request, "proposal", Proposal)
            if proposal is not None and needs.intersection(proposal.needs):
                return True
    return False


def _automatic_left(
    tx: Transaction, beneficiary: IdentityId, roles: Sequence[RoleId], now: datetime
) -> int:
    """Rule 2: the least of what is left for any of `roles`."""
    recent = [
        grant.role
        for grant in tx.grants.of_identity(beneficiary)
        if grant.window.start >= now - AUTOMATIC_PERIOD and not tx.answers.of(grant.request)
    ]
    return min((AUTOMATIC - recent.count(role) for role in roles), default=0)
