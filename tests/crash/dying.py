"""The program in a process of its own, killed at one point of a command: nothing runs afterwards.

Rules:
1. A process runs one command line. Where its point is passed for the nth time it kills itself, or
   says so and waits to be told to go on.
2. It is forked from one that has only imported the program: no store is open there, and no thread
   runs. That saves the imports, which are most of a short command's time.
3. What it writes goes to two files, `out` and `err`.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from langgraph.checkpoint.sqlite import SqliteSaver

from govagents.action.sweeper import Sweeper
from govagents.action.targets import Targets
from govagents.entrypoints.cli import ask, run
from govagents.run import Run
from govagents.runner import Runner
from govagents.steps import Keeper

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


@dataclass
class Program:
    """One command line at the store in `home`, in a process that was started."""

    home: Path
    words: tuple[str, ...]
    folder: Path
    point: Point = NOWHERE
    process: ForkServerProcess = field(init=False)
    here: Connection = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.here, there = _FORKED.Pipe()
        self.process = _FORKED.Process(
            target=_command, args=(self.home, self.words, self.folder, self.point, there)
        )
        self.process.start()
        there.close()

    def reached(self) -> None:
        """Waits until the point is."""
        assert self.here.poll(_LONGEST), self.err
        assert self.here.recv() == "here"

    def goes_on(self) -> None:
        """From the point on."""
        self.here.send("go on")

    def ended(self) -> int:
        """Waits for its end; what it answered to the system."""
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


_LONGEST = 60  # seconds
_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload([__name__, "govagents.entrypoints.cli.app", "govagents.wiring"])


def _command(
    home: Path, words: tuple[str, ...], folder: Path, point: Point, there: Connection
) -> None:
    for name, stream in (("out", 1), ("err", 2)):  # (3)
        os.dup2(os.open(folder / name, os.O_CREAT | os.O_WRONLY, 0o600), stream)
    threads = os.listdir(f"/proc/{os.getppid()}/task")
    assert len(threads) == 1, "the process that forks has threads of its own"  # (2)

    def wait() -> None:
        there.send("here")
        there.recv()

    if point.name:
        passing(point.name, point.count, wait if point.waits else die)
    sys.exit(run(words, home=home))
