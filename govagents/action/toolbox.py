"""The guarded tools: everything that may ever be done to a target, and nothing besides.

Rules:
1. A tool takes an `Order`, which is its input schema; the order's fence is its idempotency key.
2. Each tool names its inverse, which is in the box too.
3. Only giving needs a decision; taking back is a tool of its own risk class.
4. What is not in the box cannot be called.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from govagents.errors import GuardError
from govagents.ports import Connector, Order


class Risk(StrEnum):
    """What a tool can do to somebody's access."""

    GIVING = "giving"
    TAKING = "taking"


@dataclass(frozen=True)
class Tool:
    """`power` is what an agent must be handed to have it used; `run` makes the change."""

    name: str
    risk: Risk
    power: str
    inverse: str
    run: Callable[[Connector, Order], None]


def _give(connector: Connector, order: Order) -> None:
    connector.grant(order)


def _take(connector: Connector, order: Order) -> None:
    connector.revoke(order)


TOOLS: Mapping[str, Tool] = MappingProxyType(
    {
        "grant": Tool("grant", Risk.GIVING, "guard", "revoke", _give),
        "revoke": Tool("revoke", Risk.TAKING, "guard", "grant", _take),
    }
)


def call(name: str, connector: Connector, order: Order) -> None:
    """Use a tool on one target.

    Raises:
        GuardError: there is no such tool, or the order has no fence.
        TargetError: what the target made of it.
    """
    tool = TOOLS.get(name)
    if tool is None:  # (4)
        message = f"there is no tool `{name}`: the box holds {', '.join(TOOLS)}"
        raise GuardError(message)
    if not order.fence:  # (1)
        message = f"an order to `{name}` must say which grant it belongs to"
        raise GuardError(message)
    tool.run(connector, order)
