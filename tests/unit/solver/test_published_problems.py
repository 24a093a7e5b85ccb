"""The published problems: every status and cost right, every answer proved and checked. S5."""

import json
from collections.abc import Sequence
from functools import cache
from itertools import islice
from typing import Any

import pytest

from govagents.solver.catalog_index import RoleSets
from govagents.solver.check.judgement import judge
from govagents.solver.check.question import Facts, read
from govagents.solver.formats import problem_from, role_sets_from
from govagents.solver.search import solve
from govagents.solver.weights import Weights
from tests.unit.solver.large import SHARED, Plain, published

WEIGHTS = Weights.default()
NAMES = ("aws", "gcp")

pytestmark = pytest.mark.shared


def _problems(name: str) -> list[Plain]:
    lines = (SHARED / "solver" / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def _read(name: str) -> tuple[RoleSets, Facts]:
    source = published(name)
    return role_sets_from(source, WEIGHTS), read(source, WEIGHTS.to_json())


@pytest.mark.parametrize("name", NAMES)
def test_every_published_problem_is_solved_and_proved_when_weights_are_default(name: str) -> None:
    """S5: status, excess weight and count of all 300, each with a certificate that is accepted."""
    sets, facts = _read(name)
    wrong: list[object] = []
    for plain in _problems(name):
        wanted = plain["expected"]
        found = solve(sets, problem_from(plain))
        said = (found.status, found.excess_weight, found.role_count)
        if said != (wanted["status"], wanted.get("excess_weight"), wanted.get("role_count")):
            wrong.append((plain["id"], said))
        proof = found.certificate
        if proof is None or judge(json.loads(json.dumps(proof.to_json())), plain, facts):
            wrong.append((plain["id"], "not proved"))

    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_forged_certificates_of_published_problems_are_refused_when_judged(name: str) -> None:
    """S5, S60: an amount raised, amounts lowered, a branch or a need dropped, another digest."""
    sets, facts = _read(name)
    accepted: list[object] = []
    forged = 0
    for plain in _problems(name)[:60]:
        proof = solve(sets, problem_from(plain)).certificate
        if proof is None or not proof.excess_weight or "dead" in proof.tree[0]:
            continue
        for changed in _forgeries(proof.to_json(), facts):
            forged += 1
            if not judge(changed, plain, facts):
                accepted.append((plain["id"], changed))

    assert forged >= 150
    assert accepted == []


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_bounded_by_the_optimum_when_the_budget_is_small(name: str) -> None:
    sets, _ = _read(name)
    bounded = 0
    for plain in islice(_problems(name), 0, 300, 8):
        optimum = plain["expected"].get("excess_weight")
        for budget in (0, 200, 2_000):
            found = solve(sets, problem_from(plain), max_steps=budget)
            if found.status != "bounded":
                assert found.excess_weight == optimum
                continue
            bounded += 1
            assert found.lower_bound is not None
            assert optimum is None or found.lower_bound <= optimum
            assert found.excess_weight is None or found.excess_weight >= optimum

    assert bounded > 10


def _forgeries(proof: Plain, facts: Facts) -> Sequence[Plain]:
    tree = proof["tree"]
    made = [
        proof | {"catalogue": proof["problem"]},
        proof | {"problem": proof["catalogue"]},
        proof | {"weights": proof["problem"]},
        proof | {"excess_weight": proof["excess_weight"] + 1},
        proof | {"excess_weight": proof["excess_weight"] - 1},
        proof | {"roles": []},
    ]
    for place, node in enumerate(tree):
        if node.get("amounts"):
            made += [
                proof | {"tree": [*tree[:place], {"amounts": amounts}, *tree[place + 1 :]]}
                for amounts in ({}, _raised(node["amounts"], facts))
            ]
            break
    if "children" in tree[0]:
        fewer = {"need": tree[0]["need"], "children": tree[0]["children"][1:]}
        made.append(proof | {"tree": [fewer, *tree[1:]]})
    if proof["dominated"]:
        weak, strong = next(iter(proof["dominated"].items()))
        made.append(proof | {"dominated": proof["dominated"] | {strong: weak}})
    return made


def _raised(amounts: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """One amount a unit beyond the whole weight of its permission."""
    need, charges = next((need, charges) for need, charges in amounts.items() if charges)
    permission = next(iter(charges))
    return amounts | {need: charges | {permission: facts.weight[permission] + 1}}
