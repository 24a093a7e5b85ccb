"""The graph can be read and trusted: one writer a key, every route total, one page that decides.

Shows what makes the flow a security boundary (S7, S13): no finding without a way, no second author
of a key, and no node that says where to go next.
"""

import ast
from collections import Counter
from enum import Enum
from typing import get_type_hints

import pytest

from govagents import routes
from govagents.roster import ROSTER, Temperament, agent_of
from govagents.state import NewRequest, RequestState
from tests.architecture.programme import programme, reads, writes
from tests.architecture.sources import imported, modules

# The run answers an interrupt with Command(resume=...); nobody else may hold a Command.
MAY_COMMAND = {"govagents/run.py"}

STEERS = (
    "from langgraph.types import Command",
    "import langgraph.types as t\nt.Command(goto='grant')",
    "def __call__(self, state): return later(goto='grant')",
)


def test_each_state_key_has_one_writer() -> None:
    _, judges = programme()
    writers = Counter(key for judge in judges.values() for key in writes(judge))
    keys = set(get_type_hints(RequestState))

    assert {key: n for key, n in writers.items() if n > 1} == {}
    assert set(writers) == keys - set(get_type_hints(NewRequest))


def test_every_node_reads_keys_that_somebody_writes() -> None:
    _, judges = programme()
    keys = set(get_type_hints(RequestState))

    assert {
        name: reads(judge) - keys for name, judge in judges.items() if reads(judge) - keys
    } == {}
    assert [name for name, judge in judges.items() if not reads(judge)] == []


def test_every_route_is_total_over_its_findings() -> None:
    graph, _ = programme()
    found = [
        (node, get_type_hints(getattr(routes, name))["return"], branch.ends)
        for node, branches in graph.branches.items()
        for name, branch in branches.items()
    ]

    assert found
    assert [node for node, findings, _ in found if not issubclass(findings, Enum)] == []
    assert [node for node, findings, ends in found if set(ends or ()) != set(findings)] == []


def test_no_node_names_its_successor() -> None:
    assert [
        str(module.path)
        for module in modules("govagents")
        if str(module.path) not in MAY_COMMAND and _steers(module.tree)
    ] == []


@pytest.mark.parametrize("source", STEERS)
def test_a_node_is_found_out_when_it_steers(source: str) -> None:
    assert _steers(ast.parse(source))


def test_a_node_that_changes_targets_is_never_run_again_by_the_graph() -> None:
    graph, _ = programme()

    assert graph.nodes["grant"].retry_policy is None
    assert graph.nodes["undo"].retry_policy is None


def test_every_node_is_run_by_one_agent_and_every_agent_has_a_node() -> None:
    graph, judges = programme()
    runs = {node for agent in ROSTER for node in agent.nodes}

    assert set(graph.nodes) == set(judges)
    assert {agent_of(node).name for node in judges} <= {agent.name for agent in ROSTER}
    assert set(judges) <= runs


def test_a_reactive_agent_has_no_model() -> None:
    """No plan, no model (S1)."""
    reactive = [agent for agent in ROSTER if agent.temperament is Temperament.REACTIVE]

    assert reactive
    assert [agent.name for agent in reactive if agent.powers & {"model", "prompts"}] == []


def _steers(tree: ast.Module) -> bool:
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.keyword) and node.arg == "goto":
            return True
    return "Command" in names and any(name.startswith("langgraph") for name in imported(tree))
