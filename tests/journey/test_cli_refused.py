"""What a refused or damaged command leaves behind, and what is offered to type next."""

import json
import re
import shlex
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from govagents.adapters.clock import DemoClock
from govagents.testing.company import Company
from govagents.wiring import open_app
from tests.journey.standing_in import own_store
from tests.journey.terminal import Terminal
from tests.unit.adapters.stores import tamper

SAM, ARJUN = ("--as", "samuel.adeyemi"), ("--as", "arjun.mehta")
LATER = ("--now", "2026-11-23T12:00:00Z")
REDRIVE = "Redrive the tracking dlq, 2h"


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(company.home, capsys)


def clock(terminal: Terminal) -> str:
    with closing(sqlite3.connect(terminal.home / "govagents.db")) as connection:
        query = "SELECT value FROM setting WHERE name = 'clock'"
        return str(connection.execute(query).fetchone()[0])


REFUSED = [
    ("ask", "  ", *SAM),
    ("ask", REDRIVE, "--as", "nobody"),
    ("ask", REDRIVE, *SAM, "--for", "nobody"),
    ("ask", REDRIVE),
    ("approve", "req_none", *ARJUN),
    ("grant", "give-back", "gr_none", *SAM),
]


@pytest.mark.parametrize("line", REFUSED)
def test_the_clock_stands_when_the_command_was_refused(
    terminal: Terminal, line: tuple[str, ...]
) -> None:
    before = clock(terminal)

    assert terminal.type(*line, *LATER).code == 2
    assert clock(terminal) == before


def test_the_clock_moves_when_the_command_went_through(terminal: Terminal) -> None:
    before = clock(terminal)

    assert terminal.type("ask", REDRIVE, *SAM, *LATER).code == 5
    assert clock(terminal) != before


def test_the_clock_is_moved_by_a_refused_command_when_it_is_kept_at_once(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm of storing the time before anything was done at it."""
    before, moved = clock(terminal), DemoClock.moved

    def at_once(standing: DemoClock, to: datetime) -> DemoClock:
        clock = moved(standing, to)
        clock.keep()
        return clock

    monkeypatch.setattr(DemoClock, "moved", at_once)

    assert terminal.type("ask", "  ", *SAM, *LATER).code == 2
    assert clock(terminal) != before


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_time_is_refused_when_it_is_too_far_away(terminal: Terminal, year: str) -> None:
    asking = ("ask", REDRIVE, *SAM)
    for words in (("sweep", "--once"), asking, (*asking, "--plan-only")):
        said = terminal.type(*words, "--now", f"{year}-01-01T00:00:00Z")

        assert said.code == 2
        assert "write a year from 1970 to 2999" in said.err


@pytest.mark.parametrize("year", ["1970", "2999"])
def test_a_plan_is_made_when_its_time_is_just_near_enough(terminal: Terminal, year: str) -> None:
    said = terminal.type("ask", REDRIVE, *SAM, "--plan-only", "--now", f"{year}-12-31T23:59:59Z")

    assert "this is a plan" in said.out


def test_the_inbox_shows_the_others_when_one_request_is_damaged(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged, whole = company.ask("samuel.adeyemi", REDRIVE), company.ask("linh.tran", REDRIVE)
    name = damaged.request.id
    tamper(company.app.records, "UPDATE text SET body = 'x' WHERE request = ?", name)
    company.restarted()
    terminal = Terminal(company.home, capsys)
    assert whole.decision is not None
    person = ("--as", whole.decision.approvers[0])

    said, data = terminal.type("inbox", *person), terminal.data("inbox", *person)

    assert (said.code, said.err) == (1, "")
    assert f"damaged {name}: its records cannot be read" in said.words
    assert "next  govagents audit verify" in said.out.splitlines()
    assert f"govagents approve {whole.request.id}" in said.out
    assert [each["request_id"] for each in data["waiting"]] == [whole.request.id]
    assert data["damaged"] == [name]


def test_the_next_command_is_understood_when_the_words_begin_with_a_dash(
    terminal: Terminal,
) -> None:
    words = f"- {REDRIVE}"
    said = terminal.type("ask", "--plan-only", "--json", *SAM, "--", words)
    next_ = shlex.split(json.loads(said.out)["next"])

    assert next_[-2:] == ["--", words]
    assert terminal.type(*next_[1:]).code == 5


@pytest.fixture
def own(
    company: Company,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Terminal:
    """A store of one's own, where whoever is logged in asked and cannot be anybody else."""
    people = {"u4711": "samuel.adeyemi", "u4712": "arjun.mehta"}
    home = own_store(tmp_path / "own", company.world, **people)
    monkeypatch.setattr("os.geteuid", lambda: 4711)
    return Terminal(home, capsys)


def test_nothing_is_offered_that_is_anothers_to_do_when_the_store_is_ones_own(
    own: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = own.data("ask", REDRIVE)

    assert sent["status"] == "pending"
    assert sent["next"].startswith("govagents request show req_")
    monkeypatch.setattr("os.geteuid", lambda: 4712)
    assert own.data("request", "show", "--last")["next"].startswith("govagents approve req_")


def test_an_approver_nobody_could_be_is_an_error_when_the_store_is_known(
    terminal: Terminal,
) -> None:
    """Neither a word nor an agent of the company: only a person ever decides."""
    policies = terminal.home / "policies"
    text = next(p for p in sorted(policies.glob("*.cedar")) if "@approver(" in p.read_text())
    whole = text.read_text()
    for seat in ("whoever", nonhuman_of(terminal)):
        text.write_text(re.sub(r'@approver\("[^"]*"\)', f'@approver("{seat}")', whole, count=1))

        said = terminal.type("policy", "lint")

        assert said.code == 1
        assert f"nobody is called `{seat}`" in said.words


def nonhuman_of(terminal: Terminal) -> str:
    app = open_app(terminal.home)
    with app.records.begin() as tx:
        known = tx.world().identities
    app.records.close()
    return next(str(name) for name, one in known.items() if one.nonhuman is not None)
