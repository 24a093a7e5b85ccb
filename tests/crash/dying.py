"""The program, killed at one point of a command: nothing of it runs afterwards.

`python -m tests.crash.dying HOME POINT N WORD...` runs one command line. Where POINT is passed for
the Nth time, the process kills itself; `wait:POINT` waits there for a line on standard input
instead, having said `here`.
"""

import os
import signal
import sys
from collections.abc import Callable
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


def wait() -> None:
    """Until somebody says to go on."""
    sys.stdout.write("here\n")
    sys.stdout.flush()
    sys.stdin.readline()


if __name__ == "__main__":
    home, where, often, *words = sys.argv[1:]
    passing(where.removeprefix("wait:"), int(often), wait if where.startswith("wait:") else die)
    sys.exit(run(words, home=Path(home)))
