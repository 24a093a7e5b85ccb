"""The answer is the best of all valid sets, and says so only when that is proved. S5."""

import pytest

from govagents.solver.check.judgement import judge
from govagents.solver.check.question import read
from govagents.solver.search import solve
from govagents.solver.weights import Weights
from tests.unit.solver.small import agrees, best_of_all, pair, ready

BLOCK = 500


@pytest.mark.parametrize("block", range(20))
def test_answer_is_the_best_of_all_sets_when_all_can_be_tried(block: int) -> None:
    """S5: ten thousand random problems in all, every kind of rule, ties by the written rule."""
    weights = Weights.default().to_json()

    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        source, plain = pair(seed)
        found = solve(*ready(source, plain))

        assert agrees(found, best_of_all(source, plain)), f"seed {seed}: {found}"
        assert found.certificate is not None
        proof = found.certificate.to_json()
        assert judge(proof, plain, read(source, weights)) == [], f"seed {seed}"
