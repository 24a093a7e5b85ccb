"""How late it is at the least, by how long the machine has run (S38)."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from govagents.action.elapsed import ANCHOR, Uptime, at_least
from govagents.adapters.clock import uptime
from govagents.adapters.sql.records import SqlRecords
from govagents.domain.canonical import Plain
from tests.unit.adapters.stores import NINE, store_in

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
AN_HOUR = 3_600_000


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlRecords]:
    with closing(store_in(tmp_path_factory.mktemp("elapsed"))) as store:
        yield store


def kept(records: SqlRecords, anchor: Plain) -> None:
    with records.begin() as tx:
        tx.settings.set(ANCHOR, anchor)


def test_it_is_later_by_what_the_machine_has_run_when_its_clock_was_set_back(
    records: SqlRecords,
) -> None:
    """S38."""
    kept(records, None)
    with records.begin() as tx:
        first = at_least(tx, NINE, Uptime("one", 0))
        later = at_least(tx, NINE - DAY, Uptime("one", AN_HOUR))

    assert (first, later) == (NINE, NINE + HOUR)


def test_another_run_of_the_machine_begins_anew_when_it_is_swept(records: SqlRecords) -> None:
    """S38: what it ran before tells nothing of it."""
    kept(records, {"boot": "one", "ahead": 10**12})

    with records.begin() as tx:
        assert at_least(tx, NINE, Uptime("two", AN_HOUR)) == NINE


@pytest.mark.parametrize(
    "anchor",
    [
        "rubbish",
        7,
        {"boot": "one"},
        {"boot": "one", "ahead": "x"},
        {"boot": "one", "ahead": 10**30},
    ],
)
def test_what_cannot_be_read_is_kept_anew_when_somebody_edited_it(
    records: SqlRecords, anchor: Plain
) -> None:
    """S65: it stops no sweep."""
    kept(records, anchor)

    with records.begin() as tx:
        assert at_least(tx, NINE, Uptime("one", AN_HOUR)) == NINE
        assert at_least(tx, NINE - DAY, Uptime("one", 2 * AN_HOUR)) == NINE + HOUR


def test_the_clock_alone_counts_when_nobody_knows_how_long_it_ran(records: SqlRecords) -> None:
    """S65: as in a demo store, whose clock stands still."""
    with records.begin() as tx:
        assert at_least(tx, NINE, None) == NINE


def test_this_machine_tells_how_long_it_has_run_when_it_is_asked_twice() -> None:
    first, second = uptime(), uptime()

    assert first is not None
    assert second is not None
    assert first.boot == second.boot
    assert 0 < first.milliseconds <= second.milliseconds
