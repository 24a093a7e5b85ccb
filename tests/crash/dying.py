"""The program in a process of its own, killed at one point of a command: nothing runs afterwards.

Rules:
1. A process runs one command line. Where its point is passed for the nth time it kills itself, or
   says so and waits to be told to go on.
2. It is forked from one that has only imported the program: no store is open there, and no thread
   runs. That saves the imports, which are most of a short command's time.
3. What it writes goes to two files, `out` and `err`; the points it passed to a third, `points`.
4. `BOUNDARY` stands for whatever point comes nth (`watching`), and with 0 for each of them.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, NamedTuple

from langgraph.checkpoint.sqlite import SqliteSaver

from govagents.action.sweeper import Sweeper
from govagents.action.targets import Targets
from govagents.entrypoints.cli import ask, run
from govagents.run import Run
from govagents.runner import Runner
from govagents.steps import Keeper
from tests.crash.hindered import FREE, Hindered
from tests.crash.watching import watch

BOUNDARY = "boundary"
BEFORE = {
    "done": (ask, "answer_with"),
    "asking": (Runner, "ask"),
    "begun": (Run, "go_on"),
    "sweeping": (Sweeper, "sweep"),
}
AFTER = {
    "kept": (Keeper, "keep"),
    "checkpointed": (SqliteSaver, "put"),
    "changed": (Targets, "set"),
}
"""What stands for each point: it is passed before, or after, that is called."""


def passing(point: str, count: int, reached: Callable[[], None]) -> None:
    """From here on the point is watched."""
    owner, name = {**BEFORE, **AFTER}[point]
    real: Callable[..., Any] = getattr(owner, name)
    left = count

    def watched(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # stands in for several
        nonlocal left
        found = real(*args, **kwargs) if point in AFTER else None
        left -= not (point == "kept" and args[0].records is None)  # a plan keeps nothing
        if left == 0:
            reached()
        return found if point in AFTER else real(*args, **kwargs)

    setattr(owner, name, watched)


def die() -> None:
    """As the kernel does it."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Point:
    """Where a command is killed, or waits."""

    name: str
    count: int
    waits: bool = False


NOWHERE = Point("", 0)
EVERYWHERE = Point(BOUNDARY, 0, waits=True)


@dataclass
class Program:
    """One command line at the store in `home`, in a process that was started."""

    home: Path
    words: tuple[str, ...]
    folder: Path
    point: Point = NOWHERE
    hindered: Hindered = FREE
    process: ForkServerProcess = field(init=False)
    here: Connection = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.here, there = FORKED.Pipe()
        self.process = FORKED.Process(
            target=_command,
            args=(_Told(self.home, self.words, self.folder, self.point, self.hindered), there),
        )
        self.process.start()
        there.close()

    def reached(self) -> None:
        """Waits until the point is."""
        assert self.here.poll(_LONGEST), self.err
        assert self.here.recv() == "here"

    def stops(self) -> Iterator[None]:
        """Whenever it waits, until it ends; it goes on when it is asked for again."""
        while self.here.poll(_LONGEST):
            try:
                self.here.recv()
            except EOFError:
                return
            yield
            self.goes_on()

    def goes_on(self) -> None:
        """From the point on."""
        self.here.send("go on")

    def ended(self, *, within: float = 0) -> int:
        """Waits for its end; what it answered to the system. `within` seconds, or it is killed."""
        self.process.join(within or _LONGEST)
        if within and self.process.exitcode is None:
            self.process.kill()
            self.process.join(_LONGEST)
        code = self.process.exitcode
        assert code is not None, "the program does not end"
        self.here.close()
        self.process.close()
        return code

    @property
    def out(self) -> str:
        """What it said."""
        return (self.folder / "out").read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        """What it complained about."""
        return (self.folder / "err").read_text(encoding="utf-8")

    @property
    def points(self) -> list[str]:
        """(4) Which it passed; the last is where it was killed, if it was."""
        return (self.folder / "points").read_text(encoding="utf-8").splitlines()


_LONGEST = 60  # seconds
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload([__name__, "govagents.entrypoints.cli.app", "govagents.wiring"])
"""(2) One for all tests that a process runs: who comes first starts it, with this list."""


class _Told(NamedTuple):
    """What a process is told."""

    home: Path
    words: tuple[str, ...]
    folder: Path
    point: Point
    hindered: Hindered


def _command(told: _Told, there: Connection) -> None:
    for name, stream in (("out", 1), ("err", 2)):  # (3)
        os.dup2(os.open(told.folder / name, os.O_CREAT | os.O_WRONLY, 0o600), stream)
    threads = os.listdir(f"/proc/{os.getppid()}/task")
    assert len(threads) == 1, "the process that forks has threads of its own"  # (2)

    def wait() -> None:
        there.send("here")
        there.recv()

    point = told.point
    reached = wait if point.waits else die
    if point.name == BOUNDARY:
        watch(told.home, _counted(told.folder / "points", point.count, reached))
    elif point.name:
        passing(point.name, point.count, reached)
    told.hindered.begin()
    sys.exit(run(told.words, home=told.home))


def _counted(file: Path, count: int, reached: Callable[[], None]) -> Callable[[str], None]:
    """(3) (4)."""
    handle = os.open(file, os.O_CREAT | os.O_WRONLY, 0o600)
    left = count

    def passed(name: str) -> None:
        nonlocal left
        left -= 1
        os.write(handle, f"{name}\n".encode())
        if count == 0 or left == 0:
            reached()

    return passed
