"""The fact sheet of a case, from one transaction at one instant.

Rules:
1. What a person denied this beneficiary, or anyone of their party, within 24 hours counts against
   any rewording: whatever would give a permission that was denied, and whatever needs one that the
   denied roles would have given.
2. Automatic approval has a budget for each role and person, with all their agents: `AUTOMATIC`
   grants nobody was asked about in `AUTOMATIC_PERIOD`.
3. INVARIANT (one door): an answer is what the log says was answered. A row the log does not know
   approves nothing, and a row that was taken out or changed undoes no answer: where they differ
   there is no sheet, and so no grant.
4. INVARIANT (models propose, mathematics disposes): whether the set is proved the smallest is what
   the checker finds now, for the problem as it is posed now: a planner that left the least role
   out of it would have its certificate too. What the plan says of itself is not asked.
5. INVARIANT (one door): what stood unsigned gives nothing. Whoever can write the database can also
   append entries as they should be; so a request that was there before something was found unsigned
   is to be asked again.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from govagents.action.glass import all_reviewed, breaks_glass
from govagents.action.proof import ProofCheck
from govagents.action.runs import runs
from govagents.adapters.sources import holdings
from govagents.audit.sealing import STORE, UNSIGNED
from govagents.domain.canonical import digest
from govagents.domain.case import Case
from govagents.domain.catalog import Catalog
from govagents.domain.decision import Answer
from govagents.domain.facts import FactSheet
from govagents.domain.ids import IdentityId, PermissionId, RequestId, RoleId
from govagents.domain.proposal import Proposal
from govagents.errors import IntegrityError
from govagents.findings import sealed
from govagents.planning.problem import candidates, pose
from govagents.policy.approvers import Panel
from govagents.policy.facts import Circumstances, fact_sheet
from govagents.policy.redecide import acts_as_done, really_held
from govagents.policy.separation import reached, separation_constraints
from govagents.policy.standing import party
from govagents.ports import Clock, Holding, Records, Transaction

DENIAL_LASTS = timedelta(hours=24)
AUTOMATIC = 5
AUTOMATIC_PERIOD = timedelta(days=7)


@dataclass(frozen=True)
class RecordedFacts:
    """`ports.Facts`; `panels` are those the decision point may ask."""

    records: Records
    clock: Clock
    panels: Sequence[Panel]
    proof: ProofCheck

    def sheet(self, case: Case) -> FactSheet:
        """Everything policy may look at, now."""
        now = self.clock.now()
        window = case.proposal.window.activated(now)
        beneficiary = case.proposal.beneficiary
        with self.records.begin() as tx:
            _refuse_unsigned(tx, case.request.id)
            held = holdings(tx, beneficiary, window, besides=case.request.id, now=now)
            circumstances = Circumstances(
                version=tx.version(),
                at=now,
                holdings=held,
                answers=answers(tx, case.request.id),
                denied_before=_denied(tx, case, now),
                automatic_left=_automatic_left(tx, beneficiary, case.proposal.roles, now),
                proved=self._proved(tx, case, held),
                break_glass=breaks_glass(tx, case.request.id),
                all_reviewed=all_reviewed(tx, beneficiary, besides=case.request.id),
                runs=runs(tx, beneficiary, besides=case.request.id, now=now),
            )
            return fact_sheet(
                world=tx.world(),
                catalog=tx.catalog(),
                case=case,
                circumstances=circumstances,
                panels=self.panels,
            )

    def again(self, case: Case, given: FactSheet) -> FactSheet:
        """What policy may look at to decide again on what was given on `given`."""
        now = self.clock.now()
        window = case.proposal.window.activated(now)
        with self.records.begin() as tx:
            held = holdings(tx, case.proposal.beneficiary, window, besides=case.request.id, now=now)
            circumstances = Circumstances(
                version=tx.version(),
                at=now,
                holdings=really_held(held),
                answers=(),
                denied_before=False,
                automatic_left=0,
                proved=False,
            )
            found = fact_sheet(
                world=tx.world(),
                catalog=tx.catalog(),
                case=case,
                circumstances=circumstances,
                panels=self.panels,
            )
        return acts_as_done(found, given)

    def _proved(self, tx: Transaction, case: Case, held: Sequence[Holding]) -> bool:
        """Rule 4."""
        world, catalog = tx.world(), tx.catalog()
        receiver = world.identities.get(case.proposal.beneficiary)
        if receiver is None:
            return False
        competing, apart = (
            candidates(catalog, receiver),
            separation_constraints(world, catalog, held),
        )
        posed = pose(case.request.id, case.understanding, competing, apart)
        return self.proof.proves(case.proposal, catalog, posed.digest)


def answers(tx: Transaction, request: RequestId) -> tuple[Answer, ...]:
    """The answers about `request`, if they are one for one what the log recorded, rule 3.

    Raises:
        IntegrityError: one was added, taken out or changed.
    """
    kept = tx.answers.of(request)
    if {digest(answer) for answer in kept} != _logged(tx, request):
        message = f"the answers kept for `{request}` are not those in the log: run `audit verify`"
        raise IntegrityError(message)
    return kept


def _refuse_unsigned(tx: Transaction, request: RequestId) -> None:
    """Rule 5.

    Raises:
        IntegrityError: somebody may have written about `request` who does not hold the key.
    """
    numbers = [number for number, _ in tx.log.of(request)]
    told = [number for number, event in tx.log.of(STORE) if event.kind == UNSIGNED]
    if not tx.vouched() or max(told, default=-1) > min(numbers, default=sys.maxsize):
        message = (
            f"entries or rows stood unsigned after `{request}` was asked, and may be anybody's: "
            "run `audit verify`, then ask again"
        )
        raise IntegrityError(message)


def _logged(tx: Transaction, request: RequestId) -> frozenset[str]:
    """Digests of what was answered."""
    return frozenset(
        event.digests.get("answer", "")
        for _, event in tx.log.of(request)
        if event.kind.startswith("answer.")
    )


def _denied(tx: Transaction, case: Case, now: datetime) -> bool:
    """Rule 1."""
    catalog = tx.catalog()
    for member in sorted(party(tx.world(), case.proposal.beneficiary)):
        for answer in tx.answers.denials(member, now - DENIAL_LASTS):
            denied = sealed(tx, answer.request, "proposal", Proposal)
            if denied is None or _again(catalog, denied, case.proposal):
                return True
    return False


def _again(catalog: Catalog, denied: Proposal, proposed: Proposal) -> bool:
    """Whether `proposed` comes to some of what was denied, whichever way round it is put."""
    return (
        not set(denied.needs).isdisjoint(_given(catalog, proposed) | set(proposed.needs))
        or not set(proposed.needs).isdisjoint(_given(catalog, denied))
        or not set(denied.roles).isdisjoint(proposed.roles)
    )


def _given(catalog: Catalog, proposal: Proposal) -> frozenset[PermissionId]:
    return frozenset().union(*(reached(catalog, role) for role in proposal.roles))


def _automatic_left(
    tx: Transaction, beneficiary: IdentityId, roles: Sequence[RoleId], now: datetime
) -> int:
    """Rule 2: the least of what is left for any of `roles`."""
    recent = [
        grant.role
        for member in sorted(party(tx.world(), beneficiary))
        for grant in tx.grants.of_identity(member)
        if grant.role in roles
        and grant.window.start >= now - AUTOMATIC_PERIOD
        and not _logged(tx, grant.request)
    ]
    return min((AUTOMATIC - recent.count(role) for role in roles), default=0)
