"""README.md and SECURITY.md say what is true today."""

import ast
import re

from tests.architecture.readme import MADE, README, parts, rewritten
from tests.architecture.sources import ROOT, modules

SECURITY = ROOT / ".github" / "SECURITY.md"
FOLDERS = ("evals", "prompts", "tests", "tools")


def test_the_made_parts_are_as_they_would_be_made_today() -> None:
    text = README.read_text(encoding="utf-8")

    assert sorted(parts(text)) == sorted(MADE)
    assert rewritten(text) == text, "make docs"


def test_a_stale_part_is_made_anew_and_the_rest_is_left() -> None:
    stale = "before\n<!-- made: errors -->\nold\n<!-- /made: errors -->\nafter\n"

    fresh = rewritten(stale)

    assert fresh.startswith("before\n<!-- made: errors -->\n| error |")
    assert fresh.endswith("|\n<!-- /made: errors -->\nafter\n")
    assert rewritten(fresh) == fresh


def test_every_invariant_names_tests_that_exist() -> None:
    text = SECURITY.read_text(encoding="utf-8")
    invariants = re.findall(r"^(\d+)\. (.*(?:\n {2,}.*)*)", text, re.MULTILINE)
    named = {number: re.findall(r"`(test_\w+)`", body) for number, body in invariants}

    assert [int(number) for number in named] == list(range(1, 13))
    assert [number for number, tests in named.items() if not tests] == []
    assert [test for tests in named.values() for test in tests if test not in _tests()] == []


def test_every_folder_states_its_contract_in_forty_lines() -> None:
    lengths = {
        folder: len((ROOT / folder / "README.md").read_text(encoding="utf-8").splitlines())
        for folder in FOLDERS
    }

    assert {folder: length for folder, length in lengths.items() if not 0 < length <= 40} == {}


def _tests() -> set[str]:
    return {
        node.name
        for module in modules("tests")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef)
    }
