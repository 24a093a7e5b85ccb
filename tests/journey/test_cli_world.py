"""An import says what those who leave, and roles that go, are still held with (S27 S44)."""

import json
import shutil
from pathlib import Path

import pytest

from govagents.adapters.sql import imports
from govagents.testing.company import Company
from tests.journey.terminal import Terminal

SAM, ROLE = "samuel.adeyemi", "ap-queue-operator"
SAYS = f"! {SAM} still holds {ROLE} until 2026-11-23 11:00 UTC"


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """With one grant that is active."""
    terminal = Terminal(company.home, capsys)
    terminal.type("sweep", "--once")
    terminal.type("ask", "Redrive the tracking dlq, 2h", "--as", SAM)
    assert terminal.type("approve", "--last", "--as", "arjun.mehta").code == 0
    return terminal


def left(company: Company, folder: Path) -> Path:
    """The company's files a day later: he has left."""
    shutil.copytree(company.world, folder)
    file = folder / "identities.jsonl"
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    after = [{**each, "status": "leaver"} if each["id"] == SAM else each for each in lines]
    file.write_text("".join(json.dumps(each) + "\n" for each in after), encoding="utf-8")
    return folder


def test_what_a_leaver_still_holds_is_told_when_the_files_are_looked_at_and_loaded(
    company: Company, terminal: Terminal, tmp_path: Path
) -> None:
    folder = left(company, tmp_path / "world")

    for words in ((), ("--apply",)):
        said = terminal.type("world", "import", str(folder), *words)

        assert said.code == 0
        assert SAYS in said.words
        assert "the next sweep ends it" in said.words

    assert terminal.data("world", "import", str(folder))["difference"] == []


def test_the_grant_of_a_leaver_ends_when_swept(
    company: Company, terminal: Terminal, tmp_path: Path
) -> None:
    terminal.type("world", "import", str(left(company, tmp_path / "world")), "--apply")

    (grant,) = terminal.data("grant", "list", "--for", SAM)["grants"]
    swept = terminal.data("sweep", "--once")

    assert grant["status"] == "active"
    assert (swept["left"], swept["expired"]) == ([grant["id"]], [])
    assert swept["next"] == f"govagents grant show {grant['id']}"


def test_the_end_of_a_grant_is_told_when_only_its_role_goes(
    company: Company, terminal: Terminal, tmp_path: Path
) -> None:
    folder = tmp_path / "world"
    shutil.copytree(company.world, folder)
    for name in ("roles.jsonl", "assignments.jsonl"):
        lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if f'"{ROLE}"' not in line]
        (folder / name).write_text("".join(kept), encoding="utf-8")

    said = terminal.type("world", "import", str(folder))

    assert SAYS in said.words
    assert "the next sweep ends it" in said.words


def test_nothing_is_told_of_grants_when_nobody_leaves(
    company: Company, terminal: Terminal, tmp_path: Path
) -> None:
    folder = tmp_path / "world"
    shutil.copytree(company.world, folder)
    tickets = (folder / "tickets.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "tickets.jsonl").write_text("".join(tickets[1:]), encoding="utf-8")

    said = terminal.type("world", "import", str(folder)).words

    assert "still holds" not in said
    assert said.startswith("- 1 ticket: ")


def test_how_the_folder_is_called_is_no_change_of_the_company(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The company is called as it was when it was loaded first, and so is its catalog."""
    shutil.copytree(company.world, tmp_path / "another-checkout")
    terminal = Terminal(company.home, capsys)

    said = terminal.type("world", "import", str(tmp_path / "another-checkout"))
    catalog = terminal.data("catalog", "show")["catalog"]
    shutil.rmtree(tmp_path / "another-checkout" / "policies")
    (tmp_path / "another-checkout" / "trust.yaml").write_text("{}\n")
    terminal.type("world", "import", str(tmp_path / "another-checkout"), "--apply")

    assert said.words.startswith("no difference")
    assert terminal.data("catalog", "show")["catalog"] == catalog == company.world.name


def test_a_leaver_goes_unnoticed_without_the_shipped_line(
    company: Company, terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "_left", lambda identity: False)

    said = terminal.type("world", "import", str(left(company, tmp_path / "world")))

    assert "still holds" not in said.out
