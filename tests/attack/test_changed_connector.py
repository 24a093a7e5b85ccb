"""Somebody exchanges a connector after an operator has looked at it and enabled it.

Holds: write access to the folder of connectors. Wants: code of one's own to run with the engine's
powers, at every target. Does: changes the file, adds one, or leaves one of the same name in a
`tools/` folder wherever the program might be started from.

Open: a connector that is enabled runs with the engine's powers; there is no sandbox.
"""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from govagents import content
from govagents.adapters import connectors
from govagents.adapters.connectors import connector_files, load_connector, load_connectors
from govagents.errors import ConfigurationError

HONEST = (connector_files()["sim"]).read_bytes()


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """Where code that ran leaves a mark."""
    return tmp_path / "ran"


def evil(mark: Path) -> bytes:
    return HONEST + f"\nimport pathlib\npathlib.Path({str(mark)!r}).write_text('ran')\n".encode()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The release's `tools/`, as its operator looked at it."""
    tools = tmp_path / "tools"
    (tools / "connectors").mkdir(parents=True)
    (tools / "connectors" / "sim.py").write_bytes(HONEST)
    monkeypatch.setattr(connectors, "content", lambda name: tmp_path / name)
    return tools / "connectors"


ENABLED = {"sim": sha256(HONEST).hexdigest()}


def test_a_connector_changed_after_it_was_enabled_is_refused(folder: Path, mark: Path) -> None:
    """S40: one byte more, and nothing of it is run."""
    (folder / "sim.py").write_bytes(evil(mark))

    loaded = load_connectors(ENABLED)

    assert not loaded.classes
    assert "is not the file that was enabled" in loaded.problems[0]
    assert not mark.exists()


def test_a_connector_changed_after_it_was_enabled_runs_without_the_shipped_line(
    folder: Path, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: whatever lies there under the name that was enabled."""
    (folder / "sim.py").write_bytes(evil(mark))
    monkeypatch.setattr(
        connectors, "_enabled", lambda name, _: load_connector(name, connectors._read(name))
    )

    assert "sim" in load_connectors(ENABLED).classes
    assert mark.exists()


def test_a_connector_that_nobody_enabled_is_refused(folder: Path, mark: Path) -> None:
    """S40: lying there is not enough; neither is a name that leads elsewhere."""
    (folder / "other.py").write_bytes(evil(mark))

    assert set(load_connectors(ENABLED).classes) == {"sim"}
    assert load_connectors({"../other": sha256(evil(mark)).hexdigest()}).classes == {}
    assert not mark.exists()


@pytest.fixture
def foreign(tmp_path: Path, mark: Path) -> Path:
    """Somebody's project with a `tools/` folder of its own, and the program started in it."""
    root = tmp_path / "somebodys"
    (root / "tools" / "connectors").mkdir(parents=True)
    (root / "tools" / "connectors" / "sim.py").write_bytes(evil(mark))
    (root / "pyproject.toml").write_text('[project]\nname = "somebodys"\n')
    return root


def test_tools_in_the_working_directory_are_refused(
    foreign: Path, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S40: where the program was started plays no part."""
    monkeypatch.chdir(foreign)
    monkeypatch.setenv("PYTHONPATH", os.fspath(foreign))

    assert set(load_connectors(ENABLED).classes) == {"sim"}
    assert not mark.exists()


def test_tools_beside_the_package_of_somebody_else_are_refused(foreign: Path) -> None:
    """A package copied into another project does not take that project's folder for its own."""
    with pytest.raises(ConfigurationError, match="install govagents again"):
        content._checkout(foreign, "tools")


def test_tools_of_somebody_else_run_without_the_shipped_line(
    foreign: Path, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: any folder called so would do.

    removes: govagents/content.py
    """
    monkeypatch.setattr(content, "_project", lambda root: content._PROJECT)
    monkeypatch.setattr(connectors, "content", lambda name: content._checkout(foreign, name))

    load_connectors({"sim": connectors.fingerprint("sim")})

    assert mark.exists()
