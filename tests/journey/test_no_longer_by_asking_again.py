"""The most time a role or an agent may have holds over all requests together (S60)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from govagents.action import runs as recorded
from govagents.adapters import facts
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.ports import Holding, Transaction
from govagents.testing.company import Company

RESPONDER, OWNER = "agent-sre-responder", "katarzyna.wolska"
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"
REDRIVE = "Redrive the tracking dlq"
TODAY = f"{REDRIVE}, from 2026-11-24 09:00 to 2026-11-25 09:00"
NEXT = f"{REDRIVE}, from 2026-11-25 09:00 to 2026-11-26 09:00"


def denied_by(view: View) -> list[str]:
    assert view.decision is not None
    return [each.policy for each in view.decision.reasons]


def test_an_agent_is_denied_a_second_day_when_it_asks_before_the_first_is_over(
    company: Company,
) -> None:
    """S60: and gets another day when there was a break."""
    company.approve(company.ask(RESPONDER, f"{REDRIVE}, 24h"), OWNER)
    company.pass_time(timedelta(hours=23))

    again = company.ask(RESPONDER, f"{REDRIVE}, 24h")

    assert (again.status, denied_by(again)) == (Status.DENIED, ["max-time-of-agents"])
    company.pass_time(timedelta(hours=1))
    company.sweep()
    assert not company.holds(RESPONDER, ROLE, SYSTEM)
    company.pass_time(timedelta(minutes=59))
    assert company.ask(RESPONDER, f"{REDRIVE}, 24h").status is Status.DENIED
    company.pass_time(timedelta(minutes=1))
    later = company.approve(company.ask(RESPONDER, f"{REDRIVE}, 24h"), OWNER)
    assert later.status is Status.ACTIVE


def test_a_day_is_not_agreed_to_when_it_follows_a_day_that_was(company: Company) -> None:
    """S60: both asked before either was agreed to; the second is decided with the first."""
    first, second = company.ask(RESPONDER, TODAY), company.ask(RESPONDER, NEXT)
    assert second.status is Status.PENDING
    assert company.approve(first, OWNER).status is Status.APPROVED

    refused = company.approve(second, OWNER)

    assert (refused.status, denied_by(refused)) == (Status.DENIED, ["max-time-of-agents"])


def thrice(company: Company) -> View:
    """Each before the one before is over; the first has ended when the third is asked for."""
    for _ in range(2):
        company.approve(company.ask(RESPONDER, f"{REDRIVE}, 10h"), OWNER)
        company.pass_time(timedelta(hours=9))
        company.sweep()
    return company.ask(RESPONDER, f"{REDRIVE}, 7h")


def test_what_has_ended_counts_when_it_was_followed_without_a_break(company: Company) -> None:
    """S60: 10, 10 and 7 hours that overlap by an hour each come to 25."""
    third = thrice(company)

    assert len(company.grants(Status.EXPIRED)) == 1
    assert (third.status, denied_by(third)) == (Status.DENIED, ["max-time-of-agents"])


def test_an_agent_goes_on_for_ever_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60: the harm: each end forgets what was before it.

    removes: govagents/policy/facts.py
    """
    real = recorded.runs

    def live(
        tx: Transaction, who: IdentityId, *, besides: RequestId, now: datetime
    ) -> tuple[Holding, ...]:
        over = {each.window.start for each in tx.grants.of_identity(who) if each.ended}
        found = real(tx, who, besides=besides, now=now)
        return tuple(each for each in found if each.window and each.window.start not in over)

    monkeypatch.setattr(facts, "runs", live)

    assert thrice(company).status is Status.PENDING


def test_an_agent_holds_two_days_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60: the harm: each request counts by itself."""

    def none(_tx: Transaction, _who: IdentityId, **_by: RequestId | object) -> Sequence[Holding]:
        return ()

    monkeypatch.setattr(facts, "runs", none)
    company.approve(company.ask(RESPONDER, f"{REDRIVE}, 24h"), OWNER)
    company.pass_time(timedelta(hours=23))
    company.approve(company.ask(RESPONDER, f"{REDRIVE}, 24h"), OWNER)
    company.pass_time(timedelta(hours=22))
    company.sweep()

    assert company.holds(RESPONDER, ROLE, SYSTEM)
