from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govagents.domain.decision import Decision, Verdict
from govagents.domain.facts import FactSheet
from govagents.domain.ids import IdentityId, RoleId
from govagents.policy.engine import CedarDecisionPoint, Refusing, decision_point
from govagents.policy.ordinary import ORDINARY, proposal_of, sheet_of
from govagents.policy.source import PolicyFile, Unread

GIVE = '@id("give") permit (principal, action == Action::"grant", resource);'
ASK = '@id("ask") @approver("owner") permit (principal, action == Action::"request", resource);'
STOP = '@id("stop") @reason("never") forbid (principal, action, resource);'
_POOL = (
    GIVE,
    ASK,
    STOP,
    '@id("give-b") permit (principal, action == Action::"grant", resource == Role::"b");',
    ASK.replace('"ask"', '"ask-b"').replace("resource)", 'resource == Role::"b")'),
    '@id("stop-grant") forbid (principal, action == Action::"grant", resource);',
    '@id("stop-b") forbid (principal, action, resource == Role::"b");',
    '@id("err") forbid (principal, action, resource) when { Person::"gone".active };',
)
_ORDER = [Verdict.PERMIT, Verdict.ASK, Verdict.DENY]


def point(*texts: str) -> CedarDecisionPoint | Refusing:
    return decision_point([PolicyFile("a.cedar", "\n".join(texts))])


def two_roles() -> FactSheet:
    one = sheet_of(ORDINARY)
    first = one.roles[0]
    roles = [replace(first, role=replace(first.role, id=RoleId(name))) for name in ("a", "b")]
    return replace(one, roles=tuple(roles))


def decide(texts: Sequence[str], sheet: FactSheet | None = None) -> Decision:
    deciding = point(*texts)
    facts = sheet or sheet_of(ORDINARY, deciding.panels)
    return deciding.decide(facts, proposal_of(facts))


@pytest.mark.parametrize(
    ("texts", "verdict"),
    [
        ([GIVE], Verdict.PERMIT),
        ([GIVE, ASK], Verdict.PERMIT),
        ([ASK], Verdict.ASK),
        ([ASK, _POOL[5]], Verdict.ASK),
        ([GIVE, ASK, STOP], Verdict.DENY),
        ([STOP], Verdict.DENY),
        ([_POOL[3]], Verdict.DENY),
    ],
)
def test_verdict_is_what_cedar_allowed_when_decided(texts: list[str], verdict: Verdict) -> None:
    """Issue 2: grant allowed → permit, else request allowed → ask, else deny (S59)."""
    assert decide(texts).verdict is verdict


def test_set_takes_the_strictest_role_when_roles_differ() -> None:
    """S59: one role's denial denies the set; one role's question asks for it."""
    assert decide([GIVE, _POOL[6]], two_roles()).verdict is Verdict.DENY
    assert decide([ASK, _POOL[3]], two_roles()).verdict is Verdict.ASK
    assert decide([GIVE], two_roles()).verdict is Verdict.PERMIT


def test_denial_names_only_the_denying_role_when_roles_differ() -> None:
    reasons = decide([GIVE, _POOL[6]], two_roles()).reasons

    assert [(reason.role, reason.policy) for reason in reasons] == [("b", "stop-b")]


def test_set_is_denied_when_empty() -> None:
    decision = decide([GIVE], replace(sheet_of(ORDINARY), roles=()))

    assert decision.verdict is Verdict.DENY
    assert "no role" in decision.reasons[0].text


@pytest.mark.parametrize("change", ["roles", "beneficiary"])
def test_facts_are_refused_when_about_something_else(change: str) -> None:
    sheet = sheet_of(ORDINARY)
    other = {"roles": (RoleId("other"),), "beneficiary": IdentityId("somebody-else")}
    proposal = replace(proposal_of(sheet), **{change: other[change]})  # type: ignore[arg-type]  # by name

    decision = point(GIVE).decide(sheet, proposal)

    assert decision.verdict is Verdict.DENY
    assert "not about this proposal" in decision.reasons[0].text


def test_every_consent_is_needed_when_two_policies_ask() -> None:
    manager = ASK.replace('"ask"', '"ask-too"').replace("owner", "manager, owner")

    decision = decide([ASK, manager.replace("@approver", '@quorum("2") @approver')])

    seats = [([seat.kind for seat in item.seats], item.quorum) for item in decision.consents]
    assert seats == [(["manager", "role-owner"], 2), (["role-owner"], 1)]
    assert decision.approvers == ("manager", "role-owner")


def test_consent_is_closed_when_nobody_was_looked_up() -> None:
    decision = decide([ASK], sheet_of(ORDINARY, panels=()))

    (consent,) = decision.consents
    assert not consent.open
    assert consent.seats[0].person is None


def test_obligations_are_gathered_when_several_policies_allow() -> None:
    """S59: a decision carries obligations."""
    noted = GIVE.replace("permit", '@obligation("notify") permit')
    other = noted.replace('"give"', '"give-too"').replace("notify", "notify, redact")

    assert decide([noted, other]).obligations == ("notify", "redact")


def test_denial_carries_no_obligation_when_a_forbid_fires() -> None:
    assert decide([GIVE.replace("permit", '@obligation("notify") permit'), STOP]).obligations == ()


def quiet(policy: str) -> str:
    """It obliges to keep the words back, and to more."""
    return f'@obligation("redact, notify, step_up") {policy}'


GIVE_B, STOP_B, ERR = _POOL[3], _POOL[6], _POOL[7]
HELD_BACK = GIVE[:-1] + " when { principal.trust > 1000 };"
OTHERS = GIVE_B.replace("give-b", "give-c").replace('"b"', '"c"')


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        ([GIVE, quiet(STOP)], True),
        ([quiet(GIVE), STOP], True),
        ([quiet(HELD_BACK)], True),
        ([quiet(ASK), GIVE_B, STOP_B], True),
        ([quiet(GIVE), ERR], True),
        ([GIVE, quiet(GIVE_B), quiet(STOP_B)], True),
        ([ASK, GIVE_B, quiet(OTHERS), STOP], False),
        ([GIVE, STOP], False),
        ([HELD_BACK], False),
    ],
)
def test_a_no_keeps_the_words_back_when_what_denied_or_came_near_says_so(
    texts: list[str], *, kept: bool
) -> None:
    """S59: and obliges to nothing else."""
    decision = decide(texts, two_roles())

    assert decision.verdict is Verdict.DENY
    assert decision.obligations == (("redact",) if kept else ())


def test_a_no_keeps_the_words_back_when_a_policy_that_says_so_cannot_be_used() -> None:
    """S59: nobody knows what an unread file would have said; any other is looked through."""
    broken, sheet = PolicyFile("b.cedar", "permit(principal"), sheet_of(ORDINARY)
    unread = Unread("b.cedar", "it is no text")

    def kept(policy: str, other: PolicyFile | Unread) -> tuple[str, ...]:
        deciding = decision_point([PolicyFile("a.cedar", policy), other])
        assert isinstance(deciding, Refusing)
        return deciding.decide(sheet, proposal_of(sheet)).obligations

    assert kept(quiet(GIVE), broken) == kept(GIVE, unread) == ("redact",)
    assert kept(GIVE, broken) == ()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "no policy"),
        ([PolicyFile("a.cedar", "// nothing yet")], "no policy"),
        ([PolicyFile("a.cedar", GIVE), PolicyFile("b.cedar", "permit(principal")], "b.cedar:1"),
        ([PolicyFile("a.cedar", GIVE), PolicyFile("b.cedar", GIVE)], "already taken in a.cedar"),
        ([PolicyFile("a.cedar", "permit (principal, action, resource);")], "no id"),
        ([PolicyFile("a.cedar", GIVE[:-1] + " when { principal.trusst > 1 };")], "trusst"),
        (
            [PolicyFile("a.cedar", GIVE.replace("principal,", "principal == ?principal,"))],
            "template",
        ),
        ([PolicyFile("a.cedar", '@quorum("none") ' + ASK)], "quorum"),
    ],
)
def test_everything_is_denied_when_policies_cannot_be_used(
    files: list[PolicyFile], said: str
) -> None:
    """Missing, unparseable, or two with one id: a denial with the reason (S40)."""
    sheet = sheet_of(ORDINARY)

    decision = decision_point(files).decide(sheet, proposal_of(sheet))

    assert decision.verdict is Verdict.DENY
    assert any(said in reason.text for reason in decision.reasons)


def test_evaluation_is_named_by_what_it_rests_on_when_repeated() -> None:
    """S42: the evaluation id binds facts, policies and proposal."""
    first, again = decide([GIVE]), decide([GIVE])
    other_policies = decide([GIVE, ASK])
    other_facts = decide([GIVE], replace(sheet_of(ORDINARY), version=2))

    assert first == again
    assert len({first.evaluation, other_policies.evaluation, other_facts.evaluation}) == 3
    assert first.policy_digest != other_policies.policy_digest


def test_decision_is_the_same_when_files_come_in_another_order() -> None:
    files = [PolicyFile("b.cedar", ASK), PolicyFile("a.cedar", GIVE)]
    sheet = sheet_of(ORDINARY)

    first, second = (
        decision_point(order).decide(sheet, proposal_of(sheet)) for order in (files, files[::-1])
    )

    assert first == second


def test_cedar_error_is_a_denial_when_a_fact_is_out_of_range() -> None:
    """S40: what Cedar cannot take in is not decided."""
    facts = replace(ORDINARY, principal=replace(ORDINARY.principal, trust=2**70))

    decision = decide([GIVE], sheet_of(facts))

    assert decision.verdict is Verdict.DENY
    assert "could not be decided" in decision.reasons[0].text


@given(st.sets(st.sampled_from(_POOL)), st.sampled_from(_POOL))
def test_verdict_never_loosens_when_a_forbid_is_added_or_a_permit_removed(
    texts: set[str], extra: str
) -> None:
    """No Python branch turns a deny into anything else: judged over all mixtures of policies."""
    fewer, more = sorted(texts - {extra}), sorted(texts | {extra})
    before, after = (decide(chosen, two_roles()).verdict for chosen in (fewer, more))

    strict = (before, after) if "forbid" in extra else (after, before)

    assert _ORDER.index(strict[0]) <= _ORDER.index(strict[1])
