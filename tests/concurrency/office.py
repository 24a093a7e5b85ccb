"""The transaction code with a target in memory: what is decided here is decided by no policy.

Rules of this office, each read in one transaction with the version of the facts:
1. `reader` and `writer` are kept apart. 2. `reader` is given unasked `BUDGET` times to a person.
3. Everything else needs both of `APPROVERS`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from govagents.action.expiry import Expiry
from govagents.action.giving import Giving, Grants
from govagents.action.targets import Targets
from govagents.adapters.clock import MachineClock
from govagents.adapters.sql.records import SqlRecords
from govagents.adapters.traces import Spans
from govagents.domain.canonical import digest
from govagents.domain.case import Case
from govagents.domain.decision import Answer, Decision, Verdict
from govagents.domain.facts import FactSheet
from govagents.domain.grant import LIVE
from govagents.domain.ids import IdentityId, RequestId, RoleId
from govagents.domain.proposal import Assessment, Proposal, Stance
from govagents.domain.request import Status, Understanding, Window
from govagents.policy.ordinary import ORDINARY, proposal_of, sheet_of
from govagents.ports import Transaction
from tests.concurrency.shop import READER, SHOP, Hours, Shop
from tests.unit.adapters.stores import decision_body, event

ANA, BEN = IdentityId("ana"), IdentityId("ben")
APPROVERS = (IdentityId("bo"), IdentityId("cy"))
BUDGET, _HOUR = 2, timedelta(hours=1)


class Permitted(NamedTuple):
    """A decision, the facts it rests on, and whether anybody was asked."""

    case: Case
    decision: Decision
    sheet: FactSheet


class Office:
    """One store; every method is what one process does."""

    def __init__(self, records: SqlRecords) -> None:
        self.records, self.shop, self.clock = records, Shop(), Hours()
        targets = Targets({SHOP: self.shop}, None, Spans(MachineClock()))
        self.expiry = Expiry(records, targets, self.clock)
        self.giving = Giving(records, targets, self.expiry, self.clock)
        self.asked: dict[RequestId, Proposal] = {}

    def ask(self, person: IdentityId, role: RoleId) -> None:
        """A request for an hour."""
        with self.records.begin() as tx:
            request = tx.requests.add(person, None, self.clock.now(), "words")
            entry = event(request.id, "request.received", request=digest(request))
            tx.log.append(entry)
            tx.requests.set_status(request.id, Status.PENDING, at=self.clock.now())
            window = Window(self.clock.now(), self.clock.now() + _HOUR, floating=True)
            proposal = replace(proposal_of(sheet_of(ORDINARY)), beneficiary=person, roles=(role,))
            self.asked[request.id] = replace(proposal, window=window)
            body = decision_body(len(APPROVERS), *APPROVERS, proposal=str(request.id))
            tx.findings.add(request.id, "asked", body)

    def answer(self, request: RequestId, person: IdentityId, *, consent: bool) -> None:
        """Raises StateError where it comes too late."""
        with self.records.begin() as tx:
            given = Answer(request, person, consent, str(request), "c1", self.clock.now())
            tx.answers.add(given)
            kind = "answer.approved" if consent else "answer.denied"
            tx.log.append(replace(event(request, kind), digests={"answer": digest(given)}))

    def decide(self, request: RequestId) -> Permitted | None:
        """A permit by the office's rules."""
        proposal, now = self.asked[request], self.clock.now()
        with self.records.begin() as tx:
            found = tx.requests.get(request)
            if found is None or tx.grants.of_request(request) or not self._permits(tx, request):
                return None
            sheet = replace(sheet_of(ORDINARY), version=tx.version())
        person = proposal.beneficiary
        meant = Understanding(person, person, (), None, None, None)
        case = Case(found, meant, proposal, Assessment(Stance.ACCEPT, (), 0, 1, {}, {}), False)
        decision = Decision("ev_1", Verdict.PERMIT, (), (), (), "p", "f", str(request), now)
        return Permitted(case, decision, sheet)

    def _permits(self, tx: Transaction, request: RequestId) -> bool:
        (role,), person = self.asked[request].roles, self.asked[request].beneficiary
        every = tx.grants.of_identity(person)
        if any(grant.status in LIVE and grant.role != role for grant in every):  # rule 1
            return False
        answers = tx.answers.of(request)
        if answers:  # rule 3
            return len(answers) == len(APPROVERS) and all(each.consent for each in answers)
        unasked = [each for each in every if not tx.answers.of(each.request)]
        return role == READER and len(unasked) < BUDGET  # rule 2

    def intend(self, permitted: Permitted) -> Grants:
        """Raises StaleDecisionError where facts have moved."""
        with self.giving.noting() as calls:
            return self.giving.intend(*permitted, calls)

    def apply(self, permitted: Permitted, grants: Grants) -> None:
        """Put them on the target."""
        self.giving.apply(permitted.case, permitted.decision, grants)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """For whoever checks."""
        with self.records.begin() as tx:
            yield tx
