"""Telling people elsewhere: tried with a cap, one way at a time, and never twice at once."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from govagents.action import posting
from govagents.action.posting import MOST_TRIES, Posting, given_up, undelivered
from govagents.adapters.clock import FixedClock
from govagents.adapters.sql.records import SqlRecords
from govagents.domain.notice import Notice
from govagents.errors import TargetRefusedError, TargetUnavailableError
from tests.unit.adapters.stores import ANA, BO, NINE, store_in


@dataclass
class Street:
    """Carries notices, or raises what lies in its way for a person."""

    told: list[str] = field(default_factory=list)
    in_the_way: dict[str, Exception] = field(default_factory=dict)

    def deliver(self, notice: Notice) -> None:
        if notice.person in self.in_the_way:
            raise self.in_the_way[notice.person]
        self.told.append(f"{notice.person}: {notice.text}")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with closing(store_in(tmp_path)) as records:
        with records.begin() as tx:
            tx.notify(ANA, "req_1", "one", NINE)
            tx.notify(BO, "req_1", "two", NINE)
        yield records


def at(records: SqlRecords, street: Street | None, after: timedelta = timedelta(0)) -> Posting:
    """On the machine's clock; the store's own stands."""
    return Posting(records, street, FixedClock(NINE), FixedClock(NINE + after))


def test_everybody_is_told_once(records: SqlRecords) -> None:
    street = Street()

    assert at(records, street).post() == ()
    assert at(records, street).post() == ()

    assert street.told == ["ana: one", "bo: two"]


def test_nobody_is_told_elsewhere_when_nothing_is_set(records: SqlRecords) -> None:
    assert at(records, None).post() == ()

    with records.begin() as tx:
        assert len(tx.unsent(NINE)) == 2
        assert undelivered(tx, NINE) == ()


def tries(records: SqlRecords, street: Street, minutes: range) -> list[int]:
    """In which of them somebody was tried."""
    return [each for each in minutes if at(records, street, timedelta(minutes=each)).post()]


def test_one_that_always_fails_is_tried_with_a_cap_and_holds_up_nobody(
    records: SqlRecords,
) -> None:
    street = Street(in_the_way={ANA: TargetUnavailableError("nobody\x1b[2J answers")})

    found = tries(records, street, range(600))

    assert found == [0, 1, 5, 21, 81, 141, 201, 261]
    assert street.told == ["bo: two"]
    with records.begin() as tx:
        (left,) = undelivered(tx, NINE)
    assert given_up(left)
    assert (left.tries, left.failure) == (MOST_TRIES, "nobody\\u001b[2J answers")


def test_it_would_be_tried_for_ever_without_the_shipped_line(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "given_up", lambda posted: False)
    street = Street(in_the_way={ANA: TargetUnavailableError("nobody answers")})

    assert len(tries(records, street, range(0, 1200, 60))) == 20


def test_what_is_refused_is_tried_no_more(records: SqlRecords) -> None:
    street = Street(in_the_way={ANA: TargetRefusedError("no such person")})

    assert tries(records, street, range(0, 300, 60)) == [0]
    assert street.told == ["bo: two"]


def test_the_rest_waits_when_nobody_can_be_reached(records: SqlRecords) -> None:
    away = TargetUnavailableError("no way out")
    street = Street(in_the_way={ANA: away, BO: away})

    assert len(at(records, street).post()) == 1


@pytest.mark.parametrize("ahead", [True, False])
def test_it_is_tried_again_when_its_process_died_in_the_middle(
    ahead: bool, records: SqlRecords
) -> None:
    """A mark that lies ahead of the clock puts nothing off."""
    with records.begin() as tx:
        first, _ = tx.unsent(NINE)
        tried = int((NINE + timedelta(days=9) * ahead).timestamp())
        tx.save_posted(replace(first, tries=1, tried=tried))
    street = Street()

    at(records, street).post()
    soon = list(street.told)
    at(records, street, timedelta(minutes=1)).post()

    assert soon == (["bo: two", "ana: one"] if ahead else ["bo: two"])
    assert sorted(street.told) == ["ana: one", "bo: two"]


def test_two_at_once_tell_it_once(records: SqlRecords) -> None:
    street = Street()

    @dataclass
    class Meeting(Street):
        """Another process comes by while it is at it."""

        def deliver(self, notice: Notice) -> None:
            at(records, street).post()
            super().deliver(notice)

    first = Meeting()
    at(records, first).post()

    assert sorted(first.told + street.told) == ["ana: one", "bo: two"]


def test_it_would_be_told_twice_without_the_shipped_line(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    street = Street()

    @dataclass
    class Meeting(Street):
        """Another process comes by while it is at it."""

        def deliver(self, notice: Notice) -> None:
            at(records, street).post()
            super().deliver(notice)

    monkeypatch.setattr(Posting, "_begun", lambda self, posted: posted)
    first = Meeting()
    at(records, first).post()

    assert len(first.told + street.told) > 2


def test_what_is_a_day_old_is_not_sent(records: SqlRecords) -> None:
    street, late = Street(), NINE + timedelta(days=1, minutes=1)

    Posting(records, street, FixedClock(late), FixedClock(late)).post()

    assert street.told == []


def test_no_transaction_is_open_while_the_courier_is_at_it(records: SqlRecords) -> None:
    """INVARIANT (taking back never waits): else whoever hangs would keep every other writer out."""
    open_: list[datetime] = []

    class Looking(Street):
        def deliver(self, notice: Notice) -> None:
            assert getattr(records._here, "open", None) is None
            open_.append(notice.at)

    at(records, Looking()).post()

    assert len(open_) == 2
