"""What was agreed to and is to be given later may need another answer by then (S38, S44, S65)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from govagents.action import guard
from govagents.action.guard import Refusal
from govagents.action.proof import ProofCheck
from govagents.domain.ids import RequestId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.ports import Transaction
from govagents.testing.company import Company
from tests.journey.people import changed
from tests.journey.terminal import Terminal

SRE, MANAGER, ABOVE = "samuel.adeyemi", "arjun.mehta", "yusuf.demir"
TOMORROW = "Redrive the tracking dlq tomorrow from 10:00 to 12:00."
ANALYST, OWNER = "nia.roberts", "robert.achterberg"
READ_TOMORROW = "I want to read the anonymised lane statistics tomorrow 10:00-11:00."
START = datetime(2026, 11, 24, 10, tzinfo=UTC)
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"


@pytest.fixture
def waiting(company: Company, tmp_path: Path) -> View:
    """Agreed to by somebody who has left when it is to be given."""
    agreed = company.approve(company.ask(SRE, TOMORROW), MANAGER)
    assert agreed.status is Status.APPROVED
    changed(company, MANAGER, tmp_path / "world", status="leaver")
    company.at(START)
    company.sweep()
    return company.view(agreed.request.id)


def test_another_person_is_asked_when_who_agreed_has_left(
    company: Company, waiting: View, capsys: pytest.CaptureFixture[str]
) -> None:
    """S44 S65: pending again, in the log, and in the inbox of who fills the seat now."""
    assert waiting.status is Status.PENDING
    assert not company.holds(SRE, ROLE, SYSTEM)
    assert company.app.runner.approvers(waiting.request.id) == (ABOVE,)
    kept = [event for _, event in waiting.entries if event.kind == "guard.refused"][-1]
    assert (kept.decision, set(kept.digests)) == ("pending", {"decision"})
    shown = Terminal(company.home, capsys).type("inbox", "--as", ABOVE).words
    assert f"govagents approve {waiting.request.id}" in shown


def test_the_sweep_says_so_when_what_was_to_be_given_waits_again(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """S38: not "nothing was due"; and once, for then it is somebody else's turn."""
    agreed = company.approve(company.ask(SRE, TOMORROW), MANAGER)
    changed(company, MANAGER, tmp_path / "world", status="leaver")
    company.at(START)
    terminal = Terminal(company.home, capsys)

    first, second = terminal.type("sweep", "--once").words, terminal.data("sweep", "--once")

    assert f"not given {agreed.request.id}: pending" in first
    assert "nothing was due" not in first
    assert second["not_given"] == []


def test_it_is_given_by_the_next_sweep_when_that_person_agrees(
    company: Company, waiting: View
) -> None:
    """S38 S65: decided again, and still ended on time."""
    assert company.approve(waiting, ABOVE).status is Status.APPROVED

    company.sweep()

    assert company.view(waiting.request.id).status is Status.ACTIVE
    assert company.holds(SRE, ROLE, SYSTEM)
    company.at(START + timedelta(hours=2))
    company.sweep()
    assert company.view(waiting.request.id).status is Status.EXPIRED
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_the_owner_is_asked_when_what_was_automatic_is_no_longer_proved(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S13 S40: what is given is judged on the facts of that moment, proof included."""
    asked = company.ask(ANALYST, READ_TOMORROW)
    assert asked.status is Status.APPROVED
    monkeypatch.setattr(ProofCheck, "proves", lambda *_: False)
    company.at(START)

    company.sweep()

    assert company.view(asked.request.id).status is Status.PENDING
    assert OWNER in company.app.runner.approvers(asked.request.id)
    company.approve(asked, OWNER)
    company.sweep()
    assert company.view(asked.request.id).status is Status.ACTIVE


def test_it_is_over_when_that_person_denies(company: Company, waiting: View) -> None:
    """S70: at once, and for whoever asks again."""
    assert company.deny(waiting, ABOVE).status is Status.DENIED

    company.sweep()

    assert company.view(waiting.request.id).status is Status.DENIED
    assert company.ask(SRE, "Redrive the tracking dlq, 1h").status is Status.DENIED


def test_nobody_could_answer_without_the_shipped_line(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: it waits for nobody until it lapses."""

    def nothing(_tx: Transaction, _request: RequestId, _refusal: Refusal) -> Mapping[str, str]:
        return {}

    monkeypatch.setattr(guard, "_kept", nothing)
    agreed = company.approve(company.ask(SRE, TOMORROW), MANAGER)
    changed(company, MANAGER, tmp_path / "world", status="leaver")
    company.at(START)
    company.sweep()

    assert company.view(agreed.request.id).status is Status.PENDING
    assert company.app.runner.approvers(agreed.request.id) == ()


def test_it_is_denied_with_the_reason_when_policy_says_no_by_then(company: Company) -> None:
    """S38 S65: decided again when its time comes, on the policies of that moment."""
    agreed = company.approve(company.ask(SRE, TOMORROW), MANAGER)
    rule = '@id("closed") @reason("no queues today") forbid (principal, action, resource);'
    (company.home / "policies" / "zz-later.cedar").write_text(rule, encoding="utf-8")
    company.at(START)

    company.sweep()

    view = company.view(agreed.request.id)
    assert (view.status, view.note) == (Status.DENIED, "no queues today")
    assert [event.reason for _, event in view.entries if event.kind == "guard.refused"][-1:] == [
        "closed"
    ]
    assert not company.holds(SRE, ROLE, SYSTEM)
