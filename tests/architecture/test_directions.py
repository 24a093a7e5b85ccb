"""Imports point downwards; tools/ sees ports and nouns and nothing else of ours."""

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, imported, modules

TOOLS_MAY_IMPORT = ("govagents.ports", "govagents.domain")
CONTRACTS = {"layers", "wiring", "pure", "engine"}

# What each contract exists to refuse: the module that gets the line, and the line.
BREACHES = {
    "layers": ("domain/ids.py", "from govagents import ports"),
    "wiring": ("entrypoints/door.py", "import govagents.adapters"),
    "pure": ("policy/engine.py", "import os"),
    "engine": ("audit/trail.py", "import pickle"),
}


def test_every_import_points_downwards_when_the_contracts_are_read() -> None:
    done = _lint_imports(ROOT)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("contract", sorted(CONTRACTS))
def test_a_breach_is_named_when_a_module_reaches_too_far(contract: str, tmp_path: Path) -> None:
    where, line = BREACHES[contract]
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    package = tmp_path / "govagents"
    for each in ("", "adapters", "audit", "domain", "entrypoints", "policy"):
        (package / each).mkdir()
        (package / each / "__init__.py").touch()
    (package / "ports.py").touch()
    (package / where).write_text(line)

    done = _lint_imports(tmp_path, "--contract", contract)

    assert done.returncode == 1
    assert f"govagents.{where.removesuffix('.py').replace('/', '.')} -> " in done.stdout


def test_all_four_contracts_stand_in_the_settings() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    declared = {contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]}

    assert declared == CONTRACTS


def test_tools_import_ports_and_domain_of_ours_and_nothing_else() -> None:
    assert [
        (str(module.path), name)
        for module in modules("tools")
        for name in imported(module.tree)
        if _is_ours(name) and not _is_allowed(name)
    ] == []


@pytest.mark.parametrize(
    ("line", "breach"),
    [
        ("from govagents.ports import Connector", False),
        ("import govagents.domain.ids", False),
        ("from govagents import wiring", True),
        ("from govagents.ports_of_call import x", True),
        ("from . import sibling", True),
        ("import tools.connectors.sim", True),
        ("import ldap3", False),
    ],
)
def test_a_tool_is_judged_by_what_it_imports(line: str, breach: bool) -> None:
    names = list(imported(ast.parse(line)))

    assert any(_is_ours(name) and not _is_allowed(name) for name in names) is breach


def _is_ours(name: str) -> bool:
    return name.startswith(".") or name.partition(".")[0] in {"govagents", "tools", "tests"}


def _is_allowed(name: str) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in TOOLS_MAY_IMPORT)


def _lint_imports(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command as run; run()"
    command = [sys.executable, "-c", program, "--no-cache", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
