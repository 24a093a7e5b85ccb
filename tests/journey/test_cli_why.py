"""Whoever checks a decision afterwards finds all it rested on."""

import hashlib

import pytest

from govagents.domain.ids import RequestId
from govagents.testing.company import Company
from tests.journey.terminal import Terminal

EDI = "INC-4408: look at and requeue the parked nordkraft edi msgs, 4h"


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    typed = Terminal(company.home, capsys)
    assert typed.type("ask", EDI, "--as", "viktor.horvath").code == 5
    return typed


def test_each_fact_says_where_it_came_from_when_it_is_looked_at(terminal: Terminal) -> None:
    """S14: words are claims, systems of record are facts, the unsaid stays unknown."""
    said = terminal.type("why", "--last").words

    assert "speaker fact, from authentication" in said
    assert "needs claim, from words" in said
    assert "ticket fact, from ticket system" in said
    assert "purpose unknown" in said
    observed = terminal.data("why", "--last")["observed"]
    assert {"needs": "claim", "ticket": "fact"}.items() <= {
        each["field"]: each["trust"] for each in observed
    }.items()


def test_the_problem_is_named_by_its_digest_when_the_proof_is_shown(
    terminal: Terminal, company: Company
) -> None:
    request = terminal.data("request", "list")["requests"][0]["request_id"]
    proposal = company.view(RequestId(request)).proposal
    assert proposal is not None
    name = hashlib.sha256(proposal.proof.problem.encode()).hexdigest()[:16]

    said = terminal.type("why", request).words

    assert f"problem {name}, " in said
    assert '{"candidates' not in said


def test_both_groups_of_factors_are_shown_when_risk_was_judged(terminal: Terminal) -> None:
    said = terminal.type("why", "--last").words

    static, dynamic = said.index("static factors"), said.index("dynamic factors")
    assert static < said.index("clearance", static) < dynamic
    assert dynamic < said.index("trust", dynamic)


@pytest.mark.parametrize(
    "command",
    [("ask", EDI, "--as", "viktor.horvath"), ("request", "show", "--last"), ("why", "--last")],
    ids=lambda words: words[0],
)
def test_what_else_was_possible_is_shown_when_it_was_looked_at(
    command: tuple[str, ...], terminal: Terminal
) -> None:
    """S16: less, the next best and why it lost, and what would change, before anything does."""
    said = terminal.type(*command).words

    assert "narrower od-edi-viewer: leaves out orders-db:dead-letter:requeue, saves 3" in said
    assert "od-edi-viewer, od-readonly: the next best, excess weight 16 instead of 6" in said
    assert "will change orders-db: viktor.horvath gets od-edi-support" in said
