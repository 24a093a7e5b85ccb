"""The cast: who the agents are, what each runs, and the powers each is handed.

An agent cannot use what it was not handed: in place of a withheld power stands an object that
raises `PowerWithheldError` with the agent's name at the first touch. Adding an agent or a power is
one visible line here, on purpose: the flow is the security boundary.
"""

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import NoReturn, cast

from govagents.errors import ConfigurationError, PowerWithheldError
from govagents.services import Services


class Temperament(StrEnum):
    """Reactive: stimulus to fixed action, no plan, no model, no memory. Deliberative: weighs."""

    REACTIVE = "reactive"
    DELIBERATIVE = "deliberative"


@dataclass(frozen=True)
class Agent:
    """One agent. `powers` are field names of `Services`; `budget` is steps in one run."""

    name: str
    temperament: Temperament
    layer: str
    nodes: tuple[str, ...]
    powers: frozenset[str]
    budget: int


_REACTIVE, _DELIBERATIVE = Temperament.REACTIVE, Temperament.DELIBERATIVE

ROSTER = (
    Agent("intake", _DELIBERATIVE, "perception", ("triage", "read", "resolve", "clarify"),
          frozenset({"words", "catalogs", "directory", "tickets", "clock", "model", "prompts"}),
          24),
    Agent("librarian", _REACTIVE, "memory", ("recall", "remember"),
          frozenset({"words", "memory", "catalogs", "directory", "records", "clock"}), 12),
    Agent("planner", _DELIBERATIVE, "planning", ("propose",),
          frozenset({"catalogs", "directory", "holdings", "readings", "weights"}), 4),
    Agent("risk", _DELIBERATIVE, "planning", ("assess",),
          frozenset({"catalogs", "directory", "usage", "holdings", "weights", "clock"}), 4),
    Agent("policy", _REACTIVE, "planning", ("decide", "ask"),
          frozenset({"facts", "policy"}), 16),
    Agent("provisioner", _REACTIVE, "action", ("grant", "verify", "undo"),
          frozenset({"guard", "records", "clock"}), 6),
)  # fmt: skip


class Withheld:
    """Stands where a power would be."""

    def __init__(self, agent: str, power: str) -> None:
        """Remembers whose it is not."""
        self.__dict__["_whose"] = (agent, power)

    def __getattr__(self, name: str) -> NoReturn:
        """Any use at all."""
        raise PowerWithheldError(*self.__dict__["_whose"])

    def __getitem__(self, key: object) -> NoReturn:
        """Any use at all."""
        raise PowerWithheldError(*self.__dict__["_whose"])


def agent_of(node: str, roster: tuple[Agent, ...] = ROSTER) -> Agent:
    """Who runs `node`.

    Raises:
        ConfigurationError: nobody or more than one agent claims it.
    """
    claims = [agent for agent in roster if node in agent.nodes]
    if len(claims) != 1:
        names = ", ".join(agent.name for agent in claims) or "nobody"
        message = f"node `{node}` must be run by one agent: {names}"
        raise ConfigurationError(message)
    return claims[0]


def hand(agent: Agent, services: Services) -> Services:
    """`services` with everything `agent` was not handed withheld."""
    withheld = {
        field.name: cast("object", Withheld(agent.name, field.name))
        for field in fields(services)
        if field.name not in agent.powers
    }
    return replace(services, **withheld)  # type: ignore[arg-type]  # a Withheld has no port's type
