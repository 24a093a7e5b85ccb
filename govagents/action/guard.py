"""The one door. Only here is a target changed.

INVARIANT (one door): giving takes a request id and nothing else. Steps of `grant`:
1. Read request, understanding, proposal and assessment from the database of record; each must be
   byte for byte what its log entry recorded. What the graph's state says is not consulted.
2. A request that is closed, by its row or by the log, gives nothing, nor does one that waited for
   an answer, or to be given, longer than it may: it lapses here. One that was given already is
   answered with the same grants.
3. The proposal must be about the catalog in force and name roles; if it claims to be the least, the
   independent checker must agree. Its steps must be what its roles give, each with its inverse.
4. Something must end it: the target itself, or a sweeper seen alive in the last two minutes.
5. An end that has passed is refused, also where it is that of the identity itself. A start that
   lies ahead is decided now and again when it comes. By what the store has seen the end may have
   passed where the clock was set back: then nothing is given either, for it would end at once.
6. Policy decides on fresh facts, now. Only a permit goes on.
7. Every obligation must be known here.
8. Where policy wants another answer than those at hand, because who gave one has left or a fact has
   changed, what it asks for now replaces what was decided before: else nobody could answer. Whether
   its graph still waits or has ended, it is pending again (`runner`).
9. Where facts moved under the decision it is made again; the last time nobody else may write until
   the intent is kept, so that whoever comes at once with many is not turned away for it. What was
   called is named after that, come what may.
10. More time is given for what is still active, and for nothing else (`extending`).
11. Where policy obliges to step up, the beneficiary has to have confirmed this very proposal lately
   (`confirming`). To redact is for whoever shows the words (`redacting`), also after a no; to
   notify is `giving`'s.
12. Intent, effect and reading back are `giving`'s; whatever is not shown is taken back, all of it.
A refusal on the way takes back what an interrupted attempt may have left on a target.
"""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from govagents.action.case import closed, sealed_case
from govagents.action.confirming import TO_CONFIRM, ask_to_confirm, confirmed
from govagents.action.entries import refused
from govagents.action.expiry import Expiry
from govagents.action.extending import not_extended
from govagents.action.giving import OPEN, EndedMeanwhile, Giving, Grants, window_of
from govagents.action.lapse import START_A_SWEEPER, lapse, latest
from govagents.action.plan import plan_faults
from govagents.action.proof import ProofCheck
from govagents.action.targets import Targets
from govagents.domain.case import Case
from govagents.domain.catalog import Catalog
from govagents.domain.decision import Decision, Verdict
from govagents.domain.facts import FactSheet
from govagents.domain.grant import Change, Effect, EffectKind
from govagents.domain.ids import GrantId, IdentityId, RequestId
from govagents.domain.outcome import Done, NotDone, Trouble
from govagents.domain.request import Status, Window
from govagents.domain.view import REDACT
from govagents.errors import StaleDecisionError
from govagents.findings import encode
from govagents.ports import Clock, DecisionPoint, Facts, Records, Transaction

STEP_UP = "step_up"
KNOWN_OBLIGATIONS = frozenset({"notify", REDACT, STEP_UP})
TRIES = 3
"""How often facts may move under a decision before the guard gives up on this attempt."""

ENDED_MEANWHILE = "a part of it was ended while it was being given"


class Refusal(NamedTuple):
    """Why nothing is given now; `decision` where policy said so."""

    kind: EffectKind
    reason: str
    decision: Decision | None = None


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
        for left in reversed(range(TRIES)):
            try:
                return self._attempt(request, alone=not left)
            except StaleDecisionError:
                continue
        return self._refuse(request, Refusal(EffectKind.BLOCKED, "facts kept changing; ask again"))

    def observe(self, request: RequestId) -> tuple[Change, ...]:
        """What the targets show now of everything `request` gave."""
        with self.records.begin() as tx:
            grants = tx.grants.of_request(request)
        return tuple(change for grant in grants for change in self.expiry.look(grant))

    def end(self, grant: GrantId, *, actor: IdentityId, cause: str) -> Status:
        """Take one grant back; see `expiry`."""
        return self.expiry.end(grant, actor=actor, cause=cause)

    def _attempt(self, request: RequestId, *, alone: bool) -> Effect:
        with self.records.begin() as tx:
            case = sealed_case(tx, request)  # (1)
            existing = tx.grants.of_request(request)
        statuses = {grant.status for grant in existing}
        if existing and Status.ACTIVATING not in statuses:  # (2)
            return _given_already(existing)
        if statuses - {Status.ACTIVATING}:
            return self._refuse(request, Refusal(EffectKind.BLOCKED, ENDED_MEANWHILE), existing)
        giving, grants = Giving(self.records, self.targets, self.expiry, self.clock), existing
        with giving.noting() as calls, self.records.begin() if alone else nullcontext():  # (9)
            judged = self._judged(case)
            if not isinstance(judged, Refusal):
                grants = existing or giving.intend(case, *judged, calls)  # (12)
        if isinstance(judged, Refusal):
            return self._finished(giving, existing) or self._refuse(request, judged, existing)
        decision, _ = judged
        match giving.apply(case, decision, grants):
            case Done():
                ids, said = tuple(grant.id for grant in grants), ("read back from the target",)
                return Effect(EffectKind.GIVEN, ids, said, decision.evaluation)
            case NotDone() as failure:
                refusal = Refusal(EffectKind.BLOCKED, _not_given(failure), decision)
            case EndedMeanwhile():
                refusal = Refusal(EffectKind.BLOCKED, ENDED_MEANWHILE, decision)
        return self._refuse(request, refusal, grants)

    def _finished(self, giving: Giving, existing: Grants) -> Effect | None:
        """(2) Somebody else may have finished it meanwhile: that closes a request to all others."""
        return _given_already(existing) if existing and giving.settled(existing) else None

    def _judged(self, case: Case) -> tuple[Decision, FactSheet] | Refusal:
        """A permit with the facts it rests on, or why not."""
        barred = self._barred(case)
        if barred is not None:
            return barred
        sheet = self.facts.sheet(case)
        decision = self.policy.decide(sheet, case.proposal)  # (6)
        if decision.verdict is not Verdict.PERMIT:
            kind = EffectKind.PENDING if decision.verdict is Verdict.ASK else EffectKind.DENIED
            text = "; ".join(reason.text for reason in decision.reasons)
            return Refusal(kind, text or decision.verdict.value, decision)
        unknown = sorted(set(decision.obligations) - KNOWN_OBLIGATIONS)
        if unknown:  # (7)
            reason = f"policy asks for `{unknown[0]}`, which this guard cannot do: denied"
            return Refusal(EffectKind.DENIED, reason, decision)
        return self._ahead(case, decision) or self._unconfirmed(case, decision) or (decision, sheet)

    def _unconfirmed(self, case: Case, decision: Decision) -> Refusal | None:
        """(11)."""
        if STEP_UP not in decision.obligations:
            return None
        now, request = self.clock.now(), case.request.id
        with self.records.begin() as tx:
            if confirmed(tx, request, case.proposal, now):
                return None
            ask_to_confirm(tx, request, case.proposal, now)
        return Refusal(EffectKind.BLOCKED, TO_CONFIRM, decision)

    def _barred(self, case: Case) -> Refusal | None:
        now = self.clock.now()
        with self.records.begin() as tx:
            lapse(tx, case.request.id, now)  # (2)
            status, catalog = tx.requests.status(case.request.id), tx.catalog()
            over, window = closed(tx, case.request.id), window_of(case, tx.world(), now)
            seen = latest(tx, now)
            apart = not_extended(tx, case, seen)
        if over or status not in OPEN:  # (2)
            return Refusal(EffectKind.DENIED, f"the request is {status.value}")
        if apart is not None:  # (10)
            return Refusal(EffectKind.DENIED, apart)
        return (
            self._unproved(case, catalog)
            or self._unended(case, catalog)
            or _passed(case, window)
            or _set_back(window, now, seen)
            or (self._ahead(case, None) if status is Status.APPROVED else None)
        )

    def _unproved(self, case: Case, catalog: Catalog) -> Refusal | None:
        """(3)."""
        if case.proposal.proof.catalog != catalog.digest:
            reason = "the catalog changed since this was proposed: ask again"
            return Refusal(EffectKind.BLOCKED, reason)
        if not case.proposal.roles:
            return Refusal(EffectKind.DENIED, "no role set is possible")
        faults = self.proof.faults(case.proposal, catalog)
        if faults:
            return Refusal(EffectKind.BLOCKED, f"the proof does not hold: {faults[0]}; ask again")
        faults = plan_faults(case.proposal, catalog)
        if faults:
            return Refusal(EffectKind.BLOCKED, f"the plan does not hold: {faults[0]}; ask again")
        return None

    def _unended(self, case: Case, catalog: Catalog) -> Refusal | None:
        """(4)."""
        roles = (catalog.roles[role] for role in case.proposal.roles)
        systems = tuple(system for role in roles for system in catalog.systems_of(role))
        if self.targets.ends_by_itself(systems) or self.sweeper_alive():
            return None
        return Refusal(EffectKind.BLOCKED, START_A_SWEEPER)

    def _ahead(self, case: Case, decision: Decision | None) -> Refusal | None:
        """(5)."""
        start = case.proposal.window.start
        if start <= self.clock.now():
            return None
        reason = f"starts {start:%Y-%m-%d %H:%MZ}; decided again then"
        return Refusal(EffectKind.SCHEDULED, reason, decision)

    def _refuse(self, request: RequestId, refusal: Refusal, left: Grants = ()) -> Effect:
        """Says no, and takes back what an interrupted attempt left."""
        if left:
            failed = Giving(self.records, self.targets, self.expiry, self.clock).take_back(left)
            kind = EffectKind.DENIED if refusal.kind is EffectKind.DENIED else EffectKind.BLOCKED
            became = f"not yet taken back: {failed[0]}" if failed else "all of it was taken back"
            refusal = refusal._replace(kind=kind, reason=f"{refusal.reason}; {became}")
        status = {
            EffectKind.BLOCKED: Status.BLOCKED,
            EffectKind.DENIED: Status.DENIED,
            EffectKind.PENDING: Status.PENDING,
            EffectKind.SCHEDULED: Status.APPROVED,
        }[refusal.kind]
        now, decision = self.clock.now(), refusal.decision
        with self.records.begin() as tx:
            before = (tx.requests.status(request), tx.requests.note(request))
            if before[0] in OPEN and before != (status, refusal.reason):
                tx.requests.set_status(request, status, at=now, note=refusal.reason)
                found = tx.requests.get(request)
                if found is not None:
                    entry = refused(found, status, decision, at=now)
                    tx.log.append(replace(entry, digests=_kept(tx, request, refusal)))
        evaluation = decision.evaluation if decision else "none"
        return Effect(refusal.kind, (), (refusal.reason,), evaluation)


def _given_already(grants: Grants) -> Effect:
    """(2)."""
    ids = tuple(grant.id for grant in grants)
    return Effect(EffectKind.GIVEN, ids, ("already given",), grants[0].decision)


def _kept(tx: Transaction, request: RequestId, refusal: Refusal) -> Mapping[str, str]:
    """What is asked for now (8), or keeps the words back (11), kept as a finding; its digest."""
    decision = refusal.decision
    if decision is None:
        return {}
    if refusal.kind is EffectKind.PENDING:
        return {"decision": tx.findings.add(request, "decision", encode(decision))}
    if REDACT in decision.obligations:
        return {"guard_decision": tx.findings.add(request, "guard_decision", encode(decision))}
    return {}


def _passed(case: Case, window: Window) -> Refusal | None:
    """(5)."""
    if window.length > timedelta(0):
        return None
    reason = "the time asked for has passed: ask again"
    if window.end < case.proposal.window.end:
        reason = f"`{case.proposal.beneficiary}` itself has ended by then: nothing is given"
    return Refusal(EffectKind.DENIED, reason)


def _set_back(window: Window, now: datetime, seen: datetime) -> Refusal | None:
    """(5)."""
    if seen <= now or window.end > seen:
        return None
    reason = (
        f"the clock says {now:%Y-%m-%d %H:%MZ}, but this store has seen {seen:%Y-%m-%d %H:%MZ}: "
        "what ends by then is not given; `govagents doctor` says more"
    )
    return Refusal(EffectKind.BLOCKED, reason)


def _not_given(failure: NotDone) -> str:
    """What is known of it: an order that nobody answered may have been carried out.

    >>> from govagents.domain.ids import SystemId
    >>> _not_given(NotDone(SystemId("shop"), Trouble.UNKNOWN))
    'it is not known whether anything was given: `shop` may have done it or not'
    >>> _not_given(NotDone(SystemId("shop"), Trouble.REFUSED))
    'nothing was given: `shop` refuses'
    """
    unknown = failure.trouble is Trouble.UNKNOWN
    known = "it is not known whether anything" if unknown else "nothing"
    return f"{known} was given: {failure}"
