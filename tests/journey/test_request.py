"""One request from its sentence to its verified end, and the ways it can end earlier."""

from datetime import UTC, datetime, timedelta

import pytest

from govagents.domain.decision import Verdict
from govagents.domain.grant import Change, Evidence
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.domain.prediction import predicted
from govagents.domain.proposal import Sufficiency
from govagents.domain.request import Status
from govagents.domain.view import Outcome
from govagents.errors import StateError
from govagents.findings import latest
from govagents.testing.company import Company

SRE = "samuel.adeyemi"
REDRIVE = "Redrive the tracking dlq, 2h"
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"
MANAGER = "arjun.mehta"


def test_access_is_given_once_approved_and_ends_when_due(company: Company) -> None:
    """S5 S38 S40: smallest set, proved; nothing before consent; gone after its end."""
    asked = company.ask(SRE, REDRIVE)

    assert asked.status is Status.PENDING
    assert asked.proposal is not None
    assert asked.proposal.roles == (ROLE,)
    assert asked.proposal.proof.status is Sufficiency.OPTIMAL
    assert asked.proposal.proof.certificate is not None
    assert asked.decision is not None
    assert asked.decision.approvers == (MANAGER,)
    assert not company.holds(SRE, ROLE, SYSTEM)

    given = company.approve(asked, MANAGER, "go on")

    assert given.status is Status.ACTIVE
    assert company.holds(SRE, ROLE, SYSTEM)

    company.pass_time(timedelta(hours=2) - timedelta(seconds=1))
    company.sweep()
    assert company.holds(SRE, ROLE, SYSTEM)

    company.pass_time(timedelta(seconds=1))
    company.sweep()
    ended = company.view(asked.request.id)
    assert ended.status is Status.EXPIRED
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_each_transition_is_logged_once_when_a_request_is_seen_through(company: Company) -> None:
    """S42 S73 S77: what was done to the target is in the log, by agent and by principal."""
    asked = company.ask(SRE, REDRIVE)
    company.approve(asked, MANAGER)
    company.pass_time(timedelta(hours=3))
    company.sweep()

    entries = [event for _, event in company.view(asked.request.id).entries]
    grant = [event.kind for event in entries if event.kind.startswith("grant.")]
    answered = next(event for event in entries if event.kind == "answer.approved")

    assert grant == [
        "grant.intended",
        "grant.applied",
        "grant.verified",
        "grant.ending",
        "grant.ended",
    ]
    assert answered.principal == MANAGER
    assert all(event.agent != event.principal for event in entries)


def test_what_is_predicted_is_what_happens(company: Company) -> None:
    """S13 S14: the difference shown beforehand equals the one read back."""
    asked = company.ask(SRE, REDRIVE)
    assert asked.proposal is not None
    expected = predicted(asked.proposal, company.app.catalogs.current())

    company.approve(asked, MANAGER)

    assert set(company.app.guard.observe(asked.request.id)) == set(expected)
    assert expected == (Change(SystemId(SYSTEM), RoleId(ROLE), IdentityId(SRE), gained=True),)
    with company.app.records.begin() as tx:
        assert latest(tx, asked.request.id, "evidence", Evidence) is Evidence.CONFIRMED


def test_a_waiting_request_is_resumed_by_another_process(company: Company) -> None:
    """S64: what waits for a person outlives the process that asked."""
    asked = company.ask(SRE, REDRIVE)

    given = company.restarted().approve(asked, MANAGER)

    assert given.status is Status.ACTIVE


def test_nobody_decides_on_their_own_request(company: Company) -> None:
    """S44: self-approval never, giving back always."""
    asked = company.ask(SRE, REDRIVE)
    with pytest.raises(StateError, match=r"not for `samuel\.adeyemi`"):
        company.approve(asked, SRE)
    given = company.approve(asked, MANAGER)

    ended = company.app.guard.end(
        given.grants[0].id, actor=given.request.speaker, cause="given_back"
    )

    assert ended is Status.REVOKED
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_a_denial_stands_against_any_rewording(company: Company) -> None:
    """S70: what a person denied stays denied for a day."""
    asked = company.ask(SRE, REDRIVE)
    denied = company.deny(asked, MANAGER, "not today")
    assert denied.status is Status.DENIED

    again = company.ask(SRE, "Please let me redrive the tracking dlq for one hour.")
    assert again.decision is not None
    assert again.decision.verdict is Verdict.DENY
    assert [reason.policy for reason in again.decision.reasons] == ["denied-before"]

    company.pass_time(timedelta(hours=24, minutes=1))
    later = company.ask(SRE, REDRIVE)
    assert later.status is Status.PENDING


READING = "I want to read the anonymised lane statistics for one hour."
EXPORTING = "I want to export the anonymised lane statistics for one hour."
ANALYST = "nia.roberts"


def test_anonymised_data_is_read_in_business_hours_without_asking_anybody(
    company: Company,
) -> None:
    """S41 S58: 10:00 allowed."""
    company.at(datetime(2026, 11, 23, 10, tzinfo=UTC))

    asked = company.ask(ANALYST, READING)

    assert asked.status is Status.ACTIVE
    assert company.holds(ANALYST, "ad-lane-statistics-reader", "aws-data")


def test_anonymised_data_is_not_read_at_night(company: Company) -> None:
    """S9 S41 S58: 22:00 denied, and the guard that said no is named."""
    company.at(datetime(2026, 11, 23, 22, tzinfo=UTC))

    asked = company.ask(ANALYST, READING)

    assert asked.status is Status.DENIED
    assert asked.decision is not None
    assert [reason.guards for reason in asked.decision.reasons] == [("business hours",)]


def test_exporting_anonymised_data_asks_its_owner(company: Company) -> None:
    """S58: export is a request, an approval, then allowed."""
    asked = company.ask(ANALYST, EXPORTING)

    assert asked.status is Status.PENDING
    assert asked.decision is not None
    owner = asked.decision.approvers[0]
    assert company.approve(asked, owner).status is Status.ACTIVE


def test_a_plan_stores_nothing_and_moves_nothing(company: Company) -> None:
    """S14: a what-if leaves log, clock and targets as they were."""
    with company.app.records.begin() as tx:
        before = tx.log.size()

    plan = company.plan(SRE, REDRIVE, now=datetime(2026, 11, 20, 9, tzinfo=UTC))

    assert plan.outcome is Outcome.PROPOSE
    assert plan.status is Status.DRAFT
    with company.app.records.begin() as tx:
        assert tx.log.size() == before
        assert tx.requests.list() == ()
    assert company.app.clock.now() == datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_grant_is_blocked_when_no_sweeper_is_alive(company: Company) -> None:
    """S38: no sweeper, no grant; the next sweep gives what waited."""
    asked = company.ask(SRE, REDRIVE)
    with company.app.records.begin() as tx:
        tx.settings.set("sweeper_seen", 0)

    blocked = company.approve(asked, MANAGER)

    assert blocked.status is Status.BLOCKED
    assert "govagents sweep" in blocked.note
    assert not company.holds(SRE, ROLE, SYSTEM)
    company.sweep()
    assert company.view(asked.request.id).status is Status.ACTIVE


def test_a_request_for_everything_gets_the_least(company: Company) -> None:
    """S60: "just make me admin" is answered with what the purpose takes."""
    asked = company.ask(
        SRE, "Make me cluster admin for an hour, I need to do a rolling restart of a deployment."
    )

    assert asked.outcome is Outcome.NARROW
    assert asked.proposal is not None
    assert asked.proposal.roles == ("kp-restarter",)


def test_a_request_lapses_when_nobody_answers(company: Company) -> None:
    asked = company.ask(SRE, REDRIVE)

    company.pass_time(timedelta(hours=24))
    company.sweep()

    assert company.view(asked.request.id).status is Status.LAPSED
