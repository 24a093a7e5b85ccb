"""Whoever checks a decision afterwards finds all it rested on."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from govagents.domain.canonical import digest
from govagents.domain.ids import RequestId
from govagents.domain.observation import Topic
from govagents.domain.request import Status
from govagents.policy.engine import CedarDecisionPoint
from govagents.testing.company import Company
from tests.journey.terminal import Terminal

EDI = "INC-4408: look at and requeue the parked nordkraft edi msgs, 4h"
ONLY_ONE = "restart rtm gw, INC-4414, 1h"


@pytest.fixture(scope="module")
def asked(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Where one request waits for its approver."""
    company = made.copied(tmp_path_factory.mktemp("asked") / "store")
    assert company.ask("viktor.horvath", EDI).status is Status.PENDING
    return company.restarted()


@pytest.fixture
def company(asked: Company, tmp_path: Path) -> Company:
    return asked.copied(tmp_path / "store")


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(company.home, capsys)


def test_each_fact_says_where_it_came_from_when_it_is_looked_at(terminal: Terminal) -> None:
    """S10: source, trust and time of each field of each topic; the unsaid stays unknown."""
    said, observed = (
        terminal.type("why", "--last").words,
        terminal.data("why", "--last")["observed"],
    )

    assert "speaker fact, from authentication" in said
    assert "needs claim, from words" in said
    assert "ticket fact, from ticket system" in said
    assert "purpose unknown" in said
    assert "trust unknown, 2026-11-23 09:00 UTC used before fact, from usage log" in said
    assert "department fact, from directory, 2026-11-23 09:00 UTC: Engineering" in said
    assert {each["topic"] for each in observed} == {each.value for each in Topic}
    assert all(each["source"] and each["trust"] and each["at"] for each in observed)
    assert all((each["source"] == "unknown") == (each["trust"] == "unknown") for each in observed)
    label = {each["field"]: (each["source"], each["trust"], each["value"]) for each in observed}
    assert label["trust"] == ("unknown", "unknown", None)
    assert label["needs"] == ("words", "claim", None)
    assert label["used before"] == ("usage log", "fact", "no")
    assert label["policies"][:2] == ("policy files", "fact")


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
    """S9: each factor with its value, in its group; as data and as words."""
    said, known = terminal.type("why", "--last").words, terminal.data("why", "--last")["assessment"]

    assert known["static_factors"] == {
        "kind": "person",
        "department": "Engineering",
        "clearance": "3",
        "sensitivity": "internal",
        "privileged": "no",
    }
    assert known["dynamic_factors"] == {
        "trust": "unknown",
        "used before": "no",
        "peers use it": "yes",
        "window": "240 minutes",
    }
    _, _, both = said.partition("static factors: who it is, and what the roles reach ")
    static, _, rest = both.partition(" dynamic factors: how things stand now ")
    dynamic = rest.partition(" what memory said")[0]
    assert _listed(known["static_factors"]) == static.strip()
    assert _listed(known["dynamic_factors"]) == dynamic.strip()


def test_the_versions_that_decided_are_each_named_by_their_own_digest(
    terminal: Terminal, company: Company
) -> None:
    """S20: rationale, evidence ids, policy version; none of them shown for another."""
    request = terminal.data("request", "list")["requests"][0]["request_id"]
    view = company.view(RequestId(request))
    decided, proposal = view.decision, view.proposal
    assert decided is not None
    assert proposal is not None
    point = company.app.guard.policy
    assert isinstance(point, CedarDecisionPoint)
    assert decided.policy_digest == point.digest
    assert decided.proposal_digest == digest(proposal)
    named = {
        "decision": decided.evaluation,
        "policy": decided.policy_digest[:16],
        "facts": decided.facts_digest[:16],
        "proposal": decided.proposal_digest[:16],
        "catalog": company.app.catalogs.current().digest[:16],
        "weights": proposal.proof.weights[:16],
    }
    assert len(set(named.values())) == len(named)

    said, known = terminal.type("why", request).out, terminal.data("why", request)
    by_decision = terminal.data("why", decided.evaluation)

    assert by_decision == known
    rows = [line.split() for line in said.splitlines()]
    shown = {name: [row[1].rstrip(",") for row in rows if row[:1] == [name]] for name in named}
    assert all(value in shown[name] for name, value in named.items())
    assert known["decision"]["policy_digest"] == decided.policy_digest
    assert known["decision"]["facts_digest"] == decided.facts_digest
    assert known["decision"]["evaluation"] == decided.evaluation
    assert [each["policy"] for each in known["decision"]["reasons"]]
    assert [each["index"] for each in known["entries"]] == [index for index, _ in view.entries]


def test_the_plans_that_were_weighed_are_in_the_record_with_score_and_loss(
    terminal: Terminal,
) -> None:
    """S4: the chosen one and two that lost: by a higher excess, and by leaving a need out."""
    plan = terminal.data("why", "--last")["proposal"]

    assert (plan["roles"], plan["proof"]["excess_weight"]) == (["od-edi-support"], 6)
    assert plan["all_seen"] is True
    assert plan["next_best"]["roles"] == ["od-edi-viewer", "od-readonly"]
    assert plan["next_best"]["excess_weight"] == 16
    assert plan["next_best"]["leaves_out"] == []
    assert plan["next_best"]["adds"]
    assert plan["narrower"]["roles"] == ["od-edi-viewer"]
    assert plan["narrower"]["excess_weight"] == 3
    assert plan["narrower"]["leaves_out"] == ["orders-db:dead-letter:requeue"]
    assert [(each["kind"], each["lost"]) for each in plan["weighed"]] == [
        ("chosen", ""),
        ("next best", "excess weight 16 instead of 6"),
        ("narrower", "covers 1 of 2 needs"),
        ("give nothing", "covers 0 of 2 needs"),
    ]
    assert plan["weighed"][0]["score"] == {
        "covers": 2,
        "excess_weight": 6,
        "role_count": 1,
        "changing": 1,
        "privileged": 0,
        "length": 4 * 3600,
    }
    said = terminal.type("why", "--last").words
    assert "narrower od-edi-viewer covers 1 of 2 · excess weight 3 · 1 role · 4 h covers 1" in said


def test_two_plans_are_in_the_record_when_only_one_set_suffices(terminal: Terminal) -> None:
    """S4: each set that suffices contains this one, and giving nothing is still a plan."""
    terminal.type("ask", ONLY_ONE, "--as", "wei.zhang")

    plan, said = terminal.data("why", "--last")["proposal"], terminal.type("why", "--last").words

    assert plan["roles"] == ["ev-gateway-operator"]
    assert (plan["next_best"], plan["narrower"], plan["all_seen"]) == (None, None, True)
    assert "any other set: each that suffices contains this one" in said
    assert "nothing at all: covers 0 of 1 needs" in said
    assert [each["kind"] for each in plan["weighed"]] == ["chosen", "give nothing"]


def _listed(factors: Mapping[str, str]) -> str:
    return " ".join(f"{name} {value}" for name, value in sorted(factors.items()))


@pytest.mark.parametrize(
    "command",
    [("ask", EDI, "--as", "viktor.horvath"), ("request", "show", "--last"), ("why", "--last")],
    ids=lambda words: words[0],
)
def test_what_else_was_possible_is_shown_when_it_was_looked_at(
    command: tuple[str, ...], terminal: Terminal
) -> None:
    """S4: less, the next best and why it lost, and what would change, before anything does."""
    said = terminal.type(*command).words

    assert "narrower od-edi-viewer: leaves out orders-db:dead-letter:requeue, saves 3" in said
    assert "od-edi-viewer, od-readonly: the next best, excess weight 16 instead of 6" in said
    assert "will change orders-db: viktor.horvath gets od-edi-support" in said
