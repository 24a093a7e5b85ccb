"""A process is killed at every boundary of the life of requests, and another one sweeps after it.

The kills are real. Boundaries are found while a step runs (`watching`), so that a new one is killed
at without being named. Points at which a kill leaves the same bytes are one kill; the step repeats
as the person would who got no answer. How many there were is said at the end of the run.
"""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from govagents import steps
from govagents.action.sweeper import Sweeper
from govagents.testing.company import Company
from tests.crash.dying import BOUNDARY
from tests.crash.invariants import broken
from tests.crash.killing import killed
from tests.crash.life import NAMED, STEPS, Passed, Starts, Step, apart, killed_at, passed, recovered
from tests.crash.watching import contents, place_of, unseen

PARTS = {"ask": 3, "answer": 3, "approve": 3, "extend": 2, "approve more": 2}
"""Into how many tests the kills of a long step are divided; others are one."""

BY_LUCK = {"ask unclearly", "deny"}
"""They pass the boundaries of `ask` and `approve`: here only random kills come there."""

GRAPH_AGAIN = {"answer", "extend", "approve more"}
"""Their graph's checkpoints are those of `ask` and `approve`, where each of them is killed at."""

PLACES = {
    "govagents.db": "the database of record: what it says happened",
    "checkpoints.db": "where a run was; the log says whether it has to go on",
    "sim.db": "a target: only what is read back counts",
    "call grant": "an order that is repeated, or taken back",
    "call revoke": "an order that is repeated until the target confirms",
    "call holders": "looking changes nothing",
    "open runs": "whose turn it is: the kernel takes it from the dead",
    "os.mkdir runs": "made when it is wanted",
    "os.remove runs": "a lock without a holder is nobody's",
    "vectors.sqlite": "an index, made again from the record",
    "open memory": "the same; a seal says that it is in order",
    "os.remove memory": "what is not sealed is made again",
    "os.mkdir memory": "the same",
}
"""Where a step leaves something, and why a kill there does no harm.

A step that leaves something elsewhere fails, as nobody thought about that yet.
"""


class Known:
    """The points of each step, looked for once in a process."""

    def __init__(self, starts: Starts) -> None:
        self.starts = starts
        self.of: Callable[[Step], list[Passed]] = cache(self._found)
        self.unseen: dict[str, set[str]] = {}

    def _found(self, step: Step) -> list[Passed]:
        home = self.starts.folder / f"found-{step.name}"
        company = self.starts.of(step, home)
        before = contents(home)
        points = passed(company, step)
        after = contents(home)
        self.unseen[step.name] = unseen(before, after, [each.point for each in points])
        shutil.rmtree(home)
        return points


@pytest.fixture(scope="session")
def known(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Known:
    return Known(Starts(made, tmp_path_factory.mktemp("life")))


@pytest.mark.parametrize(
    ("name", "part"),
    [(each.name, n) for each in STEPS for n in range(PARTS.get(each.name, 1))
     if each.name not in BY_LUCK],
)  # fmt: skip
def test_a_step_ends_once_and_whole_when_it_was_killed_at_any_of_its_boundaries(
    known: Known, tmp_path: Path, name: str, part: int, record_property: Callable[[str, int], None]
) -> None:
    """S64: and whatever it gave is gone at its end."""
    step = NAMED[name]
    points = known.of(step)
    kills = _kills(name, points)[part :: PARTS.get(name, 1)]

    found = [
        said
        for number in kills
        for said in killed_at(known.starts, step, number, tmp_path / f"{number}", recovered)
    ]

    assert found == []
    assert {place_of(each.point) for each in points} <= PLACES.keys()
    assert known.unseen[name] == set()
    assert len(kills) > 0
    if part == 0:
        record_property("boundaries", sum(each.point.startswith("before ") for each in points))
        record_property("points", len(points))
    record_property("kills", len(kills))


def test_what_is_written_past_the_watch_is_found_in_the_folder() -> None:
    before = {"govagents.db": "a", "log.key": "k"}
    after = {"govagents.db": "b", "log.key": "l", "spool/1": "s", "memory/chroma/x": "c"}
    points = ["before govagents.db step.read", "before open runs/1.lock"]

    assert unseen(before, after, points) == {"log.key", "spool/1"}


def test_a_run_is_left_hanging_when_nothing_goes_on_with_it(
    known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the line: the invariants see it."""
    monkeypatch.setattr(Sweeper, "_resume", lambda *_: None)
    number = _number(known, "approve", "after govagents.db step.assess")

    found = killed_at(known.starts, NAMED["approve"], number, tmp_path / "x", _swept_only)

    assert any("(7)" in said for said in found), found


def test_access_is_left_behind_when_a_cut_giving_is_not_looked_at_again(
    known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the lines that go on: an effect that nothing tells of."""
    for name in ("_resume", "_start"):
        monkeypatch.setattr(Sweeper, name, lambda *_: None)
    number = _number(known, "approve", "after sim.db")

    found = killed_at(known.starts, NAMED["approve"], number, tmp_path / "x", _swept_only)

    assert any("(3)" in said and "activating" in said for said in found), found


def test_a_step_is_written_twice_when_nobody_looks_whether_it_was(
    known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the line: what was kept before the kill is kept again."""
    monkeypatch.setattr(steps, "_already", lambda *_: False)
    number = _number(known, "approve", "after govagents.db step.ask")

    found = killed_at(known.starts, NAMED["approve"], number, tmp_path / "x", _swept_only)

    assert any("(2)" in said for said in found), found


def test_the_kills_come_where_they_are_said_to(known: Known, tmp_path: Path) -> None:
    """Killed after the target changed and before anything was written of it."""
    step = NAMED["approve"]
    company = known.starts.of(step, tmp_path / "store")

    killed(company, BOUNDARY, _number(known, step.name, "after sim.db"), *step.words)

    company.restarted()
    (grant,) = company.grants()
    assert company.holds(grant.beneficiary, grant.role, grant.targets[0])
    assert grant.status.value == "activating"


def _kills(name: str, points: list[Passed]) -> list[int]:
    kills = apart(points)
    if name not in GRAPH_AGAIN:
        return kills
    return [each for each in kills if place_of(points[each - 1].point) != "checkpoints.db"]


def _number(known: Known, step: str, point: str) -> int:
    """Of the first point of that name."""
    return [each.point for each in known.of(NAMED[step])].index(point) + 1


def _swept_only(company: Company, _step: Step) -> list[str]:
    company.app.sweeper.sweep()
    return broken(company)
