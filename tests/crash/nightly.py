"""`make nightly`: two thousand kills at points that seeds choose, with progress; it may be resumed.

`python -m tests.crash.nightly [KILLS]`. Each life that was lived is a line of `.nightly.jsonl`, and
is not lived again as long as the program is the same: who interrupts it goes on where it stood.
"""

import json
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from govagents.testing.company import Company
from tests.crash.life import Starts
from tests.crash.luck import Life, Lived

KILLS = 2000
ROOT = Path(__file__).parents[2]
DONE, WORLD = ROOT / ".nightly.jsonl", ROOT / "evals" / "worlds" / "halden"
_PROGRAM = ("govagents", "prompts", "tools", "evals/worlds/halden", "tests/crash")
_SAY_EVERY = 25


def main(words: list[str]) -> int:
    """1 where something did not hold."""
    wanted = int(words[0]) if words else KILLS
    done = Done(DONE, program())
    _say(f"{done.kills} of {wanted} kills were made before, in {len(done.lives)} lives")
    with tempfile.TemporaryDirectory(prefix="govagents-nightly-") as folder:
        made = Company.made(Path(folder) / "made", WORLD).home
        for seed, life in _lives(made, Path(folder), done, wanted):
            done.add(seed, life)
            for said in life.broken:
                _say(f"does not hold: {said}")
            if len(done.lives) % _SAY_EVERY == 0:
                _say(f"{done.kills} of {wanted} kills, {done.broken} lives did not end well")
    _say(f"{done.kills} kills in {len(done.lives)} lives, {done.broken} did not end well")
    return 1 if done.broken else 0


@dataclass
class Done:
    """The lives in `file` that were lived by this very program."""

    file: Path
    program: str
    lives: dict[int, Lived] = field(default_factory=dict)

    def __post_init__(self) -> None:
        text = self.file.read_text(encoding="utf-8") if self.file.exists() else ""
        for line in text.splitlines():
            found = _line(line)
            if found.get("program") == self.program:
                where, broken = tuple(found["where"]), tuple(found["broken"])
                self.lives[found["seed"]] = Lived(len(where), where, broken)

    @property
    def kills(self) -> int:
        """Of all of them."""
        return sum(life.kills for life in self.lives.values())

    @property
    def broken(self) -> int:
        """How many lives did not end well."""
        return sum(bool(life.broken) for life in self.lives.values())

    def add(self, seed: int, life: Lived) -> None:
        """One more."""
        self.lives[seed] = life
        line = {"program": self.program, "seed": seed, "where": life.where, "broken": life.broken}
        with self.file.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(line)}\n")


def program() -> str:
    """A digest of everything that a life rests on."""
    found = sha256()
    for place in _PROGRAM:
        for path in sorted((ROOT / place).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode())
                found.update(path.read_bytes())
    return found.hexdigest()


def _lives(made: Path, folder: Path, done: Done, wanted: int) -> Iterator[tuple[int, Lived]]:
    """As many at once as there are processors, until there are kills enough."""
    seeds = (seed for seed in count() if seed not in done.lives)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=context) as pool:
        begun: dict[Future[Lived], int] = {}
        while done.kills < wanted:
            while len(begun) < (os.cpu_count() or 1):
                seed = next(seeds)
                begun[pool.submit(_lived, made, folder, seed)] = seed
            for ended in wait(begun, return_when=FIRST_COMPLETED).done:
                yield begun.pop(ended), ended.result()


def _lived(made: Path, folder: Path, seed: int) -> Lived:
    """In a process of the pool, which keeps where its lives begin."""
    starts = _starts(made, folder / f"{os.getpid()}")
    return Life(starts, starts.folder / f"life-{seed}", seed).lived()


@cache
def _starts(made: Path, mine: Path) -> Starts:
    mine.mkdir()
    return Starts(Company(made, WORLD), mine)


def _line(text: str) -> dict[str, Any]:
    """One that was cut short by a kill says nothing."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
