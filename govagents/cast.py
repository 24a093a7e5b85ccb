"""Puts the agents on the stage: each node within its agent's powers and budget, and kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from langgraph.graph import StateGraph

from govagents.findings import decode, encode
from govagents.roster import ROSTER, Agent, agent_of, hand
from govagents.services import Services
from govagents.state import RequestState
from govagents.steps import Budget, Keeper

Judge = Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Cast:
    """The roster with the services it is handed from, for one run."""

    services: Services
    keeper: Keeper
    roster: tuple[Agent, ...] = ROSTER
    budget: Budget = field(
        default_factory=lambda: Budget({agent.name: agent.budget for agent in ROSTER})
    )

    def powers(self, node: str) -> Services:
        """The powers of the agent that runs `node`."""
        return hand(agent_of(node, self.roster), self.services)

    def node(self, graph: StateGraph[Any, Any, Any, Any], name: str, judge: Judge) -> None:
        """Add `judge` under `name`: it sees only the keys that its `__call__` declares."""
        agent = agent_of(name, self.roster)
        keys = _declared(judge)

        def step(state: RequestState) -> dict[str, Any]:
            self.budget.spend(agent.name)
            # a checkpoint gives tuples back as lists; what a node sees is of the declared type
            seen = {
                key: decode(encode(value), keys[key]) for key, value in state.items() if key in keys
            }
            self.keeper.check(state["request"], seen)
            found = judge(seen)
            self.keeper.keep(agent, name, state, found)
            return dict(found)

        graph.add_node(name, step, input_schema=RequestState)


def _declared(judge: Judge) -> dict[str, Any]:
    hints = get_type_hints(type(judge).__call__)
    return get_type_hints(hints["state"])
