"""Words that name somebody beside the one they are for go past a person, who sees whom (S60)."""

import json

import pytest

from govagents.domain.request import Status
from govagents.perception import resolver
from govagents.testing.company import Company
from tests.journey.terminal import Terminal

ANALYST, OWNER = "nia.roberts", "robert.achterberg"
ROLE, SYSTEM = "ad-lane-statistics-reader", "aws-data"
WITH_OTHERS = "I need to read the anonymised lane statistics with marketing for 2 hours"
TAKEN_BACK = "I need to read the anonymised lane statistics for 2 hours. Pending budget."
ROW = "names also “marketing” (nobody the request is known to be for)"


def test_the_owner_is_asked_and_shown_whom_the_words_name_when_it_would_be_automatic(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S60 S65: at the plan, in the inbox and as data."""
    terminal = Terminal(company.home, capsys)
    planned = terminal.type("ask", WITH_OTHERS, "--as", ANALYST, "--plan-only")
    asked = company.ask(ANALYST, WITH_OTHERS)
    inbox = terminal.type("inbox", "--as", OWNER)
    data = json.loads(terminal.type("request", "show", asked.request.id, "--json").out)

    assert asked.status is Status.PENDING
    assert asked.decision is not None
    assert asked.decision.approvers == (OWNER,)
    assert "were everybody in the words accounted for" in planned.words
    assert ROW in planned.words
    assert ROW in inbox.words
    assert data["names_also"] == ["marketing"]


def test_nobody_would_be_asked_when_the_words_named_are_not_passed_on(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60: what the shipped line prevents.

    removes: govagents/perception/unread.py
    """
    monkeypatch.setattr(resolver, "unaccounted", lambda *_: ())
    monkeypatch.setattr(resolver, "unread", lambda *_: ())

    assert company.ask(ANALYST, WITH_OTHERS).status is Status.ACTIVE
    assert company.holds(ANALYST, ROLE, SYSTEM)


def test_the_owner_is_asked_and_shown_the_words_when_nothing_has_read_them(
    company: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60 S65: and given at once where the shipped line is gone."""
    terminal = Terminal(company.home, capsys)
    asked = company.ask(ANALYST, TAKEN_BACK)
    inbox = terminal.type("inbox", "--as", OWNER)
    data = json.loads(terminal.type("request", "show", asked.request.id, "--json").out)

    assert asked.status is Status.PENDING
    assert "not read “Pending budget” (so a person looks)" in inbox.words
    assert data["unread"] == ["Pending", "budget"]

    monkeypatch.setattr(resolver, "unread", lambda *_: ())
    assert company.ask(ANALYST, TAKEN_BACK).status is Status.ACTIVE
