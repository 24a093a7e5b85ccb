"""Access is given within the window asked for and outside it not for a second (S38).

Policy is asked too, and here it agrees to everything: the guard's own look at the clock is shown.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from govagents.action.case import sealed_case
from govagents.action.guard import GuardedTargets
from govagents.domain.decision import Decision, Verdict
from govagents.domain.facts import FactSheet
from govagents.domain.grant import Effect, EffectKind
from govagents.domain.proposal import Proposal
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.ports import DecisionPoint
from govagents.testing.company import Company

SRE = "samuel.adeyemi"
ASKED = "Redrive the tracking dlq, today 10:00 to 11:00"
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"
START = datetime(2026, 11, 23, 10, tzinfo=UTC)
END = START + timedelta(hours=1)
SECOND = timedelta(seconds=1)


@dataclass
class Yes:
    """A decision point that agrees to everything, also to what is over."""

    behind: DecisionPoint

    def decide(self, sheet: FactSheet, proposal: Proposal) -> Decision:
        found = self.behind.decide(sheet, proposal)
        return replace(found, verdict=Verdict.PERMIT, obligations=())


@pytest.fixture
def asked(company: Company) -> View:
    found = company.ask(SRE, ASKED)
    assert found.status is Status.PENDING
    assert found.proposal is not None
    assert (found.proposal.window.start, found.proposal.window.end) == (START, END)
    return found


def given_at(company: Company, asked: View, now: datetime) -> Effect:
    company.at(now)
    guard = company.app.guard
    agreeing = replace(guard, policy=Yes(guard.policy), sweeper_alive=lambda: True)
    return agreeing.grant(asked.request.id)


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (START - SECOND, EffectKind.SCHEDULED),
        (START, EffectKind.GIVEN),
        (END - SECOND, EffectKind.GIVEN),
        (END, EffectKind.DENIED),
        (END + SECOND, EffectKind.DENIED),
    ],
)
def test_the_guard_gives_only_within_the_window(
    company: Company, asked: View, now: datetime, kind: EffectKind
) -> None:
    """S38: not a second before it begins, and not a second after its end."""
    effect = given_at(company, asked, now)

    within = kind is EffectKind.GIVEN
    assert effect.kind is kind
    assert company.holds(SRE, ROLE, SYSTEM) is within
    assert [(grant.window.start, grant.window.end) for grant in company.grants()] == (
        [(now, END)] if within else []
    )


def test_it_is_said_that_the_time_has_passed_when_it_has(company: Company, asked: View) -> None:
    """S38."""
    effect = given_at(company, asked, END)

    assert effect.reasons == ("the time asked for has passed: ask again",)
    assert company.view(asked.request.id).status is Status.DENIED


def test_what_has_passed_is_given_when_the_guard_does_not_look_at_the_clock(
    company: Company, asked: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S38: the harm without its own look, which comes before policy is asked."""
    monkeypatch.setattr(GuardedTargets, "_barred", lambda *_: None)

    assert given_at(company, asked, END + SECOND).kind is EffectKind.GIVEN


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (END - SECOND, Verdict.ASK),
        (END, Verdict.DENY),
        (END + SECOND, Verdict.DENY),
    ],
)
def test_policy_denies_what_is_over_too(
    company: Company, asked: View, now: datetime, verdict: Verdict
) -> None:
    """S38: the decision point itself, on the clock of the moment at which it is asked."""
    company.at(now)
    guard = company.app.guard
    with company.app.records.begin() as tx:
        case = sealed_case(tx, asked.request.id)

    decision = guard.policy.decide(guard.facts.sheet(case), case.proposal)

    assert decision.verdict is verdict
    assert ("window-over" in [reason.policy for reason in decision.reasons]) is (
        verdict is Verdict.DENY
    )
