"""Many processes on one store, all of which do the same at the same moment.

Rules:
1. Each does one act, most of them a command line of the program. Before the call that the gate
   names they wait for each other: from there on nothing but the store keeps them apart.
2. They are forked from one that has only imported the program: no store is open there.
3. Who is to be without a defence is handed functions that remove it.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from enum import Enum
from importlib import import_module
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, NamedTuple

from govagents.entrypoints.cli import run
from tests.crash.dying import FORKED
from tests.journey.terminal import Said

CROWD = 16
Removal = Callable[[], None]
Act = Callable[[Path], int]


class Typed:
    """A command line at the store in `home`."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def __call__(self, home: Path) -> int:
        """Its exit code."""
        return run(self.words, home=home)


class Gate(Enum):
    """Before the first call of a method (module, class, name) all wait for each other."""

    ANSWERING = ("govagents.runner", "Runner", "answer")
    DECIDING = ("govagents.runner", "Runner", "decide")
    INTENDING = ("govagents.action.giving", "Giving", "intend")
    """Policy has permitted, on facts that are the same for all; nothing of it is kept yet."""

    CHANGING = ("govagents.action.targets", "Targets", "set")
    """What is to be done is kept, and is done now."""

    def close(self, together: Barrier) -> None:
        """(1)."""
        module, owner, name = self.value
        found = getattr(import_module(module), owner)
        real: Callable[..., Any] = getattr(found, name)

        def waiting(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # stands in for several
            setattr(found, name, real)
            together.wait(_LONGEST)
            return real(*args, **kwargs)

        setattr(found, name, waiting)


def at_once(
    home: Path, acts: Sequence[Act], gate: Gate, *, without: Sequence[Removal] = ()
) -> list[Said]:
    """What each of the acts came to, in a process of its own."""
    together = FORKED.Barrier(len(acts))
    with tempfile.TemporaryDirectory() as said:
        folders = [Path(said) / str(place) for place in range(len(acts))]
        processes = []
        for folder, act in zip(folders, acts, strict=True):
            folder.mkdir()
            given = (_Place(home, folder), act, gate, together, tuple(without))
            processes.append(FORKED.Process(target=_acted, args=given))
        for process in processes:
            process.start()
        found = []
        for folder, process in zip(folders, processes, strict=True):
            process.join(_LONGEST)
            assert process.exitcode is not None, "a process does not end"
            out, err = ((folder / name).read_text(encoding="utf-8") for name in ("out", "err"))
            found.append(Said(process.exitcode, out, err))
            process.close()
    return found


_LONGEST = 100  # seconds


class _Place(NamedTuple):
    """The store, and where what is said goes."""

    home: Path
    said: Path


def _acted(
    place: _Place, act: Act, gate: Gate, together: Barrier, without: Sequence[Removal]
) -> None:
    for name, stream in (("out", 1), ("err", 2)):
        os.dup2(os.open(place.said / name, os.O_CREAT | os.O_WRONLY, 0o600), stream)
    threads = os.listdir(f"/proc/{os.getppid()}/task")
    assert len(threads) == 1, "the process that forks has threads of its own"  # (2)
    for removal in without:  # (3)
        removal()
    gate.close(together)
    sys.exit(act(place.home))
