"""The one door. Only here is a target changed.

INVARIANT (one door): giving takes a request id and nothing else. Steps of `grant`:
1. Read the request, understanding, proposal, assessment from the database of record; each must be
   byte for byte what its log entry recorded. What the graph's state says is not consulted.
2. A request that is closed gives nothing; one that was given already is answered with the same
   grants.
3. The proposal must be about the catalog in force and name roles; if it claims to be the least, the
   independent checker must agree.
4. Something must end it: the target itself, or a sweeper seen alive in the last two minutes.
5. A start that lies ahead is scheduled and decided again when it comes; an end that has passed is
   refused.
6. Policy decides on fresh facts, now. Only a permit goes on.
7. Every obligation must be known here.
8. The intent is committed, only if no fact changed since they were read.
9. The targets are changed, each named once by the intent.
10. The targets are read back; whatever is not shown is taken back, all of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from govagents.action.entries import giving
from govagents.action.expiry import Expiry
from govagents.action.proof import ProofCheck
from govagents.action.targets import Targets
from govagents.domain.canonical import digest
from govagents.domain.case import Case
from govagents.domain.catalog import Catalog
from govagents.domain.decision import Decision, Verdict
from govagents.domain.grant import LIVE, Change, Effect, EffectKind, Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId
from govagents.domain.proposal import Assessment, Proposal
from govagents.domain.question import Resolution
from govagents.domain.request import Request, Status, Window
from govagents.errors import GuardError, IntegrityError, StaleDecisionError, TargetError
from govagents.findings import encode, sealed
from govagents.ports import Clock, DecisionPoint, Facts, Records, Transaction

KNOWN_OBLIGATIONS = frozenset({"notify"})
OPEN = frozenset({Status.PENDING, Status.APPROVED, Status.BLOCKED, Status.ACTIVATING})
Grants = tuple[Grant, ...]
TRIES = 3
"""How often facts may move under a decision before the guard gives up on this attempt."""

START_A_SWEEPER = (
    "nothing would end this grant: no sweeper was seen in the last two minutes; "
    "start one with `govagents sweep --every 30s`"
)


@dataclass(frozen=True)
class GuardedTargets:
    """The guard. `sweeper_alive` is asked on the machine's clock."""

    records: Records
    facts: Facts
    policy: DecisionPoint
    targets: Targets
    expiry: Expiry
    proof: ProofCheck
    clock: Clock
    sweeper_alive: Callable[[], bool]

    def grant(self, request: RequestId) -> Effect:
        """Give what was decided for `request`, once; a repeat returns the same effect.

        Raises:
            GuardError: there is no such request or it was never decided on.
            IntegrityError: a record is not what the log says.
        """
        for _ in range(TRIES):
            try:
                return self._attempt(request)
            except StaleDecisionError:
                continue
        return self._refuse(request, EffectKind.BLOCKED, "facts kept changing; ask again")

    def observe(self, request: RequestId) -> tuple[Change, ...]:
        """What the targets show now of everything `request` gave."""
        with self.records.begin() as tx:
            grants = tx.grants.of_request(request)
        return tuple(change for grant in grants for change in self.targets.shown(grant))

    def end(self, grant: GrantId, *, actor: IdentityId, cause: str) -> Status:
        """Take one grant back; see `expiry`."""
        return self.expiry.end(grant, actor=actor, cause=cause)

    def _attempt(self, request: RequestId) -> Effect:
        with self.records.begin() as tx:
            case = self._case(tx, request)  # (1)
            existing = tx.grants.of_request(request)
            status, catalog = tx.requests.status(request), tx.catalog()
        if existing and all(grant.status is not Status.ACTIVATING for grant in existing):
            ids = tuple(grant.id for grant in existing)
            return Effect(EffectKind.GIVEN, ids, ("already given",), existing[0].decision)
        barred = self._barred(case, status, catalog)
        if barred is not None:
            return self._refuse(request, *barred)
        sheet = self.facts.sheet(case)  # (6)
        decision = self.policy.decide(sheet, case.proposal)
        if decision.verdict is not Verdict.PERMIT:
            return self._not_permitted(request, decision)
        unknown = sorted(set(decision.obligations) - KNOWN_OBLIGATIONS)
        if unknown:  # (7)
            reason = f"policy asks for `{unknown[0]}`, which this guard cannot do: denied"
            return self._refuse(request, EffectKind.DENIED, reason)
        window = case.proposal.window.activated(self.clock.now())
        grants = existing or self._intend(case, decision, window, sheet.version)  # (8)
        return self._apply(case, decision, grants)

    def _case(self, tx: Transaction, request: RequestId) -> Case:
        found = tx.requests.get(request)
        if found is None:
            message = f"no request `{request}`: nothing was given"
            raise GuardError(message)
        _same_as_logged(tx, found)
        resolution = sealed(tx, request, "resolution", Resolution)
        proposal = sealed(tx, request, "proposal", Proposal)
        assessment = sealed(tx, request, "assessment", Assessment)
        disagreement = sealed(tx, request, "disagreement", bool)
        if resolution is None or proposal is None or assessment is None or disagreement is None:
            message = f"`{request}` was never decided on: nothing was given"
            raise GuardError(message)
        understanding = resolution.understanding
        needs = tuple(sorted({need.permission for need in understanding.needs}))
        if (proposal.beneficiary, proposal.needs) != (understanding.beneficiary, needs) or (
            assessment.round != proposal.round
        ):
            message = f"the findings on `{request}` are not about one another: nothing was given"
            raise GuardError(message)
        return Case(found, understanding, proposal, assessment, disagreement)

    def _barred(
        self, case: Case, status: Status, catalog: Catalog
    ) -> tuple[EffectKind, str] | None:
        proposal, now = case.proposal, self.clock.now()
        if status not in OPEN:  # (2)
            return EffectKind.DENIED, f"the request is {status.value}"
        if proposal.proof.catalog != catalog.digest:  # (3)
            return EffectKind.BLOCKED, "the catalog changed since this was proposed: ask again"
        if not proposal.roles:
            return EffectKind.DENIED, "no role set is possible"
        faults = self.proof.faults(proposal, catalog)
        if faults:
            return EffectKind.BLOCKED, f"the proof does not hold: {faults[0]}; ask again"
        systems = tuple(
            system for role in proposal.roles for system in catalog.systems_of(catalog.roles[role])
        )
        if not self.targets.ends_by_itself(systems) and not self.sweeper_alive():  # (4)
            return EffectKind.BLOCKED, START_A_SWEEPER
        window = proposal.window.activated(now)
        if window.length <= timedelta(0):  # (5)
            return EffectKind.DENIED, "the time asked for has passed: ask again"
        if window.start > now:
            return (
                EffectKind.SCHEDULED,
                f"starts {window.start:%Y-%m-%d %H:%MZ}; decided again then",
            )
        return None

    def _intend(self, case: Case, decision: Decision, window: Window, version: int) -> Grants:
        drafts = self._drafts(case, decision, window)
        now = self.clock.now()
        with self.records.begin() as tx:
            if tx.version() != version:
                message = "a fact changed while this was being decided"
                raise StaleDecisionError(message)
            tx.findings.add(case.request.id, "guard_decision", encode(decision))
            for grant in drafts:
                tx.grants.add(grant)
                entry = giving("intended", grant, decision, at=now, principal=case.request.speaker)
                tx.log.append(entry)
            tx.requests.set_status(case.request.id, Status.ACTIVATING, at=now)
        return drafts

    def _drafts(self, case: Case, decision: Decision, window: Window) -> Grants:
        """The grants to be, with what the targets show before anything is changed."""
        with self.records.begin() as tx:
            catalog, world = tx.catalog(), tx.world()
            ours = [
                (other.role, system)
                for other in tx.grants.of_identity(case.proposal.beneficiary)
                if other.status in LIVE
                for system in other.targets
            ]
        drafts = []
        for role in case.proposal.roles:
            systems = catalog.systems_of(catalog.roles[role])
            owners = {world.systems[s].owner for s in systems if s in world.systems}
            owners |= {owner} if (owner := catalog.roles[role].owner) else set()
            draft = Grant(
                id=GrantId(f"gr_{digest([case.request.id, role])[:8]}"),
                request=case.request.id,
                beneficiary=case.proposal.beneficiary,
                role=role,
                targets=systems,
                window=window,
                status=Status.ACTIVATING,
                decision=decision.evaluation,
                owners=tuple(sorted(owners)),
            )
            seen = [s for s in systems if (role, s) not in ours and self.targets.holds(draft, s)]
            drafts.append(replace(draft, held_before=tuple(seen)))
        return tuple(drafts)

    def _apply(self, case: Case, decision: Decision, grants: Grants) -> Effect:
        shown = []
        for grant in grants:
            shown.append(self._set(grant))  # (9) (10)
            self._log("applied" if shown[-1] else "not_applied", case, decision, grant)
        if not all(shown):
            return self._take_back(case, decision, grants)
        now = self.clock.now()
        with self.records.begin() as tx:
            for grant in grants:
                active = replace(grant, status=Status.ACTIVE)
                tx.grants.save(active)
                entry = giving("verified", active, decision, at=now, principal=case.request.speaker)
                tx.log.append(entry)
                if "notify" in decision.obligations:
                    _tell_owners(tx, active, now)
            tx.requests.set_status(case.request.id, Status.ACTIVE, at=now)
        ids = tuple(grant.id for grant in grants)
        return Effect(EffectKind.GIVEN, ids, ("read back from the target",), decision.evaluation)

    def _set(self, grant: Grant) -> bool:
        try:
            return self.targets.set(grant, held=True)
        except TargetError:
            return False

    def _log(self, kind: str, case: Case, decision: Decision, grant: Grant) -> None:
        now = self.clock.now()
        with self.records.begin() as tx:
            tx.log.append(giving(kind, grant, decision, at=now, principal=case.request.speaker))

    def _take_back(self, case: Case, decision: Decision, grants: Grants) -> Effect:
        for grant in reversed(grants):
            self.expiry.end(grant.id, actor=IdentityId("provisioner"), cause="undone")
        reason = "a target did not show what was given; all of it was taken back"
        return replace(
            self._refuse(case.request.id, EffectKind.BLOCKED, reason),
            evaluation=decision.evaluation,
        )

    def _not_permitted(self, request: RequestId, decision: Decision) -> Effect:
        kind = EffectKind.PENDING if decision.verdict is Verdict.ASK else EffectKind.DENIED
        text = "; ".join(reason.text for reason in decision.reasons) or decision.verdict.value
        return replace(self._refuse(request, kind, text), evaluation=decision.evaluation)

    def _refuse(self, request: RequestId, kind: EffectKind, reason: str) -> Effect:
        status = {
            EffectKind.BLOCKED: Status.BLOCKED,
            EffectKind.DENIED: Status.DENIED,
            EffectKind.PENDING: Status.PENDING,
            EffectKind.SCHEDULED: Status.APPROVED,
        }[kind]
        with self.records.begin() as tx:
            if tx.requests.status(request) in OPEN:
                tx.requests.set_status(request, status, at=self.clock.now(), note=reason)
        return Effect(kind, (), (reason,), "none")


def _tell_owners(tx: Transaction, grant: Grant, at: datetime) -> None:
    """The obligation `notify`."""
    for owner in grant.owners:
        tx.notify(owner, grant.request, f"`{grant.role}` was given to `{grant.beneficiary}`", at)


def _same_as_logged(tx: Transaction, request: Request) -> None:
    logged = [event for _, event in tx.log.of(request.id) if event.kind == "request.received"]
    if not logged or logged[0].digests.get("request") != digest(request):
        message = f"`{request.id}` is not what the log recorded: nothing was given"
        raise IntegrityError(message)
