"""What has had no break: everything live, to now at least, whatever its record hoped for (S60)."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from govagents.action.runs import runs
from govagents.domain.ids import RequestId
from govagents.domain.request import Status
from tests.unit.adapters.stores import ANA, NINE, grant, keep, stocked

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("status", "after", "hours"),
    [
        (Status.ACTIVE, 0.5, [1]),
        (Status.ACTIVE, 5, [5]),
        (Status.REVOKE_FAILED, 5, [5]),
        (Status.EXPIRED, 5, []),
    ],
)
def test_a_run_lasts_until_now_when_its_grant_should_have_ended(
    tmp_path: Path, status: Status, after: float, hours: list[int]
) -> None:
    """S60: what is still on a target goes on; what has ended is over; its own do not count."""
    now = NINE + after * HOUR
    with closing(stocked(tmp_path)) as records, records.begin() as tx:
        request = tx.requests.add(ANA, None, NINE, "words").id
        keep(tx, replace(grant(request), status=status))
        others = runs(tx, ANA, besides=RequestId("another"), now=now)
        own = runs(tx, ANA, besides=request, now=now)

    assert [each.window and each.window.length / HOUR for each in others] == hours
    assert own == ()
