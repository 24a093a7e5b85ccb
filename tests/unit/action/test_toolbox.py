"""What may be done to a target at all (S16)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from govagents.action import toolbox
from govagents.action.targets import Targets
from govagents.action.toolbox import TOOLS, Risk, Tool, call
from govagents.adapters.connectors import load_connector
from govagents.content import content
from govagents.domain.grant import GIVING, Grant
from govagents.domain.ids import IdentityId, RequestId, RoleId, SystemId
from govagents.domain.outcome import Done, NotDone, Trouble
from govagents.domain.request import Status
from govagents.errors import GuardError
from govagents.ports import Connector, Order
from tests.unit.action.noted import TRACER, calls
from tests.unit.adapters.stores import grant

GIVEN = grant(RequestId("req_1"), Status.ACTIVE)
ORDER = Order(GIVEN.targets[0], GIVEN.role, GIVEN.beneficiary, fence=GIVEN.id)
EVERY_TOOL = pytest.mark.parametrize("name", sorted(TOOLS))


@pytest.fixture
def target(tmp_path: Path) -> Connector:
    data = (content("tools") / "connectors" / "sim.py").read_bytes()
    return load_connector("sim", data).at("sim.db", tmp_path)


def holders(target: Connector) -> frozenset[IdentityId]:
    return target.holders(ORDER.system, ORDER.role)


@EVERY_TOOL
def test_a_tool_is_undone_by_its_inverse(target: Connector, name: str) -> None:
    """S16 S18: each names its inverse, which restores what was there."""
    tool = TOOLS[name]
    call(tool.inverse, target, ORDER, grant=GIVEN, calls=calls())
    before = holders(target)

    call(name, target, ORDER, grant=GIVEN, calls=calls())
    between = holders(target)
    call(tool.inverse, target, ORDER, grant=GIVEN, calls=calls())

    assert holders(target) == before != between
    assert TOOLS[tool.inverse].inverse == name
    assert TOOLS[tool.inverse].risk is not tool.risk


@EVERY_TOOL
def test_a_tool_says_all_that_it_must(name: str) -> None:
    """S16: input schema, required scope, risk class and inverse, and nothing that nobody reads."""
    tool = TOOLS[name]

    assert tool.name == name
    assert list(Order.__dataclass_fields__) == ["system", "role", "subject", "fence"]
    assert set(Tool.__dataclass_fields__) == {"name", "risk", "scope", "inverse", "run"}
    assert tool.scope == {Risk.GIVING: GIVING, Risk.TAKING: frozenset(Status)}[tool.risk]


@EVERY_TOOL
def test_a_tool_used_twice_with_one_key_is_used_once(target: Connector, name: str) -> None:
    """S16: the fence is the idempotency key."""
    call(name, target, ORDER, grant=GIVEN, calls=calls())
    once = holders(target)

    call(name, target, ORDER, grant=GIVEN, calls=calls())

    assert holders(target) == once


@EVERY_TOOL
def test_an_order_without_its_key_is_refused(target: Connector, name: str) -> None:
    """S16: the fence is the idempotency key."""
    call(TOOLS[name].inverse, target, ORDER, grant=GIVEN, calls=calls())
    before = holders(target)

    with pytest.raises(GuardError, match="which grant it belongs to"):
        call(name, target, replace(ORDER, fence=""), grant=GIVEN, calls=calls())

    assert holders(target) == before


@EVERY_TOOL
@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, role=RoleId("r-admin")),
        replace(ORDER, subject=IdentityId("mallory")),
        replace(ORDER, system=SystemId("payroll")),
        replace(ORDER, fence="gr_other"),
    ],
)
def test_an_order_that_is_not_its_grants_is_refused(
    target: Connector, name: str, order: Order
) -> None:
    """S16: its input is checked field by field against the grant that was decided on."""
    with pytest.raises(GuardError, match=f"the order is not that of `{GIVEN.id}`"):
        call(name, target, order, grant=GIVEN, calls=calls())

    assert target.holders(order.system, order.role) == frozenset()


def test_nothing_but_a_registered_tool_can_be_called(target: Connector) -> None:
    """S16."""
    with pytest.raises(GuardError, match="there is no tool `drop`"):
        call("drop", target, ORDER, grant=GIVEN, calls=calls())


@pytest.mark.parametrize("status", sorted(set(Status) - GIVING))
def test_giving_is_refused_when_the_grant_is_not_being_given(
    target: Connector, status: Status
) -> None:
    """S16 S38: its scope; what has ended, or is ending, is put on no target again."""
    with pytest.raises(
        GuardError, match=f"`grant` is not for `{GIVEN.id}`, which is {status.value}"
    ):
        call("grant", target, ORDER, grant=in_status(status), calls=calls())

    assert holders(target) == frozenset()


def test_an_ended_grant_would_be_put_back_when_its_scope_were_everything(
    target: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away."""
    ended = grant(RequestId("req_1"), Status.EXPIRED)
    targets = Targets({}, target, TRACER)
    assert isinstance(targets.set(ended, calls(), held=True), NotDone)
    with_tool(monkeypatch, "grant", scope=frozenset(Status))

    assert targets.set(ended, calls(), held=True) == Done()


@pytest.mark.parametrize("status", sorted(Status))
def test_taking_is_never_refused_whatever_the_grant_has_come_to(
    target: Connector, status: Status
) -> None:
    """S16 S44: taking back never waits."""
    call("grant", target, ORDER, grant=GIVEN, calls=calls())

    call("revoke", target, ORDER, grant=in_status(status), calls=calls())

    assert holders(target) == frozenset()


@pytest.mark.parametrize("held", [True, False])
def test_nothing_is_changed_when_the_box_lets_nothing_through(
    target: Connector, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    """S16: there is no way to a target past the box."""
    active = grant(RequestId("req_1"), Status.ACTIVE)
    targets = Targets({}, target, TRACER)
    assert targets.set(active, calls(), held=not held) == Done()
    for name in TOOLS:
        with_tool(monkeypatch, name, run=lambda *_: None)

    outcome = targets.set(active, calls(), held=held)

    assert outcome == NotDone(active.targets[0], Trouble.DIFFERS)
    assert targets.holds(active, active.targets[0], calls()) is not held


def in_status(status: Status) -> Grant:
    return grant(RequestId("req_1"), status)


def with_tool(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    *,
    scope: frozenset[Status] | None = None,
    run: Callable[[Connector, Order], None] | None = None,
) -> None:
    """The box with one tool altered."""
    old = toolbox.TOOLS[name]
    new = replace(old, scope=scope or old.scope, run=run or old.run)
    monkeypatch.setattr(toolbox, "TOOLS", {**toolbox.TOOLS, name: new})
