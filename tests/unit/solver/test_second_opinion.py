"""An unrelated solver finds the same optimum where not every set can be tried. S5."""

from random import Random

import pytest

from govagents.solver.check.judgement import judge
from govagents.solver.check.question import read
from govagents.solver.formats import problem_from, role_sets_from
from govagents.solver.search import solve
from govagents.solver.weights import Weights
from tests.unit.solver.large import Plain, made, published, request
from tests.unit.solver.maxsat import least_excess
from tests.unit.solver.small import best_of_all, pair, ready

WEIGHTS = Weights.default()


def test_second_opinion_is_sound_when_every_set_can_be_tried() -> None:
    """The oracle is itself held against the wording of the problem."""
    for seed in range(300):
        source, plain = pair(seed)
        best = best_of_all(source, plain)

        assert least_excess(source, plain) == (None if best is None else best.excess), seed


@pytest.mark.parametrize("block", range(6))
def test_maxsat_agrees_when_catalogs_are_made(block: int) -> None:
    for seed in range(block * 50, (block + 1) * 50):
        source, plain = made(seed)

        found = solve(*ready(source, plain))

        assert found.excess_weight == least_excess(source, plain), seed
        assert found.certificate is not None
        proof = found.certificate.to_json()
        assert judge(proof, plain, read(source, WEIGHTS.to_json())) == [], seed


@pytest.mark.shared
@pytest.mark.parametrize(("name", "cases"), [("entra", 60), ("k8s", 60), ("aws", 4), ("gcp", 4)])
def test_maxsat_agrees_when_catalogs_are_published(name: str, cases: int) -> None:
    source = published(name)
    rng = Random(f"{name} requests")  # noqa: S311  # a seeded test
    sets = role_sets_from(source, WEIGHTS)
    facts = read(source, WEIGHTS.to_json())

    for case in range(cases):
        plain: Plain = request(rng, source)
        found = solve(sets, problem_from(plain))

        assert found.excess_weight == least_excess(source, plain), (case, plain)
        assert found.certificate is not None
        assert judge(found.certificate.to_json(), plain, facts) == [], (case, plain)
