"""One request with its approval and its resume, beside the bare graph of the same shape.

The bare graph has the same nodes, edges and interrupt, and the same checkpointer on a file of its
own; each of its nodes answers what the real one found, at once. So what is between the two is all
that a request is: reading, solving, proving, deciding, the guard, and every entry of the log.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pytest
from langgraph.graph import StateGraph
from langgraph.types import Command

from govagents.adapters.checkpoints import sqlite_saver
from govagents.cast import Cast, Judge
from govagents.domain.ids import IdentityId
from govagents.domain.request import Request, Status
from govagents.graph import Graph, request_graph
from govagents.roster import Withheld
from govagents.run import config_of
from govagents.services import Services
from govagents.state import RequestState
from govagents.steps import Keeper
from govagents.testing.company import Company
from govagents.waiting import Ask
from tests.architecture.programme import programme
from tests.bench.figures import Aim, Figures, Watch, spread

ASKER, OWNER, WORDS = "samuel.adeyemi", "arjun.mehta", "Redrive the tracking dlq, 2h"
TIMES = 10
Findings = Mapping[str, list[Mapping[str, Any]]]

pytestmark = pytest.mark.bench


@dataclass(frozen=True)
class _Bare(Cast):
    """Nodes that answer at once what was found before."""

    found: Findings = field(default_factory=dict)

    def node(self, graph: StateGraph[Any, Any, Any, Any], name: str, judge: Judge) -> None:
        answers = iter(self.found.get(name, ()))

        def step(state: RequestState) -> dict[str, Any]:
            return dict(judge({})) if isinstance(judge, Ask) else dict(next(answers))

        graph.add_node(name, step, input_schema=RequestState)


def _recorded(monkeypatch: pytest.MonkeyPatch) -> Findings:
    """What each node finds from now on, in its order."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)

    def listening(keep: Callable[..., None]) -> Callable[..., None]:
        def kept(self: Keeper, agent: Any, node: str, state: Any, what: Mapping[str, Any]) -> None:  # noqa: ANN401  # as Keeper.keep
            found[node].append(deepcopy(dict(what)))
            keep(self, agent, node, state, what)

        return kept

    monkeypatch.setattr(Keeper, "keep", listening(Keeper.keep))
    return found


def _bare(found: Findings) -> Graph:
    nobody = programme()[1]
    assert set(found) <= set(nobody)
    cast = _Bare(_powerless(), Keeper(None, _powerless().clock), found=found)
    return request_graph(cast)


def _powerless() -> Any:  # noqa: ANN401  # a stand-in for every power
    powers: Any = {each.name: Withheld("nobody", each.name) for each in fields(Services)}
    return Services(**powers)


def _ask(company: Company, watches: tuple[Watch, Watch]) -> Request:
    company.app.sweeper.sweep()
    runner = company.app.runner
    with watches[0]:
        request = runner.ask(IdentityId(ASKER), WORDS)
    with watches[1]:
        runner.decide(request, IdentityId(OWNER), consent=True, reason="")
    view = company.view(request)
    assert view.status is Status.ACTIVE
    company.app.guard.end(view.grants[0].id, actor=IdentityId(ASKER), cause="given_back")
    return view.request


def _bare_run(graph: Graph, file: Path, request: Request, watches: tuple[Watch, Watch]) -> None:
    """As `run` does it: the graph is compiled and its saver opened anew for each go."""
    config = config_of(request.id)
    entries: tuple[Any, ...] = ({"request": request}, Command(resume=True))
    for watch, entry in zip(watches, entries, strict=True):
        with watch, sqlite_saver(file) as saver:
            compiled = graph.compile(checkpointer=saver)
            assert bool(compiled.get_state(config).interrupts) == isinstance(entry, Command)
            compiled.invoke(entry, config, durability="sync")


def test_a_request_is_measured_beside_the_bare_graph(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figures: Figures
) -> None:
    with monkeypatch.context() as listening:
        found = _recorded(listening)
        request = _ask(company, (Watch(), Watch()))
    ours, bare = (Watch(), Watch()), (Watch(), Watch())
    for number in range(TIMES):
        _ask(company, ours)
        _bare_run(_bare(found), tmp_path / f"{number}.db", request, bare)

    whole = [a + b for a, b in zip(ours[0].ms, ours[1].ms, strict=True)]
    empty = [a + b for a, b in zip(bare[0].ms, bare[1].ms, strict=True)]
    ratio = sorted(whole)[TIMES // 2] / sorted(empty)[TIMES // 2]
    marks = "ms p50 / p90 / p99 / max"
    figures.add(f"request, asked, approved and resumed, {marks}", spread(whole))
    figures.add(f"request, the bare LangGraph graph of the same shape, {marks}", spread(empty))
    figures.add("request ÷ the bare graph, medians", f"{ratio:.1f}", Aim(ratio, most=3))
