"""A cold start: `--help`, the first `ask` of a store, and the memory that takes."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from govagents.testing.company import Company
from tests.architecture.sources import ROOT
from tests.bench.bench_request import ASKER, WORDS
from tests.bench.figures import Aim, Figures, Watch, at, spread

# Of its memory the process tells itself: what `wait4` says counts whoever started it, too.
PROGRAM = """
import sys
from govagents.entrypoints.cli import main
sys.argv[0] = "govagents"
try:
    main()
finally:
    sys.stderr.write(open("/proc/self/status").read())
"""
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
TIMES = 5

pytestmark = pytest.mark.bench


class _Used(NamedTuple):
    """By one process: its time on a processor, and the most memory it had."""

    ms: float
    mb: int


def _run(watch: Watch, *words: str, code: int = 0) -> _Used:
    command = [sys.executable, "-c", PROGRAM, *words]
    with (
        watch,
        subprocess.Popen(
            command, cwd=ROOT, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process,
    ):
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == code, said
    (peak,) = PEAK.findall(said)
    return _Used(1000 * (used.ru_utime + used.ru_stime), int(peak) // 1024)


def test_cold_starts_are_measured(made: Company, tmp_path: Path, figures: Figures) -> None:
    helped, asked = Watch(), Watch()
    help_used, ask_used = [], []
    _run(Watch(), "--help")  # compiled once
    for number in range(TIMES):
        help_used.append(_run(helped, "--help"))
        company = made.copied(tmp_path / f"store-{number}")
        home = ("--home", str(company.home))
        _run(Watch(), "sweep", "--once", *home)
        ask_used.append(_run(asked, "ask", WORDS, "--as", ASKER, *home, code=5))

    figures.add(
        "start, `--help`, ms p50 / p90 / p99 / max",
        f"{spread(helped.ms, 0)}; {at([each.ms for each in help_used], 0.5):.0f} on a processor",
        Aim(helped.median, most=200, unit=" ms"),
    )
    figures.add(
        "start, the first `ask` of a store, ms p50 / p90 / p99 / max",
        f"{spread(asked.ms, 0)}; {at([each.ms for each in ask_used], 0.5):.0f} on a processor",
        Aim(asked.median, most=3000, unit=" ms"),
    )
    peak = max(each.mb for each in ask_used)
    figures.add(
        "start, peak memory of that `ask`",
        f"{peak} MB",
        Aim(peak, most=450, unit=" MB"),
    )
