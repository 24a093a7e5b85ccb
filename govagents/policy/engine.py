"""The decision point. Cedar alone decides; what is here only reads its answer, strictest first.

Rules, per role of the set:
1. Anything that erred in the evaluation: deny, and the error is the reason.
2. Action `grant` allowed: permit. Otherwise action `request` allowed: ask. Otherwise: deny.
3. What an ask needs is written on the policies that allowed `request`; several need all their
   consents.
The set:
4. Deny if any role denies, ask if any asks, permit if all permit. An empty set denies.
5. Facts about other roles or another beneficiary than the proposal's: deny.
6. Policies with any problem in them decide nothing: everything is denied and the problem said.
7. What denies because of (1) or (6), or because there is no policy at all, is marked as undecided,
   unless another role of the set is denied by a policy.
8. A no obliges to nothing but to keep the words back: where a policy that fired says so, or a
   permit that comes nearest, or one for another role of the set. Where it could not be decided,
   any policy that may say so counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from govagents.domain.canonical import digest
from govagents.domain.decision import Consent, Decision, Reason, Seat, Verdict
from govagents.domain.facts import FactSheet, RoleSheet, SubjectFacts
from govagents.domain.ids import RoleId
from govagents.domain.observation import Look, Observation, Source, Topic
from govagents.domain.proposal import Proposal
from govagents.domain.view import REDACT
from govagents.policy.approvers import Panel
from govagents.policy.cedar import Outcome, Rules
from govagents.policy.explain import Explainer
from govagents.policy.schema import Action, Slice, slice_of
from govagents.policy.source import Policy, PolicyFile, Unread, policy_digest, read

_STRICTNESS = (Verdict.PERMIT, Verdict.ASK, Verdict.DENY)


@dataclass(frozen=True)
class _Judgement:
    """What came of one role."""

    role: RoleId
    verdict: Verdict
    reasons: tuple[Reason, ...]
    consents: tuple[Consent, ...] = ()
    obligations: frozenset[str] = frozenset()
    decided: bool = True


class CedarDecisionPoint:
    """Policies parsed once. `panels` is everybody they may ask: the facts say who that is now."""

    def __init__(self, policies: Sequence[Policy], policy_digest: str) -> None:
        """`policies` come from `source.read` without problems.

        Raises:
            ValueError: Cedar cannot build the set.
        """
        self._policies = {policy.id: policy for policy in policies}
        self._rules = Rules({policy.id: dict(policy.rule) for policy in policies})
        self._explain = Explainer(policies)
        self._redacting = {each.id for each in policies if REDACT in each.listed("obligation")}
        self.digest = policy_digest
        asking = {_panel(policy) for policy in policies if policy.listed("approver")}
        self.panels: tuple[Panel, ...] = tuple(sorted(asking))

    def decide(self, sheet: FactSheet, proposal: Proposal) -> Decision:
        """One evaluation per role; the strictest is the verdict."""
        judged = [self._judge(sheet.subject, role) for role in sheet.roles]
        judged.extend(_unfit(sheet, proposal))
        return _decision(sheet, proposal, self.digest, judged)

    def _judge(self, subject: SubjectFacts, sheet: RoleSheet) -> _Judgement:
        role, facts = sheet.role.id, slice_of(subject, sheet)
        grant = self._rules.evaluate(facts, Action.GRANT)
        if grant.allowed:  # (2)
            said = self._explain.spoke(grant.policies, subject, sheet)
            return _Judgement(role, Verdict.PERMIT, said, (), self._obligations(grant))
        request = self._rules.evaluate(facts, Action.REQUEST)
        if grant.errors or request.errors:  # (1)
            return replace(_undecided(role, grant, request), obligations=_kept(self._redacting))
        if request.allowed:
            said = self._explain.spoke(request.policies, subject, sheet)
            consents = tuple(_consent(sheet, panel) for panel in self._asked(request))
            return _Judgement(role, Verdict.ASK, said, consents, self._obligations(request))
        fired = sorted({*grant.policies, *request.policies})
        said = self._explain.spoke(fired, subject, sheet) or self._explain.silent(facts, role)
        kept, known = self._kept_back(fired, facts), bool(self._policies)
        return _Judgement(role, Verdict.DENY, said, (), kept, decided=known)  # (7)

    def _asked(self, outcome: Outcome) -> list[Panel]:
        return sorted({_panel(self._policies[name]) for name in outcome.policies})  # (3)

    def _obligations(self, outcome: Outcome) -> frozenset[str]:
        policies = (self._policies[name] for name in outcome.policies)
        return frozenset(item for policy in policies for item in policy.listed("obligation"))

    def _kept_back(self, fired: Sequence[str], facts: Slice) -> frozenset[str]:
        """(8)."""
        if not self._redacting:
            return frozenset()
        return _kept(self._redacting & {*fired, *self._explain.nearest(facts)})


@dataclass(frozen=True)
class Refusing:
    """Stands in where the policies cannot be used: denies everything and says why, rule 6."""

    problems: tuple[str, ...]
    digest: str
    redacts: bool = False
    panels: tuple[Panel, ...] = ()

    def decide(self, sheet: FactSheet, proposal: Proposal) -> Decision:
        """Always a deny."""
        reasons = tuple(Reason(None, "", problem) for problem in self.problems)
        kept = _kept(self.redacts)
        judged = [_Judgement(RoleId(""), Verdict.DENY, reasons, (), kept, decided=False)]
        found = _decision(sheet, proposal, self.digest, judged)
        return replace(found, observed=_observed(sheet, None))


def decision_point(files: Sequence[PolicyFile | Unread]) -> CedarDecisionPoint | Refusing:
    """The decision point of an operator's folder; never raises, lint tells what to mend."""
    reading, name = read(files), policy_digest(files)
    redacts = any(isinstance(file, Unread) or REDACT in file.text for file in files)  # (8)
    if reading.problems:
        return Refusing(tuple(str(problem) for problem in reading.problems), name, redacts)
    try:
        return CedarDecisionPoint(reading.policies, name)
    except ValueError as error:
        return Refusing((f"the policies cannot be used together: {error}",), name, redacts)


def _panel(policy: Policy) -> Panel:
    return Panel.asked(policy.listed("approver"), policy.annotation("quorum"))


def _consent(sheet: RoleSheet, panel: Panel) -> Consent:
    """Who the facts say fills the panel; a panel nobody looked up is one nobody can fill."""
    for consent in sheet.consents:
        kinds = tuple(seat.kind for seat in consent.seats)
        if kinds == panel.seats and consent.quorum == panel.quorum:
            return consent
    seats = tuple(Seat(kind, None, "nobody was looked up for this seat") for kind in panel.seats)
    return Consent(sheet.role.id, seats, panel.quorum, open=False)


def _kept(redacting: object) -> frozenset[str]:
    """(8) `redacting` = whether something says so."""
    return frozenset({REDACT}) if redacting else frozenset()


def _undecided(role: RoleId, *outcomes: Outcome) -> _Judgement:
    errors = dict.fromkeys(error for outcome in outcomes for error in outcome.errors)
    reasons = tuple(Reason(role, "", f"could not be decided: {error}") for error in errors)
    return _Judgement(role, Verdict.DENY, reasons, decided=False)


def _unfit(sheet: FactSheet, proposal: Proposal) -> list[_Judgement]:
    judged = tuple(role.role.id for role in sheet.roles)
    fits = sorted(judged) == sorted(proposal.roles) and sheet.subject.id == proposal.beneficiary
    if not proposal.roles:  # (4)
        text = "there is no role to decide on"
    elif not fits:  # (5)
        text = "the facts are not about this proposal: gather them again"
    else:
        return []
    return [_Judgement(RoleId(""), Verdict.DENY, (Reason(None, "", text),))]


def _decision(
    sheet: FactSheet, proposal: Proposal, policies: str, judged: Sequence[_Judgement]
) -> Decision:
    verdict = max((item.verdict for item in judged), key=_STRICTNESS.index, default=Verdict.DENY)
    telling = [item for item in judged if item.verdict is verdict]
    asking = verdict is Verdict.ASK
    facts, proposed = digest(sheet), digest(proposal)
    return Decision(
        evaluation=f"ev_{digest([facts, policies, proposed])[:12]}",
        verdict=verdict,
        reasons=tuple(reason for item in telling for reason in item.reasons),
        consents=tuple(consent for item in judged for consent in item.consents) if asking else (),
        obligations=_obligations(judged, verdict),
        policy_digest=policies,
        facts_digest=facts,
        proposal_digest=proposed,
        at=sheet.at,
        observed=_observed(sheet, policies),
        decided=any(item.decided for item in telling),
    )


def _observed(sheet: FactSheet, policies: str | None) -> tuple[Observation, ...]:
    """Policies that cannot be used say nothing: `None`."""
    return (
        Look(Topic.POLICY, Source.POLICIES, sheet.at).says("policies", policies),
        Look(Topic.POLICY, Source.RECORDS, sheet.at).says("facts, version", str(sheet.version)),
    )


def _obligations(judged: Sequence[_Judgement], verdict: Verdict) -> tuple[str, ...]:
    found = {item for role in judged for item in role.obligations}
    return tuple(sorted(found & {REDACT} if verdict is Verdict.DENY else found))  # (8)
