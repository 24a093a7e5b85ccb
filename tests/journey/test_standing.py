"""Nothing is given for good: not to an agent, not to anybody (S44 S60)."""

import re
from datetime import datetime, timedelta
from typing import get_type_hints

import pytest

from govagents.domain.decision import Verdict
from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status, Window
from govagents.domain.rules import Eligibility
from govagents.errors import StateError
from govagents.perception.clockwords import Said
from govagents.planning import proposer
from govagents.testing.company import Company
from tests.journey.terminal import Terminal

RESPONDER, OWNER = "agent-sre-responder", "katarzyna.wolska"
ROLLBACK = (
    "Release 4.17.2 raised latency (INC-4411). I want to put tracking-web back on its previous "
    "revision"
)
QUEUES, QUEUE_SYSTEM = "ap-queue-operator", "aws-prod"
REDRIVE = "Redrive the tracking dlq for 3 days"
ROLE, SYSTEM = "x-release-window", "k8s-prod"


@pytest.mark.parametrize("words", ["permanently", "forever", "from now on", "indefinitely"])
def test_an_agent_that_asks_for_good_is_asked_until_when(company: Company, words: str) -> None:
    """S60: a standing grant is not even proposed; only an end makes it a request."""
    asked = company.ask(RESPONDER, f"{ROLLBACK}, {words}.")
    assert (asked.status, asked.proposal) == (Status.NEEDS_INFO, None)

    again = company.answer(asked, words)

    assert again.status is Status.NEEDS_INFO
    assert not company.grants()
    assert not company.holds(RESPONDER, ROLE, SYSTEM)


def test_a_standing_grant_would_be_guessed_an_end_when_nobody_were_asked(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60: the harm without the line: it is given, for a time that nobody named."""
    monkeypatch.setattr(Said, "OPEN_END", re.compile(r"(?!)"))

    asked = company.ask(RESPONDER, f"{ROLLBACK}, permanently.")

    assert company.approve(asked, OWNER).status is Status.ACTIVE


def test_an_agent_that_names_a_far_end_gets_no_more_than_its_role_allows(
    company: Company,
) -> None:
    """S60: three hundred days are cut to the role's own maximum, which is said, and end with it."""
    asked = company.ask(RESPONDER, f"{ROLLBACK}, for 300 days.")
    assert asked.proposal is not None
    assert asked.proposal.cut_by == ROLE

    (grant,) = company.approve(asked, OWNER).grants
    assert grant.window.length == timedelta(hours=12)
    company.pass_time(timedelta(hours=12))
    company.sweep()

    assert not company.holds(RESPONDER, ROLE, SYSTEM)


def test_an_agent_gets_no_more_than_a_day_when_its_role_is_given_for_a_week(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S60: cut to what an agent may hold at once, which is said before anybody agrees."""
    asked = company.ask(RESPONDER, REDRIVE)
    assert asked.proposal is not None
    assert (asked.proposal.roles, asked.proposal.cut_by_kind) == ((QUEUES,), True)
    shown = Terminal(company.home, capsys).type("request", "show", asked.request.id).words
    assert "(1 d), counted from activation; an agent holds nothing for longer at once" in shown

    (grant,) = company.approve(asked, OWNER).grants
    company.pass_time(timedelta(days=1))
    company.sweep()

    assert grant.window.length == timedelta(days=1)
    assert not company.holds(RESPONDER, QUEUES, QUEUE_SYSTEM)


def test_an_agent_is_denied_more_than_a_day_when_the_plan_does_not_cut_it(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60: policy says no by itself, names the limit and what to ask for."""
    monkeypatch.setattr(proposer, "_cut_by_kind", lambda proposal, _world: proposal)

    denied = company.ask(RESPONDER, REDRIVE)

    assert denied.status is Status.DENIED
    assert denied.decision is not None
    assert [(each.policy, each.text) for each in denied.decision.reasons] == [
        (
            "max-time-of-agents",
            "4320 minutes without a break, counting grants right before and after: an agent holds "
            "a role for 1440 at most, so ask for less, or for a time that begins after a break",
        )
    ]


def test_an_agent_is_given_three_days_without_the_shipped_lines(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60: the harm: only the role's own maximum counts."""
    monkeypatch.setattr(Eligibility, "longest", lambda _rules, _kind: None)

    (grant,) = company.approve(company.ask(RESPONDER, REDRIVE), OWNER).grants

    assert grant.window.length == timedelta(days=3)


def test_an_end_beyond_a_year_is_refused(company: Company) -> None:
    """S60: whatever the maximum of a role, and also where it has none."""
    asked = company.ask(RESPONDER, f"{ROLLBACK}, for 20 years.")

    assert asked.status is Status.BLOCKED
    assert "name an end within 366 days" in asked.note


def test_a_grant_has_an_end_by_its_type() -> None:
    """S60: no grant can be written without one."""
    assert get_type_hints(Grant)["window"] is Window
    assert get_type_hints(Window)["end"] is datetime


def test_an_agent_gives_back_its_own_access_and_agrees_to_none_of_it(company: Company) -> None:
    """S44: it asks, its owner agrees, it ends its own access; on its own request it has no say."""
    asked = company.ask(RESPONDER, f"{ROLLBACK}, 20 minutes.")
    assert asked.decision is not None
    assert asked.decision.verdict is Verdict.ASK
    with pytest.raises(StateError, match=f"not for `{RESPONDER}`"):
        company.approve(asked, RESPONDER)
    given = company.approve(asked, OWNER)
    assert company.holds(RESPONDER, ROLE, SYSTEM)

    ended = company.app.guard.end(
        given.grants[0].id, actor=IdentityId(RESPONDER), cause="given_back"
    )

    assert ended is Status.REVOKED
    assert not company.holds(RESPONDER, ROLE, SYSTEM)
