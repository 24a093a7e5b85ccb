"""The proof of a request, written to files and checked by Python's standard library alone."""

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from govagents.domain.request import Status
from govagents.entrypoints.cli.request_proof import _another_set
from govagents.solver import check
from govagents.testing.company import Company
from tests.journey.terminal import Terminal
from tests.unit.cli.views import CLERK, KEEPER, proposal

ASK = ("ask", "INC-4408: look at and requeue the parked nordkraft edi msgs, 4h")
SPEAKER = ("--as", "viktor.horvath")
FILES = ["catalogue.json", "certificate.json", "problem.json", "weights.json"]


@pytest.fixture(scope="module")
def asked(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Where one request waits for its approver."""
    company = made.copied(tmp_path_factory.mktemp("asked") / "store")
    assert company.ask(SPEAKER[1], ASK[1]).status is Status.PENDING
    return company.restarted()


@pytest.fixture
def company(asked: Company, tmp_path: Path) -> Company:
    return asked.copied(tmp_path / "store")


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(company.home, capsys)


def judged(folder: Path) -> tuple[int, str]:
    """What the shipped checker says where there are no packages."""
    command = [sys.executable, "-I", "-S", str(Path(check.__file__).parent), str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    return ran.returncode, ran.stdout


def changed(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    value = json.loads(file.read_text())
    change(value)
    file.write_text(json.dumps(value))


def test_proof_is_accepted_when_the_standard_library_alone_checks_it(
    terminal: Terminal, tmp_path: Path
) -> None:
    """S5: the claim "smallest" can be checked by somebody who trusts none of this."""
    folder = tmp_path / "proof"

    written = terminal.type("request", "proof", "--last", "--to", str(folder))

    assert written.code == 0
    assert "checker accepted" in written.words
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert judged(folder) == (0, "accepted\n")


CHANGES: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
    "less": ("certificate", lambda value: value.update(excess_weight=value["excess_weight"] - 1)),
    "other-roles": ("certificate", lambda value: value.update(roles=["od-edi-viewer"])),
    "no-proof": ("certificate", lambda value: value.update(tree=[])),
    "other-need": ("problem", lambda value: value["needs"].pop()),
    "other-weights": ("weights", lambda value: value["access_level"].update(write=1)),
    "fewer-roles": ("catalogue", lambda value: value["roles"].pop()),
}


@pytest.mark.parametrize(("name", "change"), CHANGES.values(), ids=CHANGES.keys())
def test_proof_is_refused_when_one_of_its_files_was_changed(
    name: str, change: Callable[[dict[str, Any]], object], terminal: Terminal, tmp_path: Path
) -> None:
    """S60."""
    folder = tmp_path / "proof"
    terminal.type("request", "proof", "--last", "--to", str(folder))

    changed(folder / f"{name}.json", change)

    code, said = judged(folder)
    assert code == 1
    assert "accepted" not in said


def test_faults_are_escaped_when_a_file_names_roles_a_terminal_would_obey(
    terminal: Terminal, tmp_path: Path
) -> None:
    folder = tmp_path / "proof"
    terminal.type("request", "proof", "--last", "--to", str(folder))

    changed(folder / "certificate.json", lambda value: value.update(roles=["\x1b[2J"]))

    code, said = judged(folder)
    assert code == 1
    assert said.isascii()
    assert "\x1b" not in said


def test_the_next_command_accepts_when_it_is_typed_as_shown(
    terminal: Terminal, tmp_path: Path
) -> None:
    folder = tmp_path / "a folder"

    found = terminal.data("request", "proof", "--last", "--to", str(folder))
    words = shlex.split(found["next"])
    ran = subprocess.run([sys.executable, *words[1:]], capture_output=True, check=False)

    assert found["accepted"] is True
    assert words[0] == "python3"
    assert (ran.returncode, ran.stdout) == (0, b"accepted\n")


def test_the_folder_is_named_as_the_request_when_none_is_said(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    request = terminal.data("request", "list")["requests"][0]["request_id"]

    terminal.type("request", "proof", request)

    assert judged(tmp_path / request) == (0, "accepted\n")


def test_nothing_is_overwritten_when_the_folder_holds_something(
    terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "certificate.json").write_text("mine")

    refused = terminal.type("request", "proof", "--last", "--to", str(tmp_path))

    assert refused.code == 1
    assert "holds something already: name another folder" in refused.err
    assert (tmp_path / "certificate.json").read_text() == "mine"
    assert not (tmp_path / "problem.json").exists()


def test_nothing_is_written_when_the_catalog_in_force_is_another(
    terminal: Terminal, company: Company, tmp_path: Path
) -> None:
    roles = company.lines_of("roles.jsonl")
    for role in roles:
        if role["id"] == "od-edi-support":
            role["description"] = "Something else."
    lines = "".join(f"{json.dumps(role)}\n" for role in roles)
    files = company.with_files({"roles.jsonl": lines}, tmp_path / "files")
    assert terminal.type("world", "import", str(files), "--apply").code == 0

    refused = terminal.type("request", "proof", "--last", "--to", str(tmp_path / "proof"))

    assert refused.code == 1
    assert "was proved for catalog" in refused.err
    assert "is in force now" in refused.err
    assert not (tmp_path / "proof").exists()


def test_the_checker_refuses_when_the_comparison_with_the_catalog_in_force_is_gone(
    terminal: Terminal, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the shipped line files of two catalogs are mixed; they prove nothing together."""
    monkeypatch.setattr("govagents.entrypoints.cli.request_proof._same", lambda *_: None)
    roles = [one for one in company.lines_of("roles.jsonl") if one["id"] != "od-readonly"]
    lines = "".join(f"{json.dumps(role)}\n" for role in roles)
    held = company.lines_of("assignments.jsonl")
    kept = "".join(f"{json.dumps(one)}\n" for one in held if one["role"] != "od-readonly")
    changes = {"roles.jsonl": lines, "assignments.jsonl": kept}
    files = company.with_files(changes, tmp_path / "files")
    assert terminal.type("world", "import", str(files), "--apply").code == 0

    mixed = terminal.type("request", "proof", "--last", "--to", str(tmp_path / "proof"))

    assert mixed.code == 1
    assert "refused: made for another catalogue" in mixed.words


def test_nothing_is_written_when_the_weights_in_force_are_others(
    terminal: Terminal, company: Company, tmp_path: Path
) -> None:
    (company.home / "weights.toml").write_text("[access_level]\nread = 3\n")

    refused = terminal.type("request", "proof", "--last", "--to", str(tmp_path / "proof"))

    assert refused.code == 1
    assert "was proved for weights" in refused.err
    assert not (tmp_path / "proof").exists()


def test_the_error_says_so_when_a_request_has_no_proof(terminal: Terminal, tmp_path: Path) -> None:
    terminal.type("ask", "make me a coffee", *SPEAKER)

    refused = terminal.type("request", "proof", "--last", "--to", str(tmp_path / "proof"))

    assert refused.code == 1
    assert "has no certificate to write" in refused.err
    assert not (tmp_path / "proof").exists()


def test_the_verdict_names_it_when_a_certificate_is_about_another_set() -> None:
    """A genuine proof of something else proves nothing about this request."""
    plain = proposal()
    mine, other = (
        replace(plain, proof=replace(plain.proof, certificate=json.dumps({"roles": [role]})))
        for role in (CLERK, KEEPER)
    )

    assert [*_another_set(mine)] == []
    assert "about shop-keeper, which is not what the request proposes" in next(_another_set(other))
