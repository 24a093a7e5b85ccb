"""Why a target would not do what it was told is said wherever somebody looks (S39 S44 S60)."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from govagents.domain.canonical import digest
from govagents.domain.request import Status
from govagents.testing.company import Company
from tests.journey.breaking import AFTER, HOLDER, OWNER, ROLE, SYSTEM, grant_in, held
from tests.journey.terminal import Terminal

REDRIVE = "Redrive the tracking dlq, 2h"
REFUSES = "CREATE TRIGGER no BEFORE DELETE ON held BEGIN SELECT RAISE(ABORT, 'frozen\x1b[2J'); END"
LIES = "CREATE TRIGGER no BEFORE DELETE ON held BEGIN SELECT RAISE(IGNORE); END"
GIVES_NOT = (
    "CREATE TRIGGER no BEFORE INSERT ON held BEGIN SELECT RAISE(ABORT, 'quota reached'); END"
)
FROZEN = f"`{SYSTEM}` refuses: the simulated systems refuse: frozen\\u001b[2J"
LIED = f"`{SYSTEM}` accepted it and shows otherwise when read back"


def in_target(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "sim.db")) as connection, connection:
        connection.execute(statement)


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    company.approve(company.ask(HOLDER, REDRIVE), OWNER)
    company.restarted()
    return Terminal(company.home, capsys)


@pytest.mark.parametrize(
    ("trouble", "code", "cause"),
    [(REFUSES, "refused", FROZEN), (LIES, "differs", LIED)],
    ids=["refuses", "lies"],
)
def test_the_cause_is_shown_everywhere_when_a_target_does_not_end_a_grant(
    trouble: str, code: str, cause: str, terminal: Terminal
) -> None:
    in_target(terminal.home, trouble)
    grant = grant_in(terminal.home).id

    swept = terminal.type("sweep", "--once", "--now", AFTER)

    assert (swept.code, held(terminal.home)) == (1, True)
    assert f"{grant}: not ended: {cause}" in swept.err
    assert swept.out.endswith("next  govagents grant list --failed\n")
    shown = terminal.type("grant", "show", grant)
    assert f"not ended {cause}" in shown.words
    assert "next govagents sweep --once" in shown.words
    for words in (("grant", "list", "--failed"), ("doctor",), ("inbox", "--as", OWNER)):
        assert cause in terminal.type(*words).words, words
    assert "\x1b" not in terminal.type("grant", "show", grant).out
    assert terminal.data("grant", "show", grant)["grant"]["failure"]["trouble"] == code
    assert any(cause in each for each in terminal.data("sweep", "--once")["problems"])


def test_the_log_says_the_kind_of_trouble_and_the_digest_of_its_words(terminal: Terminal) -> None:
    """Invariant 10: no word of a target lies in a leaf."""
    in_target(terminal.home, REFUSES)
    grant = grant_in(terminal.home)

    given_back = terminal.type("grant", "give-back", grant.id, "--as", HOLDER)

    assert given_back.code == 1
    assert FROZEN in given_back.words
    failed = grant_in(terminal.home)
    assert failed.status is Status.REVOKE_FAILED
    (entry,) = [
        each["event"]
        for each in terminal.data("audit", "show", grant.id)["entries"]
        if each["event"]["kind"] == "grant.end_failed"
    ]
    assert entry["reason"] == f"{grant.id} given_back refused"
    assert entry["digests"]["failure"] == digest(failed.failure)
    assert "frozen" not in str(entry)


def test_a_retry_is_an_entry_only_when_the_trouble_is_another(terminal: Terminal) -> None:
    in_target(terminal.home, REFUSES)
    grant = grant_in(terminal.home).id
    for _ in range(3):
        terminal.type("sweep", "--once", "--now", AFTER)
    in_target(terminal.home, "DROP TRIGGER no")
    in_target(terminal.home, LIES)
    terminal.type("sweep", "--once")
    assert terminal.type("audit", "verify").code == 0
    in_target(terminal.home, "DROP TRIGGER no")

    ended = terminal.type("sweep", "--once")

    assert (ended.code, held(terminal.home)) == (0, False)
    entries = terminal.data("audit", "show", grant)["entries"]
    reasons = [each["event"]["reason"] for each in entries]
    assert [each for each in reasons if each.startswith(f"{grant} expired ")] == [
        f"{grant} expired refused",
        f"{grant} expired differs",
    ]
    assert grant_in(terminal.home).failure is None
    assert terminal.type("audit", "verify").code == 0


def test_the_request_says_why_when_a_target_would_not_give(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S18: and that all of it was taken back."""
    in_target(company.home, GIVES_NOT)
    asked = company.approve(company.ask(HOLDER, REDRIVE), OWNER)
    company.restarted()

    shown = Terminal(company.home, capsys).type("request", "show", asked.request.id)

    assert asked.status is Status.BLOCKED
    assert "nothing was given: `aws-prod` refuses: the simulated systems refuse: quota reached" in (
        shown.words
    )
    assert "all of it was taken back" in shown.words
    assert not company.holds(HOLDER, ROLE, SYSTEM)
    entries = [event for _, event in company.view(asked.request.id).entries]
    (entry,) = [event for event in entries if event.kind == "grant.not_applied"]
    assert entry.reason.endswith(" refused")
    assert "failure" in entry.digests
