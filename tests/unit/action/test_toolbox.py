"""What may be done to a target at all (S16)."""

from pathlib import Path

import pytest

from govagents.action.toolbox import TOOLS, Risk, call
from govagents.adapters.connectors import load_connector
from govagents.content import content
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.errors import GuardError
from govagents.ports import Connector, Order

ORDER = Order(SystemId("s"), RoleId("r"), IdentityId("ana"), fence="gr_1")


@pytest.fixture
def target(tmp_path: Path) -> Connector:
    data = (content("tools") / "connectors" / "sim.py").read_bytes()
    return load_connector("sim", data).at("sim.db", tmp_path)


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_a_tool_is_undone_by_its_inverse(target: Connector, name: str) -> None:
    """S16 S18: each names its inverse, which restores what was there."""
    tool = TOOLS[name]
    call(tool.inverse, target, ORDER)
    before = target.holders(ORDER.system, ORDER.role)

    call(name, target, ORDER)
    call(tool.inverse, target, ORDER)

    assert target.holders(ORDER.system, ORDER.role) == before
    assert TOOLS[tool.inverse].inverse == name
    assert TOOLS[tool.inverse].risk is not tool.risk


def test_nothing_but_a_registered_tool_can_be_called(target: Connector) -> None:
    """S16."""
    with pytest.raises(GuardError, match="there is no tool `drop`"):
        call("drop", target, ORDER)


def test_an_order_without_its_key_is_refused(target: Connector) -> None:
    """S16: the fence is the idempotency key."""
    with pytest.raises(GuardError, match="which grant it belongs to"):
        call("grant", target, Order(ORDER.system, ORDER.role, ORDER.subject, fence=""))

    assert target.holders(ORDER.system, ORDER.role) == frozenset()


def test_giving_and_taking_are_told_apart() -> None:
    assert {tool.risk for tool in TOOLS.values()} == set(Risk)
