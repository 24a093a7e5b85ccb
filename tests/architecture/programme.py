"""The request graph as it is built, with nobody on the stage: which class runs as which node."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, get_type_hints

from langgraph.graph import StateGraph

from govagents.cast import Cast, Judge
from govagents.graph import Graph, request_graph
from govagents.roster import Withheld
from govagents.services import Services
from govagents.steps import Keeper


@dataclass(frozen=True)
class Programme(Cast):
    """A cast that writes down who is called on, and hands out no power at all."""

    judges: dict[str, Judge] = field(default_factory=dict)

    def node(self, graph: StateGraph[Any, Any, Any, Any], name: str, judge: Judge) -> None:
        self.judges[name] = judge
        super().node(graph, name, judge)


def programme() -> tuple[Graph, Mapping[str, Judge]]:
    """The graph, and the judge of each of its nodes."""
    names = {each.name for each in fields(Services)}
    powers: dict[str, Any] = {name: Withheld("nobody", name) for name in names}
    nobody = Programme(Services(**powers), Keeper(None, powers["clock"]))
    return request_graph(nobody), nobody.judges


def reads(judge: Judge) -> frozenset[str]:
    """State keys that a node is handed."""
    return _keys(judge, "state")


def writes(judge: Judge) -> frozenset[str]:
    """State keys that a node sets."""
    return _keys(judge, "return")


def _keys(judge: Judge, of: str) -> frozenset[str]:
    return frozenset(get_type_hints(get_type_hints(type(judge).__call__)[of]))
