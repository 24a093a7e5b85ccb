"""Every command: its answer ends with what to type next, which can be typed as it stands."""

import json
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from govagents.entrypoints.cli import example
from govagents.testing.company import Company
from tests.journey.conftest import WORLD
from tests.journey.terminal import Said, Terminal
from tests.journey.test_cli_usage import CATALOG, PROBLEM

SAM, LINH = ("--as", "samuel.adeyemi"), ("--as", "linh.tran")
ARJUN, HEAD = ("--as", "arjun.mehta"), ("--as", "isabelle.laurent")
KATA = ("--as", "katarzyna.wolska")
REDRIVE = "Redrive the tracking dlq, 2h"
STEPPING = "Redrive the tracking dlq, 90 minutes"
STEPS_UP = """
@id("stepping-up") @guards("agreed to") @reason("an hour and a half") @obligation("step_up")
permit (principal is Person, action == Action::"grant", resource)
when { principal.active && context.minutes == 90 && context.approved.contains("manager") };
"""
VOLUMES = "I need to delete volumes in the production cluster for 1h"
ROLE, NEED = "ap-queue-operator", "aws-prod:queues:redrive"
FILES = ("FOLDER/problems.jsonl", "--catalog", "FOLDER/catalog.json")
PROOFS = ("--certificates", "FOLDER/proofs.jsonl")

JOURNEY: tuple[tuple[str, ...], ...] = (
    ("demo",),
    ("init", "--demo", "--home", "FOLDER/another"),
    ("doctor",),
    ("request", "list"),
    ("grant", "list"),
    ("inbox", *ARJUN),
    ("ask", REDRIVE, "--plan-only", *SAM),
    ("ask", "make me a coffee", "--plan-only", *SAM),
    ("ask", "make me a coffee", *SAM),
    ("request", "show", "--last"),
    ("ask", "For curiosity I want to view salaries and bonuses in HR core, 2h", *SAM),
    ("request", "show", "--last"),
    ("ask", "I need access", *LINH),
    ("request", "show", "--last"),
    ("inbox", *LINH),
    ("request", "answer", "--last", "to redrive the tracking dlq", *LINH),
    ("request", "cancel", "--last", *LINH),
    ("ask", REDRIVE, *SAM),
    ("inbox", *ARJUN),
    ("return", "--last", *ARJUN),
    ("request", "show", "--last"),
    ("sweep", "--once"),
    ("ask", STEPPING, *SAM),
    ("approve", "--last", *ARJUN),
    ("inbox", *SAM),
    ("request", "confirm", "--last", *SAM),
    ("ask", REDRIVE, *SAM),
    ("sweep", "--once"),
    ("approve", "--last", *ARJUN),
    ("request", "show", "--last"),
    ("grant", "list", "--all"),
    ("grant", "show", "--last"),
    ("grant", "extend", "--last", "--for", "1h", "--plan-only", *SAM),
    ("grant", "extend", "--last", "--for", "1h", *SAM),
    ("request", "show", "--last"),
    ("ask", REDRIVE, *LINH),
    ("deny", "--last", *HEAD),
    ("who-has", ROLE),
    ("who-has", "ap-queue-janitor"),
    ("access", "samuel.adeyemi"),
    ("why", "--last"),
    ("request", "proof", "--last", "--to", "FOLDER/proof"),
    ("audit", "show"),
    ("audit", "verify"),
    ("audit", "prove", "5", "--to", "FOLDER/5.proof.json"),
    ("audit", "export", "FOLDER/export"),
    ("catalog", "show"),
    ("catalog", "show", ROLE),
    ("catalog", "show", NEED),
    ("catalog", "search", "redrive"),
    ("catalog", "search", "zzzz"),
    ("catalog", "import", "FOLDER/catalog.json"),
    ("catalog", "import", "FOLDER/catalog.json", "--apply"),
    ("catalog", "solve", *FILES, *PROOFS),
    ("catalog", "check", *FILES, *PROOFS),
    ("world", "import", str(WORLD)),
    ("policy", "lint"),
    ("policy", "lint", str(WORLD / "policies")),
    ("policy", "test"),
    ("ask", VOLUMES, "--break-glass", *KATA),
    ("request", "review", "--last", *ARJUN),
    ("memory", "rebuild"),
    ("ask", REDRIVE, *SAM),
    ("sweep", "--once"),
    ("approve", "--last", *ARJUN),
    ("grant", "list", "--for", "samuel.adeyemi"),
    ("grant", "give-back", "--last", *SAM),
    ("ask", REDRIVE, *SAM),
    ("approve", "--last", *ARJUN),
    ("grant", "revoke", "--last", *ARJUN),
    ("ask", REDRIVE, *SAM),
    ("approve", "--last", *ARJUN),
    ("grant", "complete", "--last", *SAM),
    ("ask", REDRIVE, *SAM),
    ("approve", "--last", *ARJUN),
    ("undo", "--last", *SAM),
    ("undo", "--last", "--apply", *SAM),
    ("ask", REDRIVE, *SAM),
    ("approve", "--last", *ARJUN),
    ("sweep", "--once", "--now", "2026-11-24T09:00:00Z"),
    ("serve", "--rounds", "1"),
)
STREAMS = {("catalog", "solve"), ("catalog", "check"), ("serve", "--rounds")}
"""These answer line by line, as JSON, to be read by a program."""


@pytest.fixture
def terminal(
    company: Company,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Terminal:
    monkeypatch.chdir(tmp_path)  # where proofs are written to
    (company.home / "policies" / "stepping.cedar").write_text(STEPS_UP, encoding="utf-8")
    (tmp_path / "catalog.json").write_text(json.dumps(CATALOG), encoding="utf-8")
    (tmp_path / "problems.jsonl").write_text(json.dumps(PROBLEM) + "\n", encoding="utf-8")
    return Terminal(company.home, capsys)


def typed(line: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    return tuple(word.replace("FOLDER", str(folder)) for word in line)


def hints(said: Said) -> Iterator[list[str]]:
    """The commands of this program under `next`, as a shell reads them."""
    for line in said.out[said.out.rindex("\nnext  ") :].strip().removeprefix("next").splitlines():
        program, *words = shlex.split(line)
        if program == "govagents" and "--every" not in words:
            yield words


def test_what_to_type_next_can_be_typed_when_any_command_has_answered(
    terminal: Terminal, tmp_path: Path
) -> None:
    wrong = []
    for number, line in enumerate(JOURNEY):
        said = terminal.type(*typed(line, tmp_path))
        assert said.out, (line, said)
        if line[:2] in STREAMS:
            continue
        copy = Terminal(tmp_path / f"copy-{number}", terminal.capsys)
        shutil.copytree(terminal.home, copy.home)
        for words in hints(said):
            followed = copy.type(*words)
            wrong += [(line, words, followed.err)] if followed.code == 2 else []

    assert wrong == []


def test_what_to_type_next_is_data_when_json_is_asked_for(
    terminal: Terminal, tmp_path: Path
) -> None:
    for line in JOURNEY:
        said = terminal.type(*typed(line, tmp_path), "--json")
        assert said.out, (line, said)
        if line[:2] not in STREAMS:
            assert json.loads(said.out)["next"], line


def test_a_blank_is_left_to_fill_in_without_the_shipped_line(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("ask", "I need access", "--json", *LINH)
    assert "ANSWER" not in terminal.type(*asked).out

    monkeypatch.setattr(example, "answer_to", lambda question: "ANSWER")

    assert "ANSWER" in terminal.type(*asked).out
