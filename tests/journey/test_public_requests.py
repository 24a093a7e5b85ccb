"""All public requests of the demo company through `ask --plan-only --json`, as typed.

What is measured here stands in the README; a change of the reader shows there, or this fails.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from govagents.testing.company import Company
from tests.journey.terminal import Terminal

ROOT = Path(__file__).parents[2]
CODES = {"propose": 0, "narrow": 0, "clarify": 4, "no_match": 4, "deny": 3}
ABOUT = {"permission", "role", "system", "beneficiary", "window", "ticket", "purpose", "human"}
IN_README = re.compile(r"right outcome for (\d+) of (\d+) public requests")


def plan(terminal: Terminal, case: dict[str, Any]) -> dict[str, Any]:
    said = terminal.type(
        "ask", case["text"], "--as", case["speaker"], "--now", case["now"], "--plan-only", "--json"
    )  # fmt: skip
    found: dict[str, Any] = json.loads(said.out)
    assert said.code == CODES[found["outcome"]], case["id"]
    return found


def well_formed(case: dict[str, Any], found: dict[str, Any]) -> None:
    understood, question = found["understood"], found["question"]
    assert understood["speaker"] == case["speaker"]
    for need in understood["needs"]:
        start, end = need["span"]
        assert 0 <= start < end <= len(case["text"])
        assert 0 <= need["confidence"] <= 1
    assert (question is not None) == (found["outcome"] == "clarify")
    assert question is None or question["about"] in ABOUT
    if found["outcome"] in {"propose", "narrow"}:
        assert found["proposal"]["roles"]
        assert found["proposal"]["certificate"] is not None
        assert found["proposal"]["excess_weight"] == found["proposal"]["lower_bound"]
    assert found["next"]


def test_every_public_request_is_planned_and_the_share_stands_in_the_readme(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S5 S84: no crash, the form promised, and the share of right outcomes as the README says."""
    lines = (company.world / "requests-public.jsonl").read_text(encoding="utf-8").splitlines()
    terminal, right = Terminal(company.home, capsys), Counter[bool]()

    for line in lines:
        case = json.loads(line)
        found = plan(terminal, case)
        well_formed(case, found)
        right[found["outcome"] == case["expected"]["outcome"]] += 1

    said = IN_README.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert said is not None
    assert (int(said[1]), int(said[2])) == (right[True], len(lines))
