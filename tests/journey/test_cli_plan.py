"""`ask --plan-only`: what would come of it, in any order of time, moving nothing."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from govagents.testing.company import Company
from tests.journey.standing_in import own_store
from tests.journey.terminal import Terminal

EDI = "INC-4408: look at and requeue the parked nordkraft edi msgs, 4h"
SENTENCES = (
    ("viktor.horvath", EDI),
    ("agent-sre-responder", "Administrator on production for one hour, to see the queue depth."),
    ("daniel.osei", "I need access to the customer data, can you set me up? Thanks!"),
    ("victoria.langford", "Let our trainee post on the company's social media for one week."),
    ("samuel.adeyemi", "For curiosity I want to view salaries and bonuses in HR core, 2h"),
)
FIXED = {
    "propose": ("draft", 0),
    "narrow": ("draft", 0),
    "clarify": ("needs_info", 4),
    "no_match": ("returned", 4),
    "deny": ("denied", 3),
}
KEYS = [
    "request_id",
    "outcome",
    "status",
    "understood",
    "question",
    "proposal",
    "decision",
    "next",
]


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(company.home, capsys)


@pytest.fixture
def own(
    made: Company,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Terminal:
    """A store of one's own: not a demo; whoever is logged in is somebody of the company."""
    home = own_store(tmp_path / "store", made.world, u4711="viktor.horvath")
    monkeypatch.setattr("os.geteuid", lambda: 4711)
    return Terminal(home, capsys)


def test_the_outcome_fixes_status_and_code_when_sentences_are_planned(terminal: Terminal) -> None:
    seen = set()
    for speaker, text in SENTENCES:
        planned = terminal.type("ask", text, "--plan-only", "--json", "--as", speaker)
        plan = json.loads(planned.out)
        assert list(plan) == KEYS
        assert plan["request_id"].startswith("req_")
        assert (plan["status"], planned.code) == FIXED[plan["outcome"]]
        seen.add(plan["outcome"])

    assert {"propose", "clarify", "deny"} <= seen


def test_nothing_moves_when_plans_are_made_back_and_forth_in_time(terminal: Terminal) -> None:
    line = ("ask", EDI, "--plan-only", "--as", "viktor.horvath", "--now")
    before = _rows(terminal.home)

    late = terminal.data(*line, "2026-11-25T10:00:00Z")
    early = terminal.data(*line, "2026-11-20T10:00:00Z")

    assert late["proposal"]["window"]["start"] == "2026-11-25T10:00:00Z"
    assert early["proposal"]["window"]["start"] == "2026-11-20T10:00:00Z"
    assert _rows(terminal.home) == before


def test_a_plan_may_be_made_for_another_time_when_the_store_is_ones_own(own: Terminal) -> None:
    plan = own.data("ask", EDI, "--plan-only", "--now", "2026-11-23T09:00:00Z")

    assert plan["understood"]["speaker"] == "viktor.horvath"
    assert plan["understood"]["window"]["end"] == "2026-11-23T13:00:00Z"


@pytest.mark.parametrize(
    "line",
    [
        ("ask", EDI, "--as", "viktor.horvath"),
        ("ask", EDI, "--plan-only", "--as", "viktor.horvath"),
        ("ask", EDI, "--now", "2026-11-23T09:00:00Z"),
        ("inbox", "--as", "viktor.horvath"),
        ("sweep", "--once", "--now", "2030-01-01T00:00:00Z"),
        ("approve", "--last", "--as", "isabelle.laurent"),
        ("audit", "verify", "--now", "2030-01-01T00:00:00Z"),
    ],
    ids=" ".join,
)
def test_time_and_person_are_not_for_choosing_when_the_store_is_ones_own(
    line: tuple[str, ...], own: Terminal
) -> None:
    refused = own.type(*line)

    assert refused.code == 2
    assert "demo stores" in refused.err
    assert own.data("request", "list")["requests"] == []


def test_nobody_is_assumed_when_the_logged_in_user_is_not_in_the_settings(
    own: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 4712)

    refused = own.type("ask", EDI)

    assert refused.code == 2
    assert "user id 4712 is nobody of this company" in refused.err


def _rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every database of the store."""
    found = {}
    for file in sorted(home.glob("*.db")):
        with closing(sqlite3.connect(file)) as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in tables.fetchall():
                rows = database.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # its own name
                found[f"{file.name}:{table}"] = rows.fetchall()
    return found
