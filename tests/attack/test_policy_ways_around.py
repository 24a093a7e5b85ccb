"""The attacker looks for a way around one rule: a lost file, other facts, another identity.

Holds: the right to edit one policy file badly, or to feed the decision point facts about something
harmless, or an agent of one's own. Wants: access that some rule forbids. Does: drops the file of
prohibitions; has the facts of one role judged for another; lets the agent take the second side of a
separated pair; asks again in other words after a denial.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from govagents.domain.decision import Verdict
from govagents.domain.ids import IdentityId, RoleId
from govagents.policy import engine
from govagents.policy.engine import CedarDecisionPoint, decision_point
from govagents.policy.ordinary import ORDINARY, Facts, proposal_of, sheet_of
from govagents.policy.source import PolicyFile
from govagents.policy.standing import party
from govagents.ports import Holding
from tests.unit.policy.company import answer, case, now, only, sheet, world

POLICIES = Path(__file__).parents[2] / "evals" / "worlds" / "halden" / "policies"
GUARD = "principal.active && resource.requestable_by.contains(principal.audience)"
GIVE = '@id("give") permit (principal, action == Action::"grant", resource);'
LEAVER = replace(ORDINARY, principal=replace(ORDINARY.principal, active=False))
OTHER_KIND = replace(
    ORDINARY, resource=replace(ORDINARY.resource, requestable_by=frozenset({"service"}))
)
NO_CLEARANCE = replace(ORDINARY, resource=replace(ORDINARY.resource, clearance=2))


def without(name: str) -> list[PolicyFile]:
    paths = sorted(POLICIES.glob("*.cedar"))
    return [PolicyFile(path.name, path.read_text()) for path in paths if path.name != name]


def verdict(files: list[PolicyFile], facts: Facts) -> Verdict:
    point = decision_point(files)
    found = sheet_of(facts, point.panels)
    return point.decide(found, proposal_of(found)).verdict


@pytest.mark.parametrize("facts", [LEAVER, OTHER_KIND, NO_CLEARANCE])
def test_loss_of_the_eligibility_file_is_contained(facts: Facts) -> None:
    """Each permit repeats the eligibility guard, so a lost `forbid` gives nobody anything."""
    assert verdict(without("eligibility.cedar"), facts) is Verdict.DENY


def test_loss_of_the_eligibility_file_is_contained_by_the_repeated_guard() -> None:
    """Taken away as well, the guard is missed: a leaver is given access."""
    unguarded = [
        PolicyFile(file.name, file.text.replace(GUARD, "true"))
        for file in without("eligibility.cedar")
    ]

    assert verdict(unguarded, LEAVER) is Verdict.PERMIT


def test_facts_of_a_harmless_role_are_refused() -> None:
    """S65: what was judged is what would be given, or nothing is."""
    point = decision_point([PolicyFile("a.cedar", GIVE)])
    harmless = sheet_of(ORDINARY)
    swapped = replace(proposal_of(harmless), roles=(RoleId("admin"),))
    fewer = replace(proposal_of(harmless), roles=(*proposal_of(harmless).roles, RoleId("admin")))

    assert point.decide(harmless, swapped).verdict is Verdict.DENY
    assert point.decide(harmless, fewer).verdict is Verdict.DENY


def test_facts_of_a_harmless_role_are_contained_by_shipped_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Taken away, the comparison is missed: one role is judged, another permitted."""
    point = decision_point([PolicyFile("a.cedar", GIVE)])
    harmless = sheet_of(ORDINARY)
    swapped = replace(proposal_of(harmless), roles=(RoleId("admin"),))

    monkeypatch.setattr(engine, "_unfit", lambda *_: [])

    assert point.decide(harmless, swapped).verdict is Verdict.PERMIT


def test_policies_with_one_id_twice_are_refused() -> None:
    """A second policy under a known id would hide which of them decided."""
    twice = [PolicyFile("a.cedar", GIVE), PolicyFile("b.cedar", GIVE)]

    assert not isinstance(decision_point(twice), CedarDecisionPoint)
    assert verdict(twice, ORDINARY) is Verdict.DENY


@pytest.mark.parametrize(("asks", "holds"), [("ben", "copilot"), ("copilot", "ben")])
def test_separation_split_over_person_and_agent_is_detected(asks: str, holds: str) -> None:
    """Invariant 7: whichever of the two holds the first side, the other gets no second."""
    held = Holding(IdentityId(holds), RoleId("payer"), None, "request")
    about = case(["releaser"], speaker=asks, beneficiary=asks)

    assert holds in party(world(), IdentityId(asks))
    assert only(sheet(about, circumstances=now(holdings=(held,)))).context.conflicts == {"payments"}


def test_asking_again_after_a_denial_is_refused() -> None:
    """S70: a person's no outweighs another person's yes to the same request."""
    about = case(["exporter"])
    said = (answer("owen", about, consent=False), answer("boss", about))

    found = only(sheet(about, circumstances=now(answers=said))).context
    facts = Facts(ORDINARY.principal, ORDINARY.resource, replace(found, automatic_left=9))

    assert verdict(without(""), facts) is Verdict.DENY
    assert verdict(without("objections.cedar"), facts) is Verdict.PERMIT
