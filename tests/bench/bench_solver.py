"""How long the published problems take, beside RC2 on the same reduced problems.

Nothing is asserted about time; that both find the same weight is.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from time import process_time

import pytest
from pysat.examples.rc2 import RC2, RC2Stratified

from govagents.solver.check.judgement import judge
from govagents.solver.check.question import read
from govagents.solver.formats import Plain, problem_from, role_sets_from
from govagents.solver.search import solve
from govagents.solver.solution import Solution, Status
from govagents.solver.weights import Weights
from tests.bench import rc2
from tests.bench.figures import Aim, Figures, Watch, at, spread
from tests.unit.solver.large import SHARED, published

SECONDS = 1
"""After which RC2 is stopped."""

pytestmark = [pytest.mark.bench, pytest.mark.shared]


def _watch() -> Watch:
    """Of the processor's time: nothing here waits for anything."""
    return Watch(process_time)


@dataclass
class _Times:
    """Of one catalogue's problems; `beside`: of those that leave something to search."""

    brief: Watch = field(default_factory=_watch)
    whole: Watch = field(default_factory=_watch)
    search: Watch = field(default_factory=_watch)
    check: Watch = field(default_factory=_watch)
    reducing: Watch = field(default_factory=_watch)
    others: dict[type[RC2], Watch] = field(
        default_factory=lambda: {RC2: _watch(), RC2Stratified: _watch()}
    )
    beside: list[float] = field(default_factory=list)
    stopped: Counter[type[RC2]] = field(default_factory=Counter)
    sizes: list[int] = field(default_factory=list)


def _problems(name: str) -> list[Plain]:
    text = (SHARED / "solver" / f"{name}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _measured(name: str) -> _Times:
    source, times = published(name), _Times()
    sets = role_sets_from(source, Weights.default())
    facts = read(source, Weights.default().to_json())
    for plain in _problems(name):
        problem = problem_from(plain)
        with times.brief:
            brief = solve(sets, problem, brief=True)
        with times.whole:
            found = solve(sets, problem)
        assert found.certificate is not None
        text = json.dumps(found.certificate.to_json())
        with times.check:
            assert judge(json.loads(text), plain, facts) == []
        times.sizes.append(len(text))
        with times.reducing:
            left = rc2.reduced(sets, problem)
        if left is None:
            times.reducing.ms.pop()
        else:
            times.beside.append(times.brief.ms[-1])
            _search_beside(times, left, found)
        assert brief.excess_weight == found.excess_weight
    return times


def _search_beside(times: _Times, left: rc2.Reduced, found: Solution) -> None:
    least = found.excess_weight if found.status is Status.OPTIMAL else None
    with times.search:
        weight = rc2.searched(left)
    assert weight == least
    for kind, watch in times.others.items():
        try:
            with watch:
                weight = rc2.least_excess(left.local, kind, SECONDS)
        except TimeoutError:
            times.stopped[kind] += 1
            continue
        assert weight == least


@pytest.mark.parametrize("name", ["aws", "gcp"])
def test_published_problems_are_measured_beside_rc2(name: str, figures: Figures) -> None:
    times = _measured(name)
    called = f"solver, {len(times.whole.ms)} problems on {name.upper()}"
    marks = "CPU ms p50 / p90 / p99 / max"

    for what, watch, most in (
        ("", times.brief, (3, 150)),
        (" with certificate", times.whole, (6, 350)),
    ):
        aims = Aim(watch.median, most[0], unit=" ms"), Aim(at(watch.ms, 0.99), most[1], unit=" ms")
        figures.add(f"{called}{what}, {marks}", spread(watch.ms), *aims)
    some = f"{called}, the {len(times.beside)} that reductions leave to search"
    figures.add(f"{some}: its own search, {marks}", spread(times.search.ms))
    for kind, watch in times.others.items():
        alone = watch.median / times.search.median
        whole = (times.reducing.median + watch.median) / at(times.beside, 0.5)
        said = f"{spread(watch.ms)}; {times.stopped[kind]} stopped after {SECONDS} s; median"
        figures.add(
            f"{some}: {kind.__name__}, {marks}",
            f"{said} {alone:.1f} times that of its own search, {whole:.1f} times with reductions",
            Aim(alone, least=3, unit=" times"),
        )
    figures.add(
        f"{called}, checking a certificate, {marks}",
        f"{spread(times.check.ms)}; at most {max(times.sizes) / 1000:.0f} kB",
    )
