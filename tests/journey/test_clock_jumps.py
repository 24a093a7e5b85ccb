"""Somebody sets the machine's clock, forward an hour or back a day: nothing lasts longer (S38 S65).

Minutes are those that really pass, which the machine counts and nobody can set.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from govagents.action import elapsed, guard, sweeper
from govagents.action.elapsed import Uptime
from govagents.action.lapse import latest
from govagents.action.sweeper import Sweeper
from govagents.domain.request import Status
from govagents.testing.company import Company
from govagents.wiring import opening
from tests.journey.breaking import HOLDER, OWNER, ROLE, SYSTEM
from tests.journey.terminal import Terminal

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REDRIVE = "Redrive the tracking dlq, 2h"
LATER = "Redrive the tracking dlq, today 10:00 to 12:00"


@dataclass
class Machine:
    """Its clock can be set; how long it has run cannot."""

    clock: datetime = NINE
    ran: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.clock

    def uptime(self) -> Uptime:
        return Uptime("this run", self.ran // timedelta(milliseconds=1))

    def run_until(self, minute: int) -> None:
        passed = timedelta(minutes=minute) - self.ran
        self.clock += passed
        self.ran += passed


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Every store opened from now on goes by its clock."""
    made = Machine()
    monkeypatch.setattr(opening, "clock_of", lambda *_, **__: made)
    monkeypatch.setattr(opening, "Sweeper", partial(Sweeper, uptime=made.uptime))
    return made


def swept(company: Company) -> Company:
    """The company, swept once."""
    company.sweep()
    return company


@pytest.fixture
def held(machine: Machine, holding: Company) -> Company:  # it goes by its clock
    return swept(holding)


@pytest.fixture
def empty(machine: Machine, company: Company) -> Company:  # it goes by its clock
    return swept(company)


def forward(machine: Machine) -> None:
    machine.clock += HOUR


def back(machine: Machine) -> None:
    machine.clock -= DAY


def nothing(_machine: Machine) -> None:
    """It goes on as it was set."""


def right(machine: Machine) -> None:
    machine.clock = NINE + machine.ran


Set = Callable[[Machine], None]


def ended_at(company: Company, machine: Machine, *, until: int) -> int | None:
    """The first of every ten minutes at which a sweep has left nothing held."""
    minute = machine.ran // timedelta(minutes=1)
    while minute < until:
        minute += 10
        machine.run_until(minute)
        company.sweep()
        if not company.holds(HOLDER, ROLE, SYSTEM):
            return minute
    return None


@pytest.mark.parametrize(
    ("first", "then", "ended"),
    [
        (nothing, nothing, 120),
        (forward, nothing, 60),  # by a clock that stands ahead it is over when that says so
        (back, nothing, 120),
        (forward, right, 120),
        (back, right, 120),
        (back, forward, 120),
    ],
)
def test_access_ends_when_its_time_has_passed_whatever_the_clock_says(
    first: Set, then: Set, ended: int, held: Company, machine: Machine
) -> None:
    """S38: never later, and earlier only by a clock that stands ahead then."""
    machine.run_until(30)
    first(machine)
    held.sweep()
    machine.run_until(40)
    then(machine)
    held.sweep()

    assert ended_at(held, machine, until=180) == ended


def test_access_lasts_for_a_day_more_without_the_shipped_line(
    held: Company, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: what was seen stands still while the clock is behind it.

    removes: govagents/action/elapsed.py
    """
    monkeypatch.setattr(sweeper, "at_least", lambda tx, now, _uptime: latest(tx, now))
    machine.run_until(30)
    back(machine)

    assert ended_at(held, machine, until=180) is None


def test_what_is_due_ends_when_the_clock_was_set_back_before_anything_swept(
    held: Company, machine: Machine
) -> None:
    """S38: also where nothing swept in between."""
    machine.run_until(130)
    back(machine)

    held.sweep()

    assert not held.holds(HOLDER, ROLE, SYSTEM)


def test_an_hour_ahead_is_made_good_for_when_the_clock_is_right_for_an_hour(
    empty: Company, machine: Machine
) -> None:
    """S65: then what is given lasts as long as it should."""
    forward(machine)
    empty.sweep()
    right(machine)
    machine.run_until(60)

    assert empty.approve(empty.ask(HOLDER, REDRIVE), OWNER).status is Status.ACTIVE
    assert ended_at(empty, machine, until=240) == 180


def clock_row(company: Company, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What `doctor` says of it."""
    checks = Terminal(company.home, capsys).data("doctor")["checks"]
    return next(each for each in checks if each["check"] == "clock")


def test_doctor_says_how_far_a_clock_was_set_ahead(
    empty: Company, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """S65: nobody else can know; whether it is right is for a person to say."""
    machine.run_until(30)
    assert clock_row(empty, capsys)["health"] == "good"
    forward(machine)

    row = clock_row(empty, capsys)

    assert row["health"] == "note"
    assert "2026-11-23 10:30 UTC, set ahead by 1 h since the machine's start" in row["text"]


def test_nothing_is_given_when_it_would_be_over_by_what_was_seen(
    empty: Company, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """S38: asked by a clock that is five hours behind; `doctor` says it."""
    machine.clock -= 5 * HOUR

    refused = empty.approve(empty.ask(HOLDER, REDRIVE), OWNER)

    assert (refused.status, refused.grants) == (Status.BLOCKED, ())
    assert "but this store has seen 2026-11-23 09:00Z" in refused.note
    row = clock_row(empty, capsys)
    assert row["health"] == "bad"
    assert "2026-11-23 04:00 UTC, but this store has seen 2026-11-23 09:00 UTC" in row["text"]


def test_something_is_given_after_its_end_without_the_shipped_line(
    empty: Company, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(guard, "_set_back", lambda *_: None)
    machine.clock -= 5 * HOUR

    empty.approve(empty.ask(HOLDER, REDRIVE), OWNER)

    assert empty.holds(HOLDER, ROLE, SYSTEM)


def test_what_waited_is_not_given_when_the_clock_says_that_it_was_not_asked_yet(
    empty: Company, machine: Machine
) -> None:
    """S38: it waits for the clock to come so far again."""
    asked = empty.ask(HOLDER, REDRIVE)
    back(machine)

    assert empty.approve(asked, OWNER).status is Status.APPROVED
    assert not empty.grants()


def test_an_unanswered_request_lapses_when_the_clock_was_set_back(
    empty: Company, machine: Machine
) -> None:
    """S65: after a day that really passed."""
    asked = empty.ask(HOLDER, REDRIVE)
    back(machine)
    machine.run_until(24 * 60 - 1)
    empty.sweep()
    assert empty.view(asked.request.id).status is Status.PENDING
    machine.run_until(24 * 60)

    empty.sweep()

    assert empty.view(asked.request.id).status is Status.LAPSED


def test_what_was_scheduled_is_not_given_late_when_the_clock_was_set_back(
    empty: Company, machine: Machine
) -> None:
    """S38: by what was seen it is over when its time has come by that clock."""
    agreed = empty.approve(empty.ask(HOLDER, LATER), OWNER)
    assert agreed.status is Status.APPROVED
    machine.run_until(30)
    back(machine)
    for minute in (60, 100, 24 * 60 + 60):  # the last is ten o'clock by that clock
        machine.run_until(minute)
        empty.sweep()
        assert not empty.grants()

    assert empty.view(agreed.request.id).status is Status.LAPSED


def test_what_was_scheduled_ends_when_it_should_after_a_clock_was_ahead(
    empty: Company, machine: Machine
) -> None:
    """S38: it was given early by that clock, and ends no later for it."""
    empty.approve(empty.ask(HOLDER, LATER), OWNER)
    machine.run_until(30)
    forward(machine)
    empty.sweep()
    right(machine)

    assert ended_at(empty, machine, until=240) == 180


def repaired(company: Company, machine: Machine, capsys: pytest.CaptureFixture[str]) -> int | None:
    """The clock was an hour ahead when the first sweep came; when something given then ends."""
    forward(machine)
    swept(company)
    right(machine)
    machine.run_until(10)
    company.sweep()
    said = Terminal(company.home, capsys).type("doctor", "--repair-clock", "--as", OWNER)
    assert said.code == 0, said
    company.approve(company.ask(HOLDER, REDRIVE), OWNER)
    return ended_at(company, machine, until=240)


def test_a_clock_that_began_ahead_is_made_good_for_when_it_is_repaired(
    company: Company, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """S65: by an operator, whom the log names."""
    assert repaired(company, machine, capsys) == 130


def test_it_goes_on_ahead_without_the_shipped_line(
    company: Company,
    machine: Machine,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The harm: all access ends an hour early for as long as the machine runs."""
    monkeypatch.setattr(elapsed, "begin_anew", lambda _: None)

    assert repaired(company, machine, capsys) != 130
