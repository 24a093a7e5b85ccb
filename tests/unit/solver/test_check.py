"""Whatever is accepted is true: certificates changed at random, judged by all sets. S5, S60."""

import copy
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from govagents.solver.certificate import Certificate
from govagents.solver.check.judgement import judge
from govagents.solver.check.question import read
from govagents.solver.search import solve
from govagents.solver.weights import Weights
from tests.unit.solver.small import Oracle, Plain, best_of_all, pair, ready

WEIGHTS = Weights.default().to_json()


@pytest.mark.parametrize("block", range(8))
def test_no_false_claim_is_accepted_when_certificates_are_changed_at_random(block: int) -> None:
    """S5: four thousand changed certificates; some stay true, none that is false is accepted."""
    accepted = 0
    for seed in range(block * 500, (block + 1) * 500):
        rng = Random(seed)  # noqa: S311  # a seeded test
        source, plain = pair(100_000 + seed)
        proof = solve(*ready(source, plain)).certificate
        assert proof is not None
        changed = proof.to_json()
        for change in rng.choices(CHANGES, k=rng.randint(1, 4)):
            change(rng, changed, source)
        if rng.random() < 0.8:
            _claim_truly(changed, Oracle(source, plain))

        if not judge(changed, plain, read(source, WEIGHTS)):
            accepted += 1
            best = best_of_all(source, plain)
            assert changed["excess_weight"] == (None if best is None else best.excess), seed

    assert accepted


def test_certificate_survives_the_round_trip_when_written_and_read() -> None:
    for seed in range(50):
        proof = solve(*ready(*pair(seed))).certificate

        assert proof is not None
        assert Certificate.from_json(proof.to_json()) == proof


def test_facts_serve_many_problems_when_read_once() -> None:
    source, plain = pair(3)
    proof = solve(*ready(source, plain)).certificate
    assert proof is not None

    facts = read(source, WEIGHTS)

    assert judge(proof.to_json(), plain, facts) == []
    assert judge(proof.to_json(), plain | {"id": "other"}, facts) == ["made for another problem"]


@pytest.mark.parametrize("kind", ["permissions", "roles"])
def test_catalogue_is_refused_when_it_lists_an_id_twice(kind: str) -> None:
    source, _ = pair(3)
    source[kind].append(source[kind][0])

    with pytest.raises(ValueError, match="twice"):
        read(source, WEIGHTS)


def _other_set(rng: Random, changed: Plain, source: Plain) -> None:
    roles = [role["id"] for role in source["roles"]]
    changed["roles"] = sorted(rng.sample(roles, rng.randint(1, min(3, len(roles)))))


def _other_amounts(rng: Random, changed: Plain, source: Plain) -> None:
    permissions = [p["id"] for p in source["permissions"]]
    for node in changed["tree"]:
        for charges in node.get("amounts", {}).values():
            charges[rng.choice(permissions)] = rng.randint(0, 20)


def _other_node(rng: Random, changed: Plain, source: Plain) -> None:
    needs = [p["id"] for p in source["permissions"]]
    node = rng.choice(
        [
            {"dead": rng.choice(needs)},
            {"crowd": rng.sample(needs, min(3, len(needs)))},
            {"need": rng.choice(needs), "children": []},
            {"amounts": {rng.choice(needs): {rng.choice(needs): rng.randint(0, 20)}}},
        ]
    )
    changed["tree"][rng.randrange(len(changed["tree"]))] = node


def _fewer_children(rng: Random, changed: Plain, _source: Plain) -> None:
    for node in changed["tree"]:
        if node.get("children"):
            del node["children"][rng.randrange(len(node["children"]))]


def _more_dominated(rng: Random, changed: Plain, source: Plain) -> None:
    roles = [role["id"] for role in source["roles"]]
    for _ in range(rng.randint(1, 3)):
        changed["dominated"][rng.choice(roles)] = rng.choice(roles)


def _grown(rng: Random, changed: Plain, source: Plain) -> None:
    """A branch over some roles above what was there."""
    roles = [role["id"] for role in source["roles"]]
    needs = [p["id"] for p in source["permissions"]]
    old = copy.deepcopy(changed["tree"])
    chosen = rng.sample(roles, rng.randint(0, len(roles)))
    children = [[role, place] for place, role in enumerate(chosen, 1)]
    leaves = [
        copy.deepcopy(old[0]) if "children" not in old[0] else {"amounts": {}} for _ in chosen
    ]
    changed["tree"] = [{"need": rng.choice(needs), "children": children}, *leaves]


def _claim_truly(changed: Plain, oracle: Oracle) -> None:
    """State the weight the set really has, so that only the proof can be at fault."""
    if changed["roles"] is not None:
        changed["excess_weight"] = oracle.key(changed["roles"]).excess


Change = Callable[[Random, dict[str, Any], dict[str, Any]], None]
CHANGES: list[Change] = [
    _other_set,
    _other_amounts,
    _other_node,
    _fewer_children,
    _more_dominated,
    _grown,
]
