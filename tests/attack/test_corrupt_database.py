"""Somebody overwrites parts of the database file, without understanding what lies there.

Holds: the file, offline. Wants: the program to crash, to hang, to run something, or to give. Does:
overwrites, zeroes, repeats or cuts off pages at random places.

Every command ends with its own error and the next command, or does what it can; nothing is given.

Open: what is damaged beyond reading is to be restored from a copy; until then nothing is given.
"""

import random
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from govagents.adapters.sql import engine
from govagents.entrypoints.cli.exits import Exit
from govagents.testing.company import Company
from tests.journey.terminal import Terminal

PAGE, SEEDS = 4096, (0, 1, 2, 6, 7)
COMMANDS = (
    ("audit", "verify"),
    ("doctor",),
    ("sweep", "--once"),
    ("grant", "list"),
    ("approve", "--last", "--as", "arjun.mehta"),
)


@pytest.fixture(scope="module")
def waiting(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    company = made.copied(tmp_path_factory.mktemp("waiting") / "store")
    company.ask("samuel.adeyemi", "Redrive the tracking dlq, 2h")
    return company.restarted()


def corrupted(data: bytes, lot: random.Random) -> bytes:
    at, length = lot.randrange(len(data)), lot.choice((1, 64, PAGE))
    page = at - at % PAGE
    other = lot.randrange(len(data) // PAGE) * PAGE
    return lot.choice(
        (
            data[:at] + lot.randbytes(length) + data[at + length :],
            data[:at] + bytes(length) + data[at + length :],
            data[:page] + data[other : other + PAGE] + data[page + PAGE :],
            data[:at],
        )
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_corrupt_database_is_contained(
    waiting: Company, seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """S22 S39: no trace of Python, an exit code of ours, and an error says what to type next."""
    company = waiting.copied(tmp_path / "store")
    file = company.home / "govagents.db"
    file.write_bytes(corrupted(file.read_bytes(), random.Random(seed)))  # noqa: S311  # the same in every run
    terminal = Terminal(company.home, capsys)

    for words in COMMANDS:
        said = terminal.type(*words)
        assert said.code in range(8), (words, said)
        assert "Traceback" not in said.out + said.err
        assert not said.err.startswith("error") or "\nnext  " in said.err, (words, said.err)


def test_a_corrupt_database_ends_the_program_without_the_shipped_line(
    waiting: Company,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The harm: what SQLite raises reaches the terminal as it is."""
    company = waiting.copied(tmp_path / "store")
    (company.home / "govagents.db").write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 64)
    terminal = Terminal(company.home, capsys)
    refused = terminal.type("grant", "list")
    assert (refused.code, "\nnext  " in refused.err) == (Exit.ERROR, True)

    monkeypatch.setattr(engine, "translated", nullcontext)

    with pytest.raises(DatabaseError):
        terminal.type("grant", "list")
