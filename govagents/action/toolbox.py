"""The guarded tools: everything that may ever be done to a target, and nothing besides.

Rules:
1. A tool takes an `Order`, which is its input schema; the order's fence is its idempotency key. It
   says what its grant says: role, beneficiary, one of the targets, and the grant as its fence.
2. Each tool names its inverse, which is in the box too.
3. Each tool has its scope: giving is for a grant that is given or being given, and for no other.
   Taking back never waits, so its scope leaves nothing out; it is a risk class of its own.
4. What is not in the box cannot be called.
5. To look changes nothing, so it has neither scope nor inverse; it is in the box because every call
   of a target is noted here, and nowhere else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from govagents.action.noting import Calls
from govagents.domain.grant import GIVING, Grant
from govagents.domain.ids import SystemId
from govagents.domain.request import Status
from govagents.errors import GuardError
from govagents.ports import Connector, Order


class Risk(StrEnum):
    """What a tool can do to somebody's access."""

    GIVING = "giving"
    TAKING = "taking"


@dataclass(frozen=True)
class Tool:
    """`scope` = how far the grant must be that an order belongs to; `run` makes the change."""

    name: str
    risk: Risk
    scope: frozenset[Status]
    inverse: str
    run: Callable[[Connector, Order], None]


def _give(connector: Connector, order: Order) -> None:
    connector.grant(order)


def _take(connector: Connector, order: Order) -> None:
    connector.revoke(order)


TOOLS: Mapping[str, Tool] = MappingProxyType(
    {
        "grant": Tool("grant", Risk.GIVING, GIVING, "revoke", _give),
        "revoke": Tool("revoke", Risk.TAKING, frozenset(Status), "grant", _take),
    }
)


def call(name: str, connector: Connector, order: Order, *, grant: Grant, calls: Calls) -> None:
    """Use a tool on one target; `grant` is what the order belongs to.

    Raises:
        GuardError: there is no such tool, the order has no fence or is another than the grant's, or
            the grant is out of scope.
        TargetError: what the target made of it.
    """
    tool = TOOLS.get(name)
    if tool is None:  # (4)
        message = f"there is no tool `{name}`: the box holds {', '.join(TOOLS)}"
        raise GuardError(message)
    if not order.fence:  # (1)
        message = f"an order to `{name}` must say which grant it belongs to"
        raise GuardError(message)
    of_grant = (grant.role, grant.beneficiary, grant.id)
    if (order.role, order.subject, order.fence) != of_grant or order.system not in grant.targets:
        message = f"the order is not that of `{grant.id}`: {order.role} for {order.subject} on "
        raise GuardError(f"{message}{order.system}, fence {order.fence}")
    if grant.status not in tool.scope:  # (3)
        message = f"`{name}` is not for `{order.fence}`, which is {grant.status.value}"
        raise GuardError(message)
    with calls.noted(name, tool.risk.value, order.system, grant):  # (5)
        tool.run(connector, order)


def look(connector: Connector, system: SystemId, *, grant: Grant, calls: Calls) -> bool:
    """Whether a target shows the role of `grant` at its beneficiary.

    Raises:
        TargetError: what the target made of being asked.
    """
    with calls.noted("holders", "reading", system, grant) as span:  # (5)
        held = grant.beneficiary in connector.holders(system, grant.role)
        span.outcome = "held" if held else "not_held"
    return held
