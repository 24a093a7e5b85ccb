"""Where the content of a release lies, in a checkout and in a wheel."""

from pathlib import Path

import pytest

from govagents import content as module
from govagents.content import content
from govagents.errors import ConfigurationError

PROJECT = '[project]\nname = "govagents"\n'


def test_a_checkouts_own_folder_is_found() -> None:
    assert (content("tools") / "connectors" / "sim.py").is_file()


def test_a_wheels_folder_is_found_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "govagents" / "_content" / "tools").mkdir(parents=True)
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "govagents")

    assert content("tools") == tmp_path / "govagents" / "_content" / "tools"


@pytest.mark.parametrize(
    "project", [None, "", "not [toml", '[project]\nname = "evil"\n', 'project = "govagents"']
)
def test_a_folder_beside_another_project_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: str | None
) -> None:
    (tmp_path / "tools").mkdir()
    if project is not None:
        (tmp_path / "pyproject.toml").write_text(project)
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "govagents")

    with pytest.raises(ConfigurationError, match="`tools` of this release was not found"):
        content("tools")


def test_a_folder_beside_the_project_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "govagents")

    assert content("tools") == tmp_path / "tools"


def test_a_folder_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "govagents")

    with pytest.raises(ConfigurationError, match="`prompts`"):
        content("prompts")
