"""What counts as held: everything that may still be on a target, whatever its record hoped for."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from govagents.adapters import sources
from govagents.adapters.clock import FixedClock
from govagents.adapters.sources import RecordedHoldings
from govagents.adapters.sql.records import SqlRecords
from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status, Window
from govagents.ports import Holding
from tests.unit.adapters.stores import ANA, NINE, READER, grant, keep, stocked

HOUR = timedelta(hours=1)
LATER = Window(NINE + 5 * HOUR, NINE + 6 * HOUR)
OVERDUE = (Holding(ANA, READER, None, "overdue"),)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with closing(stocked(tmp_path)) as store:
        yield store


def held(
    records: SqlRecords, status: Status, *, now: datetime, by: IdentityId = ANA
) -> tuple[Holding, ...]:
    """What `by` holds in LATER, with a grant from nine to ten in that status."""
    with records.begin() as tx:
        request = tx.requests.add(ANA, None, NINE, "words").id
        keep(tx, replace(grant(request), status=status))
    return RecordedHoldings(records, FixedClock(now)).of(by, LATER)


@pytest.mark.parametrize(
    "status", [Status.EXPIRING, Status.REVOKING, Status.REVOKE_FAILED, Status.ACTIVE]
)
@pytest.mark.parametrize("by", [ANA, IdentityId("helper")])
def test_a_grant_past_its_end_counts_against_every_window_when_it_is_live(
    records: SqlRecords, status: Status, by: IdentityId
) -> None:
    """Invariant 7, over the person and her agent."""
    assert held(records, status, now=LATER.start, by=by) == OVERDUE


@pytest.mark.parametrize("status", [Status.EXPIRING, Status.REVOKING, Status.REVOKE_FAILED])
def test_a_grant_that_is_being_ended_counts_when_its_window_is_not_over(
    records: SqlRecords, status: Status
) -> None:
    """Nobody knows until when the target shows it."""
    assert held(records, status, now=NINE) == OVERDUE


@pytest.mark.parametrize("status", [Status.EXPIRED, Status.REVOKED])
def test_a_grant_does_not_count_when_it_has_ended(records: SqlRecords, status: Status) -> None:
    assert held(records, status, now=LATER.start) == ()


def test_a_grant_does_not_count_when_it_will_end_before_the_window(records: SqlRecords) -> None:
    assert held(records, Status.ACTIVE, now=NINE) == ()


def test_a_grant_that_would_not_end_is_overlooked_without_the_line(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: still on the target, and free to be joined with its opposite."""

    def never(found: Grant, now: datetime) -> bool:
        return not (found and now)

    monkeypatch.setattr(sources, "_overdue", never)

    assert held(records, Status.REVOKE_FAILED, now=LATER.start) == ()
