"""`doctor` answers where the store cannot be opened to give, and says what to write."""

import shlex
import shutil
import sqlite3
import tomllib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from govagents.action import sweeper
from govagents.adapters.connectors import fingerprint
from govagents.adapters.settings_file import company_settings
from govagents.entrypoints.cli import clock, doctor
from govagents.settings import FILE, read_settings
from govagents.testing.company import Company
from tests.journey.breaking import BREAKS, HOLDER, Break, edit
from tests.journey.conftest import WORLD
from tests.journey.terminal import Terminal

ENABLING = f'sim = "{fingerprint("sim")}"'
PAST = "2026-11-23T12:00:00Z"
SERVING = '[systems]\n"*" = "sim:sim.db"'
ROWS = ["store", "you", "clock", "settings", "sweeper", "policies", "reader", "targets", "traces",
        "opening", "requests", "grants", "decided again", "notices", "memory", "log"]  # fmt: skip


@pytest.fixture
def own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A store of one's own, as `init` leaves it."""
    terminal = Terminal(tmp_path / "own", capsys)
    assert terminal.type("init", "--world", str(WORLD)).code == 0
    return terminal


def _append(home: Path, *lines: str) -> None:
    with (home / FILE).open("a", encoding="utf-8") as file:
        file.write("\n".join(["", *lines, ""]))


def rows(terminal: Terminal) -> Mapping[str, Any]:
    return {each["check"]: each for each in terminal.data("doctor")["checks"]}


def test_the_line_to_write_is_said_when_a_connector_is_not_enabled(own: Terminal) -> None:
    _append(own.home, SERVING)

    looked, found = own.type("doctor"), rows(own)

    assert looked.code == 1
    assert ENABLING in looked.out.splitlines()
    assert list(found) == ROWS
    assert {name for name, row in found.items() if row["health"] == "bad"} == {"targets"}
    assert found["targets"]["write"] == ["[connectors]", ENABLING]

    _append(own.home, *found["targets"]["write"])

    assert (own.type("doctor").code, rows(own)["opening"]["health"]) == (0, "good")


def test_the_line_to_write_is_said_when_a_connector_was_changed(own: Terminal) -> None:
    _append(own.home, "[connectors]", 'sim = "00"', SERVING)

    target = rows(own)["targets"]

    assert "look at what changed" in target["text"]
    assert ENABLING in target["write"]


def test_keys_of_the_file_come_first_when_lines_are_to_be_written(own: Terminal) -> None:
    edit(own.home, 'policies = "policies"', "")

    lines = own.type("doctor").out.splitlines()

    assert lines.index('policies = "policies"') < lines.index("[systems]")


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_every_row_is_shown_when_a_part_of_the_store_is_broken(
    name: str, holding: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal(holding.home, capsys)
    BREAKS[name](holding.home)

    looked = terminal.type("doctor")

    assert looked.code in {0, 1}
    assert looked.err == ""
    assert list(rows(terminal)) == ROWS


def _gone(home: Path) -> None:
    shutil.rmtree(home)


def _settings_a_folder(home: Path) -> None:
    (home / FILE).unlink()
    (home / FILE).mkdir()


def _settings_no_toml(home: Path) -> None:
    (home / FILE).write_text("[connectors", encoding="utf-8")


def _settings_no_text(home: Path) -> None:
    (home / FILE).write_bytes(b"\xff")


def _database_gone(home: Path) -> None:
    (home / "govagents.db").unlink()


def _database_garbage(home: Path) -> None:
    (home / "govagents.db").write_bytes(b"garbage" * 512)


CLOSED: Mapping[str, tuple[Break, str, str, str]] = {
    "no folder": (_gone, "store", "no store at", "govagents init --demo"),
    "settings a folder": (
        _settings_a_folder,
        "settings",
        "cannot be read: Is a dir",
        "govagents doctor",
    ),
    "settings no TOML": (_settings_no_toml, "settings", "is not TOML: ", "govagents doctor"),
    "settings no text": (_settings_no_text, "settings", "is not TOML: ", "govagents doctor"),
    "no database": (_database_gone, "store", "there is no store in", "govagents doctor"),
    "database garbage": (
        _database_garbage,
        "store",
        "the store is damaged",
        "cp COPY/govagents.db {home}/govagents.db",
    ),
}


@pytest.mark.parametrize("name", CLOSED)
def test_one_row_says_why_when_nothing_can_be_opened(
    name: str, company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    break_, check, told, next_ = CLOSED[name]
    terminal = Terminal(company.home, capsys)
    break_(company.home)

    looked = terminal.type("doctor")

    assert (looked.code, looked.err) == (1, "")
    assert [(name, told in row["text"]) for name, row in rows(terminal).items()] == [(check, True)]
    assert looked.out.endswith(f"next  {next_.format(home=company.home)}\n")


def test_nothing_is_said_of_the_store_without_the_shipped_line(
    company: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _settings_no_toml(company.home)
    monkeypatch.setattr(doctor, "ConfigurationError", ZeroDivisionError)

    assert Terminal(company.home, capsys).type("doctor").out == ""


def test_one_failing_check_hides_the_others_without_the_shipped_line(
    company: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal(company.home, capsys)
    BREAKS["weights gone"](company.home)
    assert rows(terminal)["opening"]["health"] == "bad"

    monkeypatch.setattr(doctor, "GovAgentsError", ZeroDivisionError)

    assert terminal.type("doctor").out == ""


def test_all_that_can_be_set_is_shown_when_a_store_is_new(tmp_path: Path) -> None:
    text = company_settings(policies=False, weights=False)
    shown = "".join(
        line.removeprefix("# ") + "\n"
        for line in text.splitlines()
        if (" = " in line and not line.startswith("# `")) or line.startswith("# [")
    )
    (tmp_path / FILE).write_text(shown)

    settings = read_settings(tmp_path)

    assert settings.problems == ()
    assert tomllib.loads(text) == {}
    assert all(value for key, value in vars(settings).items() if key != "problems")


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("2099-01-01T00:00:00Z", "has seen 2099-01-01 00:00 UTC: whatever ends by then ends"),
        ("2026-11-23T09:03:00", "has seen 2026-11-23 09:03 UTC"),
        ("soon", "the latest instant that was seen cannot be read: `soon`"),
    ],
)
def test_an_edited_latest_instant_is_named_when_the_clock_is_looked_at(
    seen: str, said: str, company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S38: no digest covers it, and every grant would end by it at once."""
    terminal = Terminal(company.home, capsys)
    terminal.type("sweep", "--once")
    assert rows(terminal)["clock"]["health"] == "good"

    with company.app.records.begin() as tx:
        tx.settings.set("latest_instant", seen)
    looked = terminal.type("doctor")

    assert looked.code == 1
    assert rows(terminal)["clock"]["health"] == "bad"
    assert said in rows(terminal)["clock"]["text"]


@pytest.mark.parametrize("seen", ["2026-11-23T09:01:00Z", "2026-11-22T09:00:00Z"])
def test_the_clock_is_good_when_a_sweep_was_about_now_or_before(
    seen: str, company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    with company.app.records.begin() as tx:
        tx.settings.set("latest_instant", seen)

    assert rows(Terminal(company.home, capsys))["clock"]["health"] == "good"


def test_an_edited_latest_instant_is_missed_when_nobody_compares(
    company: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line taken away, and all is good although everything ends at the next sweep."""
    with company.app.records.begin() as tx:
        tx.settings.set("latest_instant", "2099-01-01T00:00:00Z")
    monkeypatch.setattr(clock, "moment_of", lambda told: company.app.clock.now())

    assert rows(Terminal(company.home, capsys))["clock"]["health"] == "good"


def test_overdue_access_is_named_when_nothing_swept(
    holding: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S38: the grant's end has come, and whoever looks must not read that all is well."""
    terminal = Terminal(holding.home, capsys)
    (grant,) = (each["id"] for each in terminal.data("grant", "list")["grants"])
    assert rows(terminal)["grants"]["health"] == "good"

    terminal.type("access", HOLDER, "--now", PAST)
    looked, listed = terminal.type("doctor"), terminal.type("grant", "list")

    assert looked.code == 1
    assert grant in rows(terminal)["grants"]["text"]
    assert "sweep --once" in terminal.data("doctor")["next"]
    assert "active, overdue" in listed.words
    assert "sweep --once" in listed.out

    terminal.type("sweep", "--once")

    assert rows(terminal)["grants"]["health"] == "good"


def test_overdue_access_is_missed_when_nobody_compares(
    holding: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line taken away, and what should have ended reads as well."""
    terminal = Terminal(holding.home, capsys)
    terminal.type("access", HOLDER, "--now", PAST)
    monkeypatch.setattr(sweeper, "due", lambda tx, grant, now, world: None)

    assert rows(terminal)["grants"]["health"] == "good"


def test_repairing_the_clock_runs_as_printed_when_anybody_can_be_anybody(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    with company.app.records.begin() as tx:
        tx.settings.set("latest_instant", "2099-01-01T00:00:00Z")

    terminal = Terminal(company.home, capsys)

    _, *words = shlex.split(rows(terminal)["clock"]["next"])

    assert terminal.type(*words).code == 0
    assert rows(terminal)["clock"]["health"] == "good"


def test_what_is_bad_is_mended_first_when_there_is_more_to_do(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing swept either, which is a note."""
    (company.home / "policies" / "broken.cedar").write_text("permit (", encoding="utf-8")

    assert "policy lint" in Terminal(company.home, capsys).data("doctor")["next"]


@pytest.mark.parametrize("table", ["grant", "store", "checkpoint"])
def test_a_copy_is_what_helps_when_the_log_cannot_replace_a_table(
    table: str, company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S38: nothing ends there, and `doctor` does not advise itself."""
    terminal = Terminal(company.home, capsys)
    file = company.home / "govagents.db"
    copy = file.read_bytes()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"DROP TABLE {table}")

    told = terminal.data("doctor")["next"]

    assert told == f"cp COPY/govagents.db {file}"
    assert terminal.type("sweep", "--once").code == 1

    for each in ("govagents.db-wal", "govagents.db-shm"):
        (company.home / each).unlink(missing_ok=True)
    file.write_bytes(copy)

    assert terminal.type("sweep", "--once").code == 0
