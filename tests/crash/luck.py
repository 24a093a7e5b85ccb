"""Lives of requests in which processes are killed at points that a seed chooses.

Rules:
1. A life goes through the steps of a path. Each step's process may be killed, and so may the sweep
   that comes after it: at a boundary, or at a moment in time, in the middle of whatever it is.
2. Whoever asked sees to it: what has not begun is typed again, as often as it takes.
3. At the end nobody kills any more: one sweep, and everything must hold.
4. The same seed makes the same choices. A moment is measured on the machine, so where a process is
   by then differs: the points that it had passed are said.
"""

import random
import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from govagents.testing.company import Company
from tests.crash.dying import BOUNDARY, Point, Program
from tests.crash.killing import SWEEP, started
from tests.crash.life import NAMED, Starts, Step, ended, standing, typed

PATHS = (
    ("ask", "approve", "give back"),
    ("ask", "approve", "revoke"),
    ("ask", "approve", "complete"),
    ("ask", "approve", "extend", "approve more", "give back"),
    ("ask", "deny"),
    ("ask", "lapse"),
    ("ask", "cancel"),
    ("ask unclearly", "answer", "expire"),
    ("ask unclearly", "answer", "undo"),
)
MOST_POINTS, SECONDS = 90, (0.02, 0.6)
"""Roughly as many points as the longest step has, and how long steps take on an idle machine.

Short steps are as likely to be met as long ones: it is the logarithm that is drawn.
"""

_NEVER = 1_000_000


class Lived(NamedTuple):
    """How often a process was killed, where, and what did not hold in the end."""

    kills: int
    where: tuple[str, ...]
    broken: tuple[str, ...]


@dataclass
class Life:
    """One seed's life in a store of its own."""

    starts: Starts
    home: Path
    seed: int
    where: list[str] = field(default_factory=list)
    _luck: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._luck = random.Random(self.seed)  # noqa: S311  # a choice of points

    def lived(self) -> Lived:
        """From the first step to its end."""
        path = self._luck.choice(PATHS)
        begun = self._luck.randrange(len(path))
        company = self.starts.of(NAMED[path[begun]], self.home)
        problems: list[str] = []
        for name in path[begun:]:
            problems += self._gone_through(company, NAMED[name])
        problems += [*company.app.sweeper.sweep().problems, *ended(company)]  # (3)
        shutil.rmtree(self.home)
        said = f"seed {self.seed}, killed {', then '.join(self.where) or 'never'}"
        return Lived(len(self.where), (*self.where,), tuple(f"{said}: {each}" for each in problems))

    def _gone_through(self, company: Company, step: Step) -> list[str]:
        """(1) (2)."""
        self._killed(company, step.name, step.words)
        self._killed(company, f"sweeping after {step.name}", SWEEP)
        report = company.app.sweeper.sweep()
        if standing(company) is step.before:
            typed(company, step)
        stands = standing(company)
        astray = [] if stands is step.ends else [f"after {step.name} it stands at {stands}"]
        return [*report.problems, *astray]

    def _killed(self, company: Company, name: str, words: tuple[str, ...]) -> None:
        """Perhaps it comes to its end before."""
        at_a_boundary = self._luck.random() < 0.5
        least, most = SECONDS
        drawn = self._luck.random()
        point = round(MOST_POINTS**drawn) if at_a_boundary else _NEVER
        moment = 0.0 if at_a_boundary else least * (most / least) ** drawn
        program = started(company, *words, at=Point(BOUNDARY, point))
        if program.ended(within=moment) == -signal.SIGKILL:
            self.where.append(f"{name} {_where(program, moment)}")
        shutil.rmtree(program.folder)


def _where(program: Program, moment: float) -> str:
    """(4)."""
    file = program.folder / "points"
    last = (program.points if file.exists() else [])[-1:] or ["nothing yet"]
    when = f"after {moment:.3f} s, having passed" if moment else "at"
    return f"{when} `{last[0]}`"
