"""Policies that cannot be used: `policy lint`, `doctor` and `ask` each say which and where."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from govagents.settings import FILE
from govagents.testing.company import Company
from tests.journey.terminal import Said, Terminal

ASK = ("ask", "Redrive the tracking dlq, 2h", "--as", "samuel.adeyemi")
PERMIT = """
@id("mine")
@approver("{approver}")
permit(principal, action == Action::"request", resource == Role::"{role}");
"""


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(company.home, capsys)


def _missing(folder: Path) -> None:
    shutil.rmtree(folder)


def _empty(folder: Path) -> None:
    for file in folder.glob("*.cedar"):
        file.unlink()


def _unfinished(folder: Path) -> None:
    with (folder / "time.cedar").open("a", encoding="utf-8") as file:
        file.write("permit(principal, action")


def _latin(folder: Path) -> None:
    file = folder / "time.cedar"
    file.write_bytes("// Länge\n".encode("iso-8859-1") + file.read_bytes())


def _deeper(folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "time.cedar").rename(folder / "more" / "time.cedar")


def _capitals(folder: Path) -> None:
    (folder / "time.cedar").rename(folder / "time.CEDAR")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe.cedar")


def _nested(folder: Path) -> None:
    condition = "(" * 3000 + "true" + ")" * 3000
    text = f'\n@id("n") forbid (principal, action, resource) when {{ {condition} }};'
    (folder / "nested.cedar").write_text(text)


def _misspelt(folder: Path) -> None:
    file = folder / "lines.cedar"
    file.write_text(file.read_text().replace('@quorum("2")', '@quorums("2")'))


def _twice(folder: Path) -> None:
    shutil.copyfile(folder / "time.cedar", folder / "time2.cedar")


BROKEN: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "missing": (
        _missing,
        "policies` are missing: put them back",
        "the folder that is set is missing, so everything is denied",
    ),
    "empty": (_empty, "no policy in this folder", "no policy in this folder"),
    "does-not-parse": (
        _unfinished,
        "time.cedar:20: does not parse",
        "time.cedar:20: does not parse",
    ),
    "one-id-twice": (
        _twice,
        "time2.cedar:3: `max-time`: this id is already taken in time.cedar",
        "time2.cedar:3: `max-time`: this id is already taken in time.cedar",
    ),
    "not-utf8": (
        _latin,
        "time.cedar:1: is not UTF-8: byte 5 is 0xe4",
        "time.cedar:1: is not UTF-8: byte 5 is 0xe4",
    ),
    "in-a-folder": (
        _deeper,
        "more/time.cedar: is not read as a policy",
        "more/time.cedar: is not read as a policy",
    ),
    "in-capitals": (
        _capitals,
        "time.CEDAR: is not read as a policy",
        "time.CEDAR: is not read as a policy",
    ),
    "pipe": (_pipe, "pipe.cedar: is no regular file", "pipe.cedar: is no regular file"),
    "nested": (
        _nested,
        "nested.cedar:2: brackets stand more than 50 deep",
        "nested.cedar:2: brackets stand more than 50 deep",
    ),
    "misspelt-annotation": (
        _misspelt,
        "unknown annotation `@quorums`",
        "unknown annotation `@quorums`",
    ),
}
CASES = pytest.mark.parametrize(("spoil", "told", "denied"), BROKEN.values(), ids=BROKEN.keys())


def words(said: Said) -> str:
    return " ".join((said.out + said.err).split())


@CASES
def test_each_says_what_is_wrong_when_the_policies_cannot_be_used(
    spoil: Callable[[Path], None], told: str, denied: str, terminal: Terminal
) -> None:
    """S20: what cannot be decided is denied, and whoever looks is told why."""
    spoil(terminal.home / "policies")

    lint, tested = terminal.type("policy", "lint"), terminal.type("policy", "test")
    doctor, asked = terminal.data("doctor"), terminal.type(*ASK)

    assert (lint.code, tested.code, terminal.type("doctor").code) == (1, 1, 1)
    assert told in words(lint)
    assert told in words(tested)
    health = next(each for each in doctor["checks"] if each["check"] == "policies")
    assert health["health"] == "bad"
    assert "everything is denied" in health["text"]
    assert denied in health["text"] or "is missing" in health["text"]
    assert asked.code == 3
    assert denied in asked.words
    assert terminal.data("grant", "list", "--all")["grants"] == []


@CASES
def test_the_reason_stays_when_the_denial_is_looked_at_later(
    spoil: Callable[[Path], None], told: str, denied: str, terminal: Terminal
) -> None:
    spoil(terminal.home / "policies")
    terminal.type(*ASK)

    assert told
    assert denied in terminal.type("why", "--last").words


def test_no_example_is_run_when_the_policies_cannot_be_used(terminal: Terminal) -> None:
    """Fifty failures with one cause are told as that cause."""
    _unfinished(terminal.home / "policies")

    found = terminal.data("policy", "test")

    assert found["examples"] == []
    assert len(found["problems"]) == 1


def test_a_policy_that_names_nobody_is_found_when_the_store_is_known(terminal: Terminal) -> None:
    path = terminal.home / "policies" / "mine.cedar"
    path.write_text(PERMIT.format(approver="nobody.here", role="no-such-role"))

    stores, folders = (
        terminal.type("policy", "lint"),
        terminal.type("policy", "lint", str(path.parent)),
    )
    doctor = next(each for each in terminal.data("doctor")["checks"] if each["check"] == "policies")

    assert stores.code == 1
    assert "nobody is called `nobody.here`" in stores.words
    assert "there is no role `no-such-role`" in stores.words
    assert "nobody.here" not in folders.words
    assert doctor["health"] == "bad"


def test_nothing_is_found_when_a_policy_names_somebody(terminal: Terminal) -> None:
    path = terminal.home / "policies" / "mine.cedar"
    path.write_text(PERMIT.format(approver="arjun.mehta", role="ap-queue-operator"))

    said = terminal.type("policy", "lint").words

    assert "nobody is called" not in said
    assert "there is no role" not in said


def test_the_error_names_it_when_a_folder_is_none(terminal: Terminal, tmp_path: Path) -> None:
    refused = terminal.type("policy", "lint", str(tmp_path / "none"))

    assert refused.code == 2
    assert "is no folder: name one that holds .cedar files" in refused.err


def test_a_folder_is_checked_when_there_is_no_store(
    terminal: Terminal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = Terminal(tmp_path / "none", capsys)
    line = ("policy", "lint", str(terminal.home / "policies"))

    said = nowhere.type(*line)

    assert said.code == 0
    assert "not checked: whether the people and roles that the policies name exist" in said.words
    assert len(nowhere.data(*line)["not_checked"]) == 1
    assert not nowhere.home.exists()


def test_nothing_is_left_unchecked_when_the_store_is_known(terminal: Terminal) -> None:
    assert "not checked" not in terminal.type("policy", "lint").out
    assert terminal.data("policy", "lint")["not_checked"] == []


def test_a_file_is_named_when_it_is_no_policy(terminal: Terminal) -> None:
    """Nothing in the folder is passed over in silence; what looks like no policy stops nothing."""
    (terminal.home / "policies" / "time.cedar.bak").write_text("forbid")

    said, found = terminal.type("policy", "lint"), terminal.data("doctor")
    row = next(each for each in found["checks"] if each["check"] == "policies")

    assert (said.code, row["health"]) == (0, "note")
    assert "warning: time.cedar.bak: is not read" in said.words
    assert "9 files, 1 finding" in said.words
    assert "9 files without an error, 1 warning: time.cedar.bak" in row["text"]
    assert terminal.type(*ASK).code in {5, 6}


def test_an_example_fails_when_it_cannot_be_read(terminal: Terminal) -> None:
    (terminal.home / "policies" / "examples" / "zz.yaml").write_bytes(b"# \xff")
    (terminal.home / "policies" / "examples" / "zzz.yaml").write_text("[" * 3000)

    said = terminal.type("policy", "test")

    assert said.code == 1
    assert "zz.yaml: is not UTF-8: byte 3" in said.words
    assert "zzz.yaml: is not YAML" in said.words
    assert "2 failed" in said.words


def test_what_to_write_is_said_when_no_folder_of_policies_is_set(terminal: Terminal) -> None:
    """S20: not that the folder is empty; and the next command can be typed as it stands."""
    settings = terminal.home / FILE
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    settings.write_text("".join(each for each in lines if not each.startswith("policies")))

    refused = [terminal.type("policy", "lint"), terminal.type("policy", "test")]
    asked = terminal.type(*ASK)

    for said in refused:
        assert said.code == 2
        assert "`govagents doctor` says the line to write next govagents doctor" in words(said)
    assert 'policies = "policies"' in terminal.type("doctor").words
    assert asked.code == 3
    assert "no folder is set, so everything is denied: `govagents doctor`" in asked.words
