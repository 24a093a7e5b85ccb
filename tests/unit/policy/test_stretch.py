"""How long a role is held is counted over all requests that follow one another (S60)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from govagents.domain.ids import IdentityId, RoleId
from govagents.domain.request import Window
from govagents.policy import facts
from govagents.policy.stretch import stretch
from govagents.ports import Holding
from tests.unit.policy.company import HOUR, NOW, case, now, only, sheet, world

MINUTE = timedelta(minutes=1)


def run(start: float, end: float, *, role: str = "reader", who: str = "ana") -> Holding:
    """From and to these hours after nine."""
    window = Window(NOW + start * HOUR, NOW + end * HOUR)
    return Holding(IdentityId(who), RoleId(role), window, "grant")


def minutes(*runs: Holding, window: Window | None = None) -> int:
    return only(sheet(case(window=window), circumstances=now(runs=runs))).context.minutes


@pytest.mark.parametrize(
    ("runs", "hours"),
    [
        ([], 1),
        ([run(-23, 0.5)], 24),  # overlap
        ([run(-23, 0)], 24),  # back to back
        ([run(1, 4)], 4),  # what was agreed to comes right after
        ([run(-4, -2), run(-2, 0), run(1, 3), run(3, 4)], 8),  # a chain to both sides
        ([run(-4, -2), run(-1, 0)], 2),  # a chain with a gap
        ([run(-4, 8)], 12),  # within what is held
        ([run(-23, 0.5, role="keeper")], 1),  # another role
        ([run(-23, 0.5, who="ben")], 1),  # another's
    ],
)
def test_minutes_count_all_that_is_held_without_a_break(runs: list[Holding], hours: int) -> None:
    """S60: an extension counts from when it was first given."""
    assert minutes(*runs) == 60 * hours


@pytest.mark.parametrize(("between", "counted"), [(1, 240), (59, 240), (60, 60), (61, 60)])
def test_minutes_count_anew_only_after_a_break(between: int, counted: int) -> None:
    """S60: what is given again within the hour was never taken away, on either side."""
    apart = between / 60
    before, after = run(-1.5, -apart), run(1 + apart, 2.5)

    assert minutes(before, after) == counted


@pytest.mark.parametrize(("shortest", "counted"), [(0, 60), (1, 60), (2, 121)])
def test_how_long_a_break_is_the_company_says(shortest: int, counted: int) -> None:
    """S60: also that there is none so short that it is not one."""
    rules = replace(world().eligibility, shortest_break=shortest * MINUTE)
    company = replace(world(), eligibility=rules)
    circumstances = now(runs=[run(-1 - 1 / 60, -1 / 60)])

    found = sheet(case(), within=company, circumstances=circumstances)

    assert only(found).context.minutes == counted


def test_minutes_are_none_when_the_window_is_over_although_the_role_is_held() -> None:
    """S60: nothing is given for the past because something is held now."""
    assert minutes(run(-23, 2), window=Window(NOW - 2 * HOUR, NOW - HOUR)) == 0


def test_each_role_is_counted_by_itself_when_several_are_asked_for() -> None:
    """S60."""
    found = sheet(case(["reader", "keeper"]), circumstances=now(runs=[run(-3, 0)]))

    assert [each.context.minutes for each in found.roles] == [240, 60]


def test_a_second_request_counts_by_itself_without_the_shipped_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60: the harm: a day, and another day, and another."""

    def alone(window: Window, others: Iterable[Window], shortest: timedelta) -> Window:
        return window if tuple(others) else stretch(window, (), shortest)

    monkeypatch.setattr(facts, "stretch", alone)

    assert minutes(run(-23, 0.5)) == 60
