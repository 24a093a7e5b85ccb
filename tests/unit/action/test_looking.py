"""A look ahead for a plan: what targets say, that they may say nothing, and that it only looks."""

from collections.abc import Iterator
from datetime import timedelta
from typing import cast

import pytest

from govagents.action.looking import TargetReadings, Unasked
from govagents.action.targets import Targets
from govagents.adapters.clock import FixedClock
from govagents.adapters.limited import Limited
from govagents.domain.grant import Change
from govagents.domain.ids import IdentityId, RequestId, RoleId, SystemId
from govagents.domain.request import Request
from govagents.domain.sight import Shown
from govagents.ports import (
    Connector,
    OutcomeUnknownError,
    Readings,
    Records,
    TargetRefusedError,
    TargetUnavailableError,
)
from govagents.roster import ROSTER, Withheld, agent_of
from tests.unit.action.noted import TRACER
from tests.unit.action.test_targets import Scripted
from tests.unit.adapters.stores import ANA
from tests.unit.adapters.test_limited import Hung
from tests.unit.policy.company import NOW

SHOP, OTHER, READER = SystemId("shop"), SystemId("other"), RoleId("reader")
REQUEST = Request(RequestId("req_1"), ANA, None, NOW, "")


def change(system: SystemId, who: IdentityId = ANA, role: RoleId = READER) -> Change:
    return Change(system, role, who, gained=True)


def readings(target: Connector | None) -> Readings:
    """Of a plan: the store is not touched."""
    nowhere = cast("Records", Withheld("a plan", "records"))
    return TargetReadings(nowhere, Targets({}, target, TRACER), FixedClock(NOW)).of_a_plan()


def test_what_is_shown_is_said_of_each_in_its_order() -> None:
    target = Scripted(held={ANA})
    planned = [change(SHOP), change(SHOP, IdentityId("bo")), change(OTHER)]

    assert readings(target).of(REQUEST, planned) == (Shown.HELD, Shown.NOT_HELD, Shown.HELD)
    assert target.held == {ANA}


@pytest.mark.parametrize(
    "raised",
    [
        TargetUnavailableError("no answer"),
        TargetRefusedError("not today"),
        OutcomeUnknownError("cut off"),
        KeyError("name"),
        RuntimeError(),
    ],
)
def test_nothing_is_said_where_a_target_gives_no_answer(raised: Exception) -> None:
    """Whatever it raises: a plan is made all the same."""
    assert readings(Scripted(reading=raised)).of(REQUEST, [change(SHOP)]) == (Shown.SILENT,)


def test_nothing_is_said_where_nothing_is_connected() -> None:
    assert readings(None).of(REQUEST, [change(SHOP)]) == (Shown.SILENT,)


@pytest.fixture
def hung() -> Iterator[Hung]:
    target = Hung()
    yield target
    target.freed.set()


def test_a_target_that_hangs_is_waited_for_once_and_no_other_for_it(hung: Hung) -> None:
    """The limit of the settings bounds a plan, too: once for each system."""
    limited = Limited(hung, timedelta(milliseconds=20))
    planned = [change(SHOP), change(SHOP, role=RoleId("keeper")), change(OTHER)]

    found = readings(limited).of(REQUEST, planned)

    assert found == (Shown.SILENT, Shown.SILENT, Shown.NOT_HELD)
    assert hung.calls == ["holders", "holders"]


def test_no_target_is_asked_about_another_time() -> None:
    assert Unasked().of_a_plan().of(REQUEST, [change(SHOP), change(OTHER)]) == (Shown.UNASKED,) * 2


def test_the_planner_is_handed_the_looking_and_no_guard() -> None:
    """S14: what it holds has no way to change anything."""
    powers = agent_of("propose", ROSTER).powers

    assert "readings" in powers
    assert not powers & {"guard", "records"}
    assert {name for name in vars(Readings) if not name.startswith("_")} == {"of", "of_a_plan"}
