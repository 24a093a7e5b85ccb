"""How long the published problems take, beside RC2 on the same reduced problems.

Both are given the same reduced problem, after every reduction but dominance and before any bound;
problems that are settled before that, by the first set found, count for neither. RC2's time is that
of writing its clauses, building it and its search; the timer that stops it is not counted. What the
solver does to find a better set and to shrink the problem further is in the time of its own search.

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
    writing: Watch = field(default_factory=_watch)
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
    with times.writing:
        formula = rc2.written(left.local)
    for kind, watch in times.others.items():
        try:
            weight = rc2.least_excess(formula, kind, watch, SECONDS)
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
    some = f"{called}, the {len(times.beside)} left to search"
    figures.add(f"{some}: its own search, {marks}", spread(times.search.ms))
    for kind in times.others:
        said, aim = _beside(times, kind)
        figures.add(f"{some}: {kind.__name__}, {marks}", said, aim)
    figures.add(
        f"{called}, checking a certificate, {marks}",
        f"{spread(times.check.ms)}; at most {max(times.sizes) / 1000:.0f} kB",
    )


def _beside(times: _Times, kind: type[RC2]) -> tuple[str, Aim]:
    """RC2's times, and how often those of the own search fit into them."""
    bare, own = times.others[kind], times.search
    whole = [sum(parts) for parts in zip(times.writing.ms, bare.ms, strict=True)]
    median = at(whole, 0.5)
    each = at([other / this for other, this in zip(whole, own.ms, strict=True)], 0.5)
    reduced = (times.reducing.median + median) / at(times.beside, 0.5)
    said = (
        f"{spread(whole)}; {times.stopped[kind]} stopped after {SECONDS} s; median "
        f"{median / own.median:.1f} times that of its own search, "
        f"{bare.median / own.median:.1f} times without writing clauses, "
        f"{reduced:.1f} times with reductions; median of ratios {each:.1f}"
    )
    return said, Aim(median / own.median, least=3, unit=" times")
