"""What there is before anything is given: what the records say, and what the targets show (S14)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from govagents.domain.grant import Change
from govagents.domain.ids import RequestId, RoleId, SystemId
from govagents.domain.plan import Act
from govagents.domain.prediction import difference
from govagents.domain.request import Request, Window
from govagents.domain.sight import Recorded, Shown, Sight
from govagents.planning.sights import Sights
from govagents.ports import Holding
from tests.unit.planning.office import ANA, office, proposed
from tests.unit.policy.company import HOUR, NOW, PERMISSIONS, ROLES

READ = "lake:stats:read"
READER = RoleId("reader")


@dataclass
class Showing:
    """`ports.Readings`: every target says the same."""

    what: Shown
    asked: int = 0

    def of(self, request: Request, planned: Sequence[Change]) -> tuple[Shown, ...]:
        assert request.id == "req_1"
        self.asked += 1
        return (self.what,) * len(planned)

    def of_a_plan(self) -> "Showing":
        return self


@pytest.mark.parametrize(
    ("recorded", "shown", "there", "differs"),
    [
        (Recorded.HELD, Shown.HELD, True, False),
        (Recorded.HELD, Shown.NOT_HELD, False, True),
        (Recorded.HELD, Shown.SILENT, True, False),
        (Recorded.HELD, Shown.UNASKED, True, False),
        (Recorded.NOT_HELD, Shown.HELD, True, True),
        (Recorded.NOT_HELD, Shown.NOT_HELD, False, False),
        (Recorded.NOT_HELD, Shown.SILENT, False, False),
        (Recorded.NOT_HELD, Shown.UNASKED, False, False),
        (Recorded.ENDS_BEFORE, Shown.HELD, False, False),
        (Recorded.ENDS_BEFORE, Shown.NOT_HELD, False, False),
        (Recorded.ENDS_BEFORE, Shown.SILENT, False, False),
        (Recorded.ENDS_BEFORE, Shown.UNASKED, False, False),
    ],
)
def test_the_target_counts_and_where_it_says_nothing_the_records_do(
    recorded: Recorded, shown: Shown, there: bool, differs: bool
) -> None:
    sight = Sight(SystemId("lake"), READER, recorded, shown)

    assert (sight.there, sight.differs) == (there, differs)


@pytest.mark.parametrize("shown", [Shown.HELD, Shown.NOT_HELD])
def test_the_plan_foretells_and_rolls_back_only_what_is_not_there(shown: Shown) -> None:
    """S13 S14: what nobody's grant gave stays, like any other that was there before."""
    at = office(PERMISSIONS, ROLES)

    found = proposed(at, READ, readings=Showing(shown))

    there = shown is Shown.HELD
    (step,) = found.steps
    assert [each.role for each in difference(found, at.catalog)] == ([] if there else ["reader"])
    back = Act("revoke", step.act.system, READER, ANA)
    assert step.rollback == (None if there else back)


@pytest.mark.parametrize(
    ("runs", "recorded"),
    [
        (Window(NOW - HOUR, NOW + HOUR), Recorded.ENDS_BEFORE),
        (Window(NOW - HOUR, NOW + 3 * HOUR), Recorded.HELD),
    ],
)
def test_what_runs_out_before_access_begins_is_not_there_then(
    runs: Window, recorded: Recorded
) -> None:
    """S14: that a target shows it now is the doing of a grant that is over by then."""
    running = Holding(ANA, READER, runs, "grant")
    at = replace(office(PERMISSIONS, ROLES), holdings=(running,))
    later = replace(proposed(at, READ), window=Window(NOW + 2 * HOUR, NOW + 4 * HOUR))
    request = Request(RequestId("req_1"), ANA, None, NOW, "")

    (seen,) = Sights(at, Showing(Shown.HELD)).of(request, later, at.catalog)

    assert (seen.recorded, seen.differs) == (recorded, False)
    assert seen.there is (recorded is Recorded.HELD)


def test_nothing_is_looked_at_where_nothing_is_proposed() -> None:
    readings = Showing(Shown.HELD)

    assert proposed(office(PERMISSIONS, ()), READ, readings=readings).seen == ()
    assert readings.asked == 0
