"""What was measured, as rows of the table in the README.

A row is found again by what it measures: measuring a part leaves the other rows as they were. Each
says how loaded the machine was, because a loaded one makes single figures, not ratios, worse.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

README = Path(__file__).parents[2] / "README.md"
HEAD = "| measured by `make bench` | result | aim | load |\n| --- | --- | --- | --- |\n"
PART = re.compile(r"(<!-- measured -->\n).*?(<!-- /measured -->)", re.DOTALL)
MARKS = (0.5, 0.9, 0.99)


class Aim(NamedTuple):
    """`value` should be below `most`, or, the other way round, at least `least`."""

    value: float
    most: float | None = None
    least: float | None = None
    unit: str = ""

    def __str__(self) -> str:
        """The aim, and whether it was met."""
        below = self.most is not None
        wanted = f"< {self.most:g}" if below else f"at least {self.least:g}"
        met = self.value < (self.most or 0) if below else self.value >= (self.least or 0)
        return f"{wanted}{self.unit}: {'met' if met else 'not met'}"


@dataclass
class Figures:
    """Rows by what they measure, as they come in."""

    rows: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, result: str, *aims: Aim) -> None:
        """One row."""
        load = f"{os.getloadavg()[0]:.1f}"
        wanted = ", ".join(map(str, aims)) or "none"
        self.rows[what] = f"| {what} | {result} | {wanted} | {load} |"

    def written(self, text: str) -> str:
        """`text` with these rows in its table, among those that were there."""
        return PART.sub(lambda part: part[1] + self._table(part[0]) + part[2], text)

    def _table(self, before: str) -> str:
        kept = {line.split("|")[1].strip(): line for line in before.splitlines()[3:-1]}
        rows: Mapping[str, str] = kept | self.rows
        return HEAD + "".join(f"{rows[what]}\n" for what in sorted(rows))


def spread(values: Sequence[float], digits: int = 1) -> str:
    """p50 / p90 / p99 and the largest."""
    shown = [at(values, mark) for mark in MARKS] + [max(values)]
    return " / ".join(f"{value:.{digits}f}" for value in shown)


def at(values: Iterable[float], mark: float) -> float:
    """The value that a share `mark` of all does not pass.

    >>> at([3, 1, 2], 0.5), at([3, 1, 2], 1.0)
    (2, 3)
    """
    ordered = sorted(values)
    return ordered[round(mark * (len(ordered) - 1))]


@dataclass
class Watch:
    """Milliseconds of each time it was held; `process_time` where others share the processors."""

    clock: Callable[[], float] = perf_counter
    ms: list[float] = field(default_factory=list)
    _begun: float = 0.0

    def __enter__(self) -> "Watch":
        """Starts."""
        self._begun = self.clock()
        return self

    def __exit__(self, *_: object) -> None:
        """Stops, whatever happened."""
        self.ms.append(1000 * (self.clock() - self._begun))

    @property
    def median(self) -> float:
        """Half took no longer."""
        return at(self.ms, 0.5)
