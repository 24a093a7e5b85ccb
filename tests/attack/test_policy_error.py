"""The attacker has a leaver's record removed and asks again.

Holds: a request that some `forbid` would stop, and a way to make that `forbid` err, such as an
entity it reads having been deleted. Wants: the permit beside it to speak alone. Does: nothing but
ask, because Cedar skips a policy whose evaluation errs, a `forbid` included. Such a policy is not
read (`source`); what one that is read all the same would do is shown here.
"""

import cedarpy
import pytest

from govagents.domain.decision import Verdict
from govagents.policy import source
from govagents.policy.cedar import Outcome
from govagents.policy.engine import decision_point
from govagents.policy.lint import lint
from govagents.policy.ordinary import ORDINARY, proposal_of, sheet_of
from govagents.policy.schema import schema_text, slice_of
from govagents.policy.source import PolicyFile

POLICIES = """
@id("give") permit (principal, action == Action::"grant", resource);
@id("stop") @guards("delegator active") forbid (principal, action, resource)
unless { Person::"removed".active };
"""
SHEET = sheet_of(ORDINARY)


@pytest.fixture
def read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Operators are not looked at when the files are read."""
    monkeypatch.setattr(source, "forbidden", lambda _expression: ())


@pytest.mark.usefixtures("read_all_the_same")
def test_erring_forbid_is_refused() -> None:
    """S40: whatever erred is a denial with the error as its reason."""
    decision = decision_point([PolicyFile("a.cedar", POLICIES)]).decide(SHEET, proposal_of(SHEET))

    assert decision.verdict is Verdict.DENY
    assert '`Person::"removed"` does not exist' in decision.reasons[0].text


def test_erring_forbid_is_skipped_by_bare_cedar_and_so_contained() -> None:
    """What we defend against: the same policies and facts, decided by Cedar alone, give access."""
    facts = slice_of(SHEET.subject, SHEET.roles[0])
    request = {
        "principal": dict(facts.principal),
        "action": 'Action::"grant"',
        "resource": dict(facts.resource),
        "context": dict(facts.context),
    }

    bare = cedarpy.is_authorized(request, POLICIES, facts.entities, schema_text())

    assert bare.decision is cedarpy.Decision.Allow
    assert bare.diagnostics.errors


@pytest.mark.usefixtures("read_all_the_same")
def test_erring_forbid_is_contained_by_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken away, the shipped line is missed: the grant goes through.

    removes: govagents/policy/cedar.py (undecided means no)
    removes: govagents/policy/cedar.py (without `not self.errors`)
    """
    monkeypatch.setattr(Outcome, "allowed", property(lambda self: self.satisfied))

    decision = decision_point([PolicyFile("a.cedar", POLICIES)]).decide(SHEET, proposal_of(SHEET))

    assert decision.verdict is Verdict.PERMIT


def test_entity_outside_the_slice_is_detected() -> None:
    """Lint finds such a policy, and nothing is decided with it."""
    files = [PolicyFile("a.cedar", POLICIES)]

    decision = decision_point(files).decide(SHEET, proposal_of(SHEET))

    assert any(
        item.policy == "stop" and "not one of the facts" in item.text for item in lint(files)
    )
    assert decision.verdict is Verdict.DENY
    assert "not one of the facts" in decision.reasons[0].text
