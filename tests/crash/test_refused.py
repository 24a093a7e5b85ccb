"""The system refuses what a store lives on: room, the right to write, its database, a target.

Each is real: a limit of the kernel on the size of files, modes of files, a file that is moved away.
What was refused is said in words, nothing is half given, and all goes on when it is mended.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from govagents.action import sweeper
from govagents.domain.ids import IdentityId
from govagents.domain.outcome import Trouble
from govagents.domain.request import Status
from govagents.entrypoints.cli.exits import Exit
from govagents.testing.company import Company
from tests.crash.dying import BOUNDARY, Point
from tests.crash.hindered import Hindered
from tests.crash.invariants import astray, broken
from tests.crash.killing import APPROVE, MANAGER, REDRIVE, ROLE, SRE, SWEEP, SYSTEM, started, steps
from tests.crash.life import NAMED, PAST_ITS_END, Starts, ended, standing
from tests.crash.watching import contents
from tests.journey.terminal import Terminal

KILOBYTE = 1024
NEVER = Point(BOUNDARY, 1_000_000)
SAID = "the store cannot be written"
EXPIRE = ("sweep", "--once", "--now", PAST_ITS_END)


@pytest.fixture(scope="session")
def starts(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Starts:
    return Starts(made, tmp_path_factory.mktemp("refused"))


@contextmanager
def nobody_may_write(home: Path) -> Iterator[None]:
    """To the database of record, nor a file beside it; a target has its own place."""
    beside = list(home.glob("govagents.db*"))
    for path in beside:
        path.chmod(0o400)
    home.chmod(0o500)
    yield
    home.chmod(0o700)
    for path in beside:
        path.chmod(0o600)


@contextmanager
def moved_away(file: Path) -> Iterator[None]:
    """With whatever lies beside it."""
    away = file.parent.with_name(f"away-{file.name}")
    away.mkdir()
    for path in file.parent.glob(f"{file.name}*"):
        path.rename(away / path.name)
    yield
    for path in away.iterdir():
        path.rename(file.parent / path.name)


@contextmanager
def target_away(home: Path) -> Iterator[None]:
    """Where the target was something lies that is none."""
    with moved_away(home / "sim.db"):
        (home / "sim.db").mkdir()
        yield
        (home / "sim.db").rmdir()


@pytest.mark.parametrize(
    ("name", "rooms"),
    [("approve", (8, 96, 224, 256, 384)), ("expire", (8, 160))],
)
def test_nothing_is_half_done_when_the_disk_is_full(
    starts: Starts, tmp_path: Path, name: str, rooms: tuple[int, ...]
) -> None:
    """S64: at several places; with room again it goes on, or is blocked and says why."""
    step, places = NAMED[name], set()
    for room in rooms:
        company = starts.of(step, tmp_path / f"{room}")
        program = started(company, *step.words, at=NEVER, hindered=Hindered(room=room * KILOBYTE))
        code = program.ended()
        places.add(len(program.points))

        report = company.app.sweeper.sweep()

        stands, note = standing(company), company.newest().note if standing(company) else ""
        assert report.problems == []
        assert code in {Exit.ERROR, Exit.BLOCKED}, (room, program.err)
        assert SAID in program.err + note, (room, program.err)
        assert stands in {step.before, step.ends, Status.BLOCKED}, (room, stands)
        assert stands is not Status.BLOCKED or SAID in note
        assert ended(company) == [], room
    assert len(places) == len(rooms)


def test_nothing_is_given_or_ended_when_the_log_cannot_be_written(
    starts: Starts, tmp_path: Path
) -> None:
    """An effect that nobody could write down is not made; it is, as soon as somebody can."""
    for name in ("approve", "expire"):
        step = NAMED[name]
        company = starts.of(step, tmp_path / name)
        before = contents(company.home)
        with nobody_may_write(company.home):
            program = started(company, *step.words, hindered=Hindered(powers=False))
            code = program.ended()

        assert (code, SAID in program.err) == (1, True), program.err
        assert contents(company.home) == before
        assert started(company, *step.words).ended() == 0
        assert (standing(company), ended(company)) == (step.ends, [])


def test_everything_is_refused_and_nothing_made_when_the_database_is_gone(
    starts: Starts, tmp_path: Path
) -> None:
    """No new and empty one takes its place; when it is back, it is as it was."""
    company = starts.of(NAMED["expire"], tmp_path / "store")
    before = contents(company.home)

    with moved_away(company.home / "govagents.db"):
        left = contents(company.home)
        for words in (EXPIRE, SWEEP, ("undo", "--last", "--apply", "--as", SRE), APPROVE):
            program = started(company, *words)
            assert program.ended() == 1
            assert "there is no store in" in program.err
        assert contents(company.home) == left

    assert contents(company.home) == before
    assert started(company, *EXPIRE).ended() == 0
    assert (standing(company), broken(company)) == (Status.EXPIRED, [])


def test_a_giving_is_finished_when_the_database_was_away_in_the_middle_of_it(
    starts: Starts, tmp_path: Path
) -> None:
    """Between the effect and its entry; whoever was at it has died meanwhile."""
    company = starts.of(NAMED["approve"], tmp_path / "store")
    program = started(company, *APPROVE, at=Point("changed", 1, waits=True))
    program.reached()

    with moved_away(company.home / "govagents.db"):
        program.process.kill()
        program.ended()
        assert started(company, *SWEEP).ended() == 1
    company.sweep()

    assert (standing(company), ended(company)) == (Status.ACTIVE, [])


def test_access_ends_when_its_target_was_away_for_an_hour(
    holding: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S39: it is tried again at each sweep, said wherever one looks, and one entry tells of it."""
    company = holding
    company.pass_time(timedelta(hours=2))
    with target_away(company.home):
        for _ in range(4):
            report = company.app.sweeper.sweep()
            assert [each.id for each in company.grants(Status.REVOKE_FAILED)] == report.failed
            company.pass_time(timedelta(minutes=20))
        company.restarted()
        terminal = Terminal(company.home, capsys)
        assert "1 ended but not confirmed by the target" in terminal.type("doctor").words
        assert len(terminal.data("inbox", "--as", MANAGER)["failed"]) == 1

    after = company.app.sweeper.sweep()

    view = company.newest()
    assert (after.retried, after.problems) == ([view.grants[0].id], [])
    assert (view.status, view.grants[0].failure, broken(company)) == (Status.EXPIRED, None, [])
    assert (steps(view)["grant.end_failed"], steps(view)["grant.ended"]) == (1, 1)
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_access_stays_when_nothing_tries_again_after_its_target_was_away(
    holding: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the line: what was revoked and not confirmed is left alone until its end."""
    company = holding
    (grant,) = company.grants()
    with target_away(company.home):
        company.app.guard.end(grant.id, actor=IdentityId(MANAGER), cause="revoked")
        company.restarted()
    monkeypatch.setattr(sweeper, "_ENDING", frozenset())

    company.sweep()

    assert any("(3)" in said for said in astray(company))
    assert company.holds(SRE, ROLE, SYSTEM)


def test_nothing_is_given_when_the_target_is_away(company: Company) -> None:
    """Nor is it given after all, when the target is back: who asked was told that it was not."""
    asked = company.ask(SRE, REDRIVE)
    with target_away(company.home):
        after = company.approve(asked, MANAGER)
        company.restarted()

    company.pass_time(timedelta(hours=1))
    company.sweep()

    assert (after.status, company.newest().status) == (Status.BLOCKED, Status.BLOCKED)
    assert {each.failure and each.failure.trouble for each in after.grants} <= {
        None,
        Trouble.UNREACHABLE,
    }
    assert not company.holds(SRE, ROLE, SYSTEM)
    assert broken(company) == []
