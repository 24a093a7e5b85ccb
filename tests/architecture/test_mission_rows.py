"""A test that says which row of the mission it shows names one that exists."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.sources import ROOT, modules

ROW = re.compile(r"\bS\d+\b")

DOCUMENTED = '''
def test_x():
    """It ends (S38, S4)."""
    run()  # noqa: S603
'''


@pytest.mark.shared
def test_every_row_named_in_a_test_stands_in_the_mission() -> None:
    mission = (ROOT.parent / "shared" / "MISSION.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| (S\d+) \|", mission, re.MULTILINE))
    named = [
        (str(module.path), row) for module in modules("tests") for row in _named_in(module.tree)
    ]

    assert rows
    assert [each for each in named if each[1] not in rows] == []


def test_a_row_is_read_when_it_stands_in_a_docstring() -> None:
    assert list(_named_in(ast.parse(DOCUMENTED))) == ["S38", "S4"]


def _named_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from ROW.findall(ast.get_docstring(node) or "")
