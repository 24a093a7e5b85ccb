"""Entries of the log: appended one in a transaction, or many, and verified all together."""

from datetime import timedelta
from pathlib import Path

import pytest

from govagents.adapters.sql.reader import stored_log
from govagents.adapters.sql.records import SqlRecords, create_records
from govagents.audit.verify import Outside, verify
from govagents.domain.event import Event
from tests.bench.figures import Figures, Watch
from tests.unit.adapters.stores import NINE

SINGLE, GROUP, ALL = 200, 1_000, 100_000

pytestmark = pytest.mark.bench


def _event(number: int) -> Event:
    return Event(
        kind="step.bench",
        at=NINE + timedelta(seconds=number),
        agent="intake",
        principal="ana",
        subject="ana",
        about=f"req_{number % 1_000}",
        policy="none",
        evaluation="none",
        decision="none",
        reason="none",
        ttl=timedelta(0),
        digests={},
    )


def _append(records: SqlRecords, first: int, count: int) -> None:
    with records.begin() as tx:
        for number in range(first, first + count):
            tx.log.append(_event(number))


def test_appending_and_verifying_are_measured(tmp_path: Path, figures: Figures) -> None:
    records = create_records(tmp_path / "store", demo=True, at=NINE)
    single, grouped, checked = Watch(), Watch(), Watch()
    for number in range(SINGLE):
        with single:
            _append(records, number, 1)
    for first in range(SINGLE, ALL, GROUP):
        with grouped:
            _append(records, first, min(GROUP, ALL - first))
    with checked, stored_log(records.folder) as stored:
        found = verify(stored, Outside())

    assert found.ok
    assert found.size >= ALL
    figures.add(
        "log, entries appended in a second, one a transaction", f"{1000 / single.median:,.0f}"
    )
    rate = 1000 * GROUP / grouped.median
    figures.add(f"log, entries appended in a second, {GROUP:,} a transaction", f"{rate:,.0f}")
    figures.add(f"log, verifying {found.size:,} entries", f"{checked.ms[0] / 1000:.1f} s")
