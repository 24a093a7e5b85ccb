"""The disk is full: nothing is lost or half done, and with room again everything goes on (S64).

The disk is a real one where the machine permits it (`full_disk`), and stays full while the sweeper
comes back again and again. Limits on single files are in `test_refused`.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from govagents.adapters import checkpoints
from govagents.domain.request import Status
from govagents.entrypoints.cli.exits import Exit
from govagents.testing.company import Company
from tests.crash.full_disk import FILLED, Full, Trial, on_a_full_disk
from tests.crash.killing import SWEEP
from tests.crash.life import NAMED, Starts, ended, standing

Count = Callable[[str, int], None]
SWEEPS = 4
"""One more than it takes to give a run up as one that fails again and again."""

BEGINS = 10
"""From so many kilobytes on something of a command is kept; below, it is refused as a whole."""


@pytest.fixture(scope="session")
def starts(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Starts:
    return Starts(made, tmp_path_factory.mktemp("full"))


def gone_on(name: str, company: Company) -> list[str]:
    """What is not as it must be once somebody has swept with room again."""
    problems = list(company.app.sweeper.sweep().problems)
    if standing(company) is not NAMED[name].ends:
        problems.append(f"it stands at {standing(company)}: {company.newest().note}")
    return problems + ended(company)


def no_room_wanted() -> None:
    """The defence taken away: a run begins on whatever is left of the disk."""
    setattr(checkpoints, "ROOM", 0)  # noqa: B010  # in a process of its own


def full(
    company: Company, name: str, room: int, *removals: Callable[[], None], begun: bool
) -> Full:
    """The step and sweeps after it, with so many kilobytes left; again, if it had not `begun`."""
    step = NAMED[name]
    commands, again = (step.words, *(SWEEP,) * SWEEPS), () if begun else (step.words,)
    return on_a_full_disk(Trial(company, room, commands, again, partial(gone_on, name), removals))


@pytest.mark.parametrize(
    ("name", "room"),
    [("approve", 4), ("approve", 100), ("expire", 4), ("expire", 100)],
)
def test_all_goes_on_with_room_again_when_the_disk_was_full(
    starts: Starts, tmp_path: Path, name: str, room: int, record_property: Count
) -> None:
    """S39 S64: what was said names the disk and what to do; the approval, or the end, is kept."""
    begun = room > BEGINS

    found = full(starts.of(NAMED[name], tmp_path / "store"), name, room, begun=begun)

    first, *_ = found.tried
    assert first.code == Exit.ERROR, first.said
    assert "the store cannot be written" in first.said
    assert "full" in first.said
    assert "free some space" in first.said
    assert [each.said for each in found.tried if "Traceback" in each.said] == []
    assert found.found == ()
    record_property(found.disk, 1)


def test_an_approval_comes_to_nothing_when_a_run_begins_without_room(
    starts: Starts, tmp_path: Path
) -> None:
    """The harm without the line: given up as one that fails again and again, which the disk did.

    It takes room enough for what says that a run begins, and too little for the run.
    """
    found = [
        full(
            starts.of(NAMED["approve"], tmp_path / str(room)),
            "approve",
            room,
            no_room_wanted,
            begun=True,
        )
        for room in (130, 160, 190)
    ]

    lost = [said for each in found for said in each.found if f"stands at {Status.BLOCKED}" in said]
    assert bool(lost) is (found[0].disk == FILLED)
