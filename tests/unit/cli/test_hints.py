"""The next command can be pasted as it stands."""

import shlex
from pathlib import Path

import pytest

from govagents.entrypoints.cli.hints import Hints, program


def test_a_person_is_named_when_the_store_is_a_demo() -> None:
    assert Hints(None, demo=True).command("inbox", as_="ona") == "govagents inbox --as ona"


def test_nobody_is_named_when_the_store_is_ones_own() -> None:
    assert Hints(None, demo=False).command("inbox", as_="ona") == "govagents inbox"


def test_the_store_is_repeated_when_it_was_named() -> None:
    assert Hints(Path("a b"), demo=False).command("inbox") == "govagents inbox --home 'a b'"


@pytest.mark.parametrize("text", ["it's", "$(reboot)", "a; b", "--force", "\n", "*"])
def test_a_shell_reads_the_words_back_when_they_hold_its_signs(text: str) -> None:
    command = Hints(None, demo=False).command("ask", said=text)

    assert [word for word in shlex.split(command) if word != "--"] == ["govagents", "ask", text]
    assert ("--" in shlex.split(command)) is text.startswith("-")


def test_the_program_goes_by_its_name_when_the_shell_would_find_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = _program(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("sys.argv", [str(installed)])

    assert program() == "govagents"


def test_the_program_goes_by_its_path_when_the_shell_would_find_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tmp_path / "bin")
    typed = _program(tmp_path / "venv")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("sys.argv", [str(typed)])

    assert program() == str(typed)


def test_the_program_goes_by_its_name_when_it_was_started_from_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tmp_path / "bin")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("sys.argv", ["govagents"])

    assert program() == "govagents"


def _program(folder: Path) -> Path:
    folder.mkdir()
    file = folder / "govagents"
    file.touch(mode=0o755)
    return file
