"""What is over after a day, by the status of a request alone."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from govagents.action import lapse as shipped
from govagents.action.lapse import LAPSE, START_A_SWEEPER, WAITING, lapse, overdue
from govagents.adapters.sql.records import SqlRecords
from govagents.domain.ids import RequestId
from govagents.domain.request import Status
from tests.unit.adapters.stores import ANA, NINE, store_in

LAPSING = {
    Status.DRAFT: "its run was cut short",
    Status.NEEDS_INFO: "its run was cut short",
    Status.PENDING: "its run was cut short",
    Status.APPROVED: "its run was cut short",
    Status.BLOCKED: "nothing gave it in time",
    Status.ACTIVATING: "its giving was cut short, and what it left on a target is taken back",
}
JUST = timedelta(seconds=1)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlRecords]:
    with closing(store_in(tmp_path_factory.mktemp("lapse"))) as store:
        yield store


def since_nine(records: SqlRecords, status: Status) -> RequestId:
    """A request that came to be so at nine; what is blocked waits for a sweeper."""
    with records.begin() as tx:
        request = tx.requests.add(ANA, None, NINE, "reader, please").id
        tx.requests.set_status(request, status, at=NINE, note=START_A_SWEEPER)
    return request


@pytest.mark.parametrize("status", sorted(Status))
def test_a_request_is_over_after_a_day_when_nobody_went_on_with_it(
    records: SqlRecords, status: Status
) -> None:
    """S65 S38: each status; a giving that was cut short is no exception."""
    request = since_nine(records, status)

    with records.begin() as tx:
        late = [overdue(tx, request, NINE + span) for span in (LAPSE - JUST, LAPSE)]
        first, second = (lapse(tx, request, NINE + LAPSE) for _ in range(2))
        became, note = tx.requests.status(request), tx.requests.note(request)

    lapses = status in LAPSING
    assert set(LAPSING) == WAITING
    assert late == [False, lapses]
    assert (first, second) == (lapses, False)
    if lapses:
        assert (became, note) == (Status.LAPSED, LAPSING[status])


def test_a_giving_that_was_cut_short_would_wait_for_ever_without_the_shipped_line(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(shipped, "_CUT", frozenset())
    request = since_nine(records, Status.ACTIVATING)

    with records.begin() as tx:
        assert not lapse(tx, request, NINE + 30 * LAPSE)
