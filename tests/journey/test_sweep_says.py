"""What a sweep says of what it ended: also why a target still shows it (S38)."""

from datetime import timedelta

import pytest

from govagents.action.expiry import Expiry
from govagents.testing.company import Company
from tests.journey.terminal import Terminal
from tests.journey.test_held_before import BEFORE, NAMES, WHO

SRE, MANAGER = "samuel.adeyemi", "arjun.mehta"


def swept_after_two(company: Company, capsys: pytest.CaptureFixture[str]) -> tuple[str, str, str]:
    """The first of two grants of one role runs out; what was said, and the names of both."""
    (first,) = company.approve(company.ask(SRE, "Redrive the tracking dlq, 1h"), MANAGER).grants
    (other,) = company.approve(company.ask(SRE, "Redrive the tracking dlq, 3h"), MANAGER).grants
    company.pass_time(timedelta(hours=2))

    return Terminal(company.home, capsys).type("sweep", "--once").words, first.id, other.id


def test_it_is_said_which_grant_holds_the_role_when_another_one_follows(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    said, first, other = swept_after_two(company, capsys)

    assert f"expired {first}" in said
    assert f"read back: held: {other} gives it too" in said


def test_it_looks_as_if_it_had_not_ended_without_the_shipped_line(
    company: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: expired, and held, and nobody says why."""
    monkeypatch.setattr(Expiry, "kept_by", lambda *_: ())

    said, _, other = swept_after_two(company, capsys)

    assert "read back: held" in said
    assert other not in said.partition("next")[0]


def test_it_is_said_that_it_was_held_before(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    company.ask(WHO, f"{NAMES[BEFORE]}, for 2 hours")
    company.pass_time(timedelta(hours=3))

    said = Terminal(company.home, capsys).type("sweep", "--once").words

    assert f"{BEFORE} of {WHO}, expired, read back: held: it was held before" in said
