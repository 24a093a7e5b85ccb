"""From a permit to access that the targets show: intended, applied, verified; or all taken back.

Rules:
1. The intent is committed before the effect, only if no fact changed since the decision, the
   request is still open and what it extends is still active.
   SECURITY: this is asked again here, for an owner may have revoked after the guard asked, and
   before the facts of the decision were read.
2. Only a grant that a transaction just showed as activating is put on a target; if it was ended
   meanwhile, the target is cleared and everything of the request is taken back.
3. Each transition has one entry: whoever finds it written writes none.
4. A grant runs from now, or from its later start, and never past the end of the identity it is
   given to, whatever the proposal says.
5. What was on the target before we gave anything is a reference to respect, also through our own
   overlapping grants; what an order of ours may have put there late is not (`late`).
6. The facts it was given on are kept with the intent: deciding on it again takes from them what was
   done then (`redecide`).
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from govagents.action.case import closed
from govagents.action.entries import giving, not_applied
from govagents.action.expiry import Expiry
from govagents.action.extending import not_extended
from govagents.action.glass import unagreed
from govagents.action.lapse import latest
from govagents.action.late import awaited
from govagents.action.noting import Calls, noting
from govagents.action.targets import Targets
from govagents.domain.case import Case
from govagents.domain.decision import Decision
from govagents.domain.facts import FactSheet
from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import IdentityId, SystemId
from govagents.domain.outcome import Done, NotDone, Outcome
from govagents.domain.request import Status, Window
from govagents.domain.world import World
from govagents.errors import StaleDecisionError
from govagents.findings import encode
from govagents.policy.standing import end_of
from govagents.ports import Clock, Records, Transaction

Grants = tuple[Grant, ...]
FACTS = "guard_facts"
"""(6) Under which name."""

OPEN = frozenset({Status.PENDING, Status.APPROVED, Status.BLOCKED, Status.ACTIVATING})


@dataclass(frozen=True)
class EndedMeanwhile:
    """(2) Somebody ended a part of it while it was being given."""


@dataclass(frozen=True)
class Giving:
    """The way in; `expiry` is the way out again."""

    records: Records
    targets: Targets
    expiry: Expiry
    clock: Clock

    def noting(self) -> AbstractContextManager[Calls]:
        """Around what calls targets: what no entry names by then is named."""
        return noting(self.records, self.clock, self.targets.tracer)

    def intend(self, case: Case, decision: Decision, sheet: FactSheet, calls: Calls) -> Grants:
        """Commit what is about to be given (1), and on which facts (6).

        Raises:
            StaleDecisionError: something of it changed since the decision.
        """
        drafts = self._drafts(case, decision, calls)
        now = self.clock.now()
        request = case.request.id
        with calls.begin() as tx:
            if tx.version() != sheet.version or not _as_asked(tx, case, now):
                message = "a fact changed while this was being decided"
                raise StaleDecisionError(message)
            tx.findings.add(request, "guard_decision", encode(decision))
            rests_on = {FACTS: tx.findings.add(request, FACTS, encode(sheet))}
            for grant in drafts:
                tx.grants.add(grant)
                entry = giving("intended", grant, decision, at=now, principal=case.request.speaker)
                entry = replace(entry, digests={**entry.digests, **rests_on})
                tx.log.append(calls.named_by(entry, grant))
            tx.requests.set_status(request, Status.ACTIVATING, at=now)
        return drafts

    def apply(
        self, case: Case, decision: Decision, grants: Grants
    ) -> Done | NotDone | EndedMeanwhile:
        """Put the grants on their targets and read them back; done when all of it is active."""
        for grant in grants:
            if not self._activating(grant):  # (2)
                return Done() if self.settled(grants) else EndedMeanwhile()
            with self.noting() as calls:
                outcome = self.targets.set(grant, calls, held=True)
                self._log(case, decision, grant, outcome, calls)
            if isinstance(outcome, NotDone):
                return outcome
        return Done() if self._verified(case, decision, grants) else EndedMeanwhile()

    def take_back(self, grants: Grants) -> tuple[NotDone, ...]:
        """End every grant of a request, newest first; also what was ended while it was given.

        What a target did not confirm is returned, and stays due.
        """
        outcomes = []
        for grant in reversed(grants):
            self.expiry.end(grant.id, actor=IdentityId("provisioner"), cause="undone")
            outcomes.append(self.expiry.clear(grant.id))
        return tuple(outcome for outcome in outcomes if isinstance(outcome, NotDone))

    def _activating(self, grant: Grant) -> bool:
        with self.records.begin() as tx:
            current = tx.grants.get(grant.id)
            return current is not None and current.status is Status.ACTIVATING

    def settled(self, grants: Grants) -> bool:
        """Whether somebody else finished the same giving."""
        with self.records.begin() as tx:
            return all(
                (current := tx.grants.get(grant.id)) is not None and current.status is Status.ACTIVE
                for grant in grants
            )

    def _verified(self, case: Case, decision: Decision, grants: Grants) -> bool:
        now, principal = self.clock.now(), case.request.speaker
        with self.records.begin() as tx:
            current = [tx.grants.get(grant.id) for grant in grants]
            if any(each is None or each.status is not Status.ACTIVATING for each in current):
                return all(each is not None and each.status is Status.ACTIVE for each in current)
            for grant in grants:
                active = replace(grant, status=Status.ACTIVE)
                tx.grants.save(active)
                tx.log.append(giving("verified", active, decision, at=now, principal=principal))
                if "notify" in decision.obligations:
                    _tell_owners(tx, active, now)
            tx.requests.set_status(case.request.id, Status.ACTIVE, at=now)
        return True

    def _log(
        self, case: Case, decision: Decision, grant: Grant, outcome: Outcome, calls: Calls
    ) -> None:
        now = self.clock.now()
        with calls.begin() as tx:
            entry = giving("applied", grant, decision, at=now, principal=case.request.speaker)
            if isinstance(outcome, NotDone):
                entry = not_applied(entry, grant, outcome)
            written = {(event.kind, event.reason) for _, event in tx.log.of(case.request.id)}
            if (entry.kind, entry.reason) not in written:  # (3)
                tx.log.append(calls.named_by(entry, grant))

    def _drafts(self, case: Case, decision: Decision, calls: Calls) -> Grants:
        """The grants to be, with what the targets show before anything is changed."""
        with self.records.begin() as tx:
            catalog, world = tx.catalog(), tx.world()
            window = window_of(case, world, self.clock.now())
            every = tx.grants.of_identity(case.proposal.beneficiary)
            ours = [other for other in every if other.status in LIVE]
            again = [other for other in every if other.role in case.proposal.roles]
            late = [other for other in again if awaited(tx, other, world, self.clock.now())]
        drafts = []
        for role in case.proposal.roles:
            found = catalog.roles[role]
            systems = catalog.systems_of(found)
            owners = {world.systems[s].owner for s in systems if s in world.systems}
            owners |= {found.owner} if found.owner else set()
            draft = Grant(
                id=Grant.id_of(case.request.id, role),
                request=case.request.id,
                beneficiary=case.proposal.beneficiary,
                role=role,
                targets=systems,
                window=window,
                status=Status.ACTIVATING,
                decision=decision.evaluation,
                owners=tuple(sorted(owners)),
                accountable=_accountable(case.proposal.beneficiary, world),
            )
            drafts.append(replace(draft, held_before=self._before(draft, ours, late, calls)))
        return tuple(drafts)

    def _before(
        self, draft: Grant, ours: list[Grant], late: list[Grant], calls: Calls
    ) -> tuple[SystemId, ...]:
        """(5)."""
        same = [other for other in ours if other.role == draft.role]
        inherited = {system for other in same for system in other.held_before}
        given = {system for other in same for system in other.targets}
        for other in late:
            if other.role == draft.role:
                given |= set(other.targets) - set(other.held_before)
        return tuple(
            system
            for system in draft.targets
            if system in inherited
            or (system not in given and self.targets.holds(draft, system, calls))
        )


def _as_asked(tx: Transaction, case: Case, now: datetime) -> bool:
    """(1) Whether all is still so that the guard asks before it reads the facts."""
    request = case.request.id
    if closed(tx, request) or tx.requests.status(request) not in OPEN:
        return False
    return not_extended(tx, case, latest(tx, now)) is None


def window_of(case: Case, world: World, now: datetime) -> Window:
    """(4) When access would run if it were given now."""
    window = case.proposal.window.activated(now)
    return window.until(end_of(world, case.proposal.beneficiary))


def _accountable(beneficiary: IdentityId, world: World) -> tuple[IdentityId, ...]:
    """Who answers for a beneficiary: the manager; for a non-human its owner and sponsor."""
    found = world.identities[beneficiary]
    named = [found.person.manager] if found.person else []
    if found.nonhuman is not None:
        named += [found.nonhuman.owner, found.nonhuman.sponsor]
    return tuple(sorted({each for each in named if each is not None}))


def _tell_owners(tx: Transaction, grant: Grant, at: datetime) -> None:
    """The obligation `notify`; an owner who got it himself is not told, but whoever is above."""
    above = _accountable(grant.beneficiary, tx.world())
    told = {each for each in grant.owners if each != grant.beneficiary} or set(above)
    text = f"`{grant.role}` was given to `{grant.beneficiary}`"
    if unagreed(tx, grant.request):
        text += f" as break-glass: look at it, then `govagents request review {grant.request}`"
    for person in sorted(told):
        tx.notify(person, grant.request, text, at)
