"""Loading connectors: only what was enabled, only as it was enabled."""

import ast
from hashlib import sha256
from pathlib import Path

import pytest

from govagents.adapters import connectors
from govagents.adapters.connectors import connector_files, fingerprint, load_connectors
from govagents.ports import Connector

GOOD = """
from pathlib import Path
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.ports import Connector, Order

class Paper(Connector):
    scheme = "paper"
    @classmethod
    def at(cls, address: str, folder: Path) -> "Paper":
        return cls()
    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        return frozenset()
    def grant(self, order: Order) -> None: ...
    def revoke(self, order: Order) -> None: ...
"""
MARK = "import pathlib\npathlib.Path({!r}).touch()\n"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A release's tools/ with one connector in it."""
    folder = tmp_path / "connectors"
    folder.mkdir()
    (folder / "paper.py").write_text(GOOD)
    monkeypatch.setattr(connectors, "content", lambda _: tmp_path)
    return folder


def test_every_shipped_connector_loads_as_it_is() -> None:
    enabled = {name: fingerprint(name) for name in connector_files()}

    loaded = load_connectors(enabled)

    assert "sim" in loaded.classes
    assert all(issubclass(each, Connector) for each in loaded.classes.values())
    assert (len(loaded.classes), loaded.problems) == (len(enabled), ())


def test_nothing_is_loaded_that_was_not_enabled(tools: Path, tmp_path: Path) -> None:
    (tools / "spy.py").write_text(MARK.format(str(tmp_path / "ran")) + GOOD)

    loaded = load_connectors({"paper": fingerprint("paper")})

    assert set(loaded.classes) == {"paper"}
    assert not (tmp_path / "ran").exists()


def test_a_changed_file_is_refused_before_it_runs(tools: Path, tmp_path: Path) -> None:
    enabled = {"paper": fingerprint("paper")}
    (tools / "paper.py").write_text(MARK.format(str(tmp_path / "ran")) + GOOD)

    loaded = load_connectors(enabled)

    assert not loaded.classes
    assert "not the file that was enabled" in loaded.problems[0]
    assert not (tmp_path / "ran").exists()


def test_a_changed_file_would_run_when_its_hash_were_not_checked(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away."""
    enabled = {"paper": fingerprint("paper")}
    (tools / "paper.py").write_text(MARK.format(str(tmp_path / "ran")) + GOOD)
    monkeypatch.setattr(connectors, "sha256", lambda _: _Always(enabled["paper"]))

    load_connectors(enabled)

    assert (tmp_path / "ran").exists()


def test_the_bytes_that_were_hashed_are_the_bytes_that_run(
    tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file exchanged between the check and the loading changes nothing."""
    enabled, real = {"paper": fingerprint("paper")}, connectors._read

    def read_then_exchange(name: str) -> bytes:
        data = real(name)
        (tools / "paper.py").write_text("raise SystemExit")
        return data

    monkeypatch.setattr(connectors, "_read", read_then_exchange)

    assert set(load_connectors(enabled).classes) == {"paper"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def (", "does not load"),
        ("import nowhere_to_be_found", "does not load"),
        ("raise RuntimeError('no licence')", "does not load: no licence"),
        ("raise OSError('at db://me:pa55@host')", "does not load: at db://…@host"),
        ("raise OSError", "does not load: OSError"),
        ("x = 1", "must define one connector"),
        (GOOD.replace("    scheme", "    plan"), "must define one connector"),
        (GOOD.replace("def revoke", "def take"), "must define one connector"),
        (GOOD + "class Second(Paper): ...\n", "must define one connector with a scheme, not 2"),
    ],
)
def test_a_file_that_is_no_connector_is_left_out_and_named(
    tools: Path, text: str, said: str
) -> None:
    (tools / "pulp.py").write_text(text)

    loaded = load_connectors({name: fingerprint(name) for name in ("paper", "pulp")})

    assert set(loaded.classes) == {"paper"}
    assert len(loaded.problems) == 1
    assert said in loaded.problems[0]


def test_two_connectors_of_one_scheme_are_refused(tools: Path) -> None:
    (tools / "pulp.py").write_text(GOOD)

    loaded = load_connectors({name: fingerprint(name) for name in ("paper", "pulp")})

    assert loaded.problems == ("connector `pulp` takes the scheme `paper`, which is taken",)


@pytest.mark.parametrize("name", ["papre", "../paper", "paper.py", "", "/etc/passwd", "Paper"])
def test_a_name_that_is_no_connector_is_refused(tools: Path, name: str) -> None:
    assert tools.is_dir()

    loaded = load_connectors({name: sha256(GOOD.encode()).hexdigest()})

    assert not loaded.classes
    assert loaded.problems == (f"there is no connector `{name}`: this release has `paper`",)


def test_connectors_name_nothing_that_would_start_a_program() -> None:
    names = {
        alias.name
        for path in connector_files().values()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import)
        for alias in node.names
    }

    assert not names & {"subprocess", "os", "ctypes", "pickle"}


class _Always:
    def __init__(self, digest: str) -> None:
        self._digest = digest

    def hexdigest(self) -> str:
        return self._digest
