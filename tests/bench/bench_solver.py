"""How long the published problems take; read the printed lines, nothing is asserted about time.

`python -m tests.bench.bench_solver` from the root of a checkout with ../shared/data beside it.
"""

import json
import sys
from time import perf_counter

import pytest

from govagents.solver.check import judge, read
from govagents.solver.formats import problem_from, role_sets_from
from govagents.solver.search import solve
from govagents.solver.weights import Weights
from tests.unit.solver.large import SHARED, published

MARKS = (0.5, 0.9, 0.99, 1.0)


def _spread(values: list[float], digits: int) -> str:
    ordered = sorted(values)
    return " / ".join(f"{ordered[int(m * (len(ordered) - 1))]:.{digits}f}" for m in MARKS)


def _measure(name: str) -> str:
    source = published(name)
    begun = perf_counter()
    sets = role_sets_from(source, Weights.default())
    indexed = perf_counter() - begun
    facts = read(source, Weights.default().to_json())
    solving, checking, steps, sizes = [], [], [], []
    for line in (SHARED / "solver" / f"{name}.jsonl").read_text("utf-8").splitlines():
        plain = json.loads(line)
        begun = perf_counter()
        found = solve(sets, problem_from(plain))
        solving.append(1000 * (perf_counter() - begun))
        steps.append(float(found.steps))
        if found.certificate is not None:
            text = json.dumps(found.certificate.to_json())
            sizes.append(len(text) / 1000)
            begun = perf_counter()
            judge(json.loads(text), plain, facts)
            checking.append(1000 * (perf_counter() - begun))
    return (
        f"{name}: {len(solving)} problems, index {indexed:.2f} s; p50 / p90 / p99 / max of\n"
        f"  solve ms        {_spread(solving, 1)}   (sum {sum(solving) / 1000:.1f} s)\n"
        f"  check ms        {_spread(checking, 1)}   (sum {sum(checking) / 1000:.1f} s)\n"
        f"  certificate kB  {_spread(sizes, 1)}\n"
        f"  steps           {_spread(steps, 0)}\n"
    )


@pytest.mark.bench
@pytest.mark.shared
@pytest.mark.parametrize("name", ["aws", "gcp"])
def test_published_problems_are_measured_when_solved_and_checked(name: str) -> None:
    report = _measure(name)
    sys.stdout.write(report)

    assert report.startswith(f"{name}: 300 problems")


if __name__ == "__main__":
    for catalogue in ("aws", "gcp"):
        sys.stdout.write(_measure(catalogue))
