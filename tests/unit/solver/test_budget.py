"""A budget that ends early gives an honest bound, never a claim. S5."""

from itertools import product

import pytest

from govagents.solver.search import solve
from govagents.solver.solution import Solution, Status
from tests.unit.solver.small import Best, Oracle, agrees, best_of_all, pair, ready

BUDGETS = (0, 1, 3, 7, 15, 30, 60, 120, 250)


@pytest.mark.parametrize("block", range(5))
def test_answer_is_bounded_or_right_when_the_budget_is_tiny(block: int) -> None:
    bounded = 0
    for seed, budget in product(range(block * 100, (block + 1) * 100), BUDGETS):
        source, plain = pair(seed)
        best = best_of_all(source, plain)
        found = solve(*ready(source, plain), max_steps=budget)
        assert found.steps <= budget
        if found.status is Status.BOUNDED:
            bounded += 1
            assert _is_honest(found, best, Oracle(source, plain)), (seed, found)
        elif best is None or found.roles == best.roles:
            assert agrees(found, best), seed
        else:
            # The tie rules ran out of steps; weight and proof stand.
            assert (found.excess_weight, found.lower_bound) == (best.excess, best.excess)

    assert bounded


def test_steps_stay_within_the_budget_when_it_ends_early() -> None:
    """What would pass it is not begun, down to a budget too small to look at every role."""
    sets, problem = ready(*_woven())
    enough = solve(sets, problem).steps

    budgets = [*range(60), *range(60, enough, 50)]
    found = [(budget, solve(sets, problem, max_steps=budget)) for budget in budgets]

    assert all(each.steps <= budget for budget, each in found)
    assert found[5][1].status is Status.BOUNDED
    assert found[5][1].lower_bound == 0


def test_answer_is_the_same_when_roles_and_needs_come_in_another_order() -> None:
    for seed in range(300):
        source, plain = pair(seed)
        turned = source | {"roles": source["roles"][::-1]}
        again = plain | {"needs": plain["needs"][::-1] * 2}

        first, second = solve(*ready(source, plain)), solve(*ready(turned, again))

        assert (first.status, first.roles, first.excess) == (
            second.status,
            second.roles,
            second.excess,
        )


def _is_honest(found: Solution, best: Best | None, oracle: Oracle) -> bool:
    """The bound is below the optimum and the set, if any, is what it says."""
    if found.certificate is not None or found.lower_bound is None:
        return False
    if best is not None and found.lower_bound > best.excess:
        return False
    if found.excess_weight is None:
        return not found.roles
    return (
        best is not None
        and oracle.valid(found.roles)
        and oracle.key(found.roles).excess == found.excess_weight >= best.excess
        and found.gap == found.excess_weight - found.lower_bound >= 0
    )


def _woven() -> tuple[dict[str, object], dict[str, object]]:
    """Forty roles that share their extras, so that the root bound does not close."""
    permissions = [{"id": f"p{i}", "access_level": "read"} for i in range(40)]
    roles = [
        {"id": f"r{i}", "permissions": sorted({i % 8, (i * 3 + 1) % 8, *_extras(i)})}
        for i in range(40)
    ]
    return {"permissions": permissions, "roles": roles}, {
        "id": "woven",
        "needs": [f"p{i}" for i in range(8)],
    }


def _extras(i: int) -> set[int]:
    return {8 + (i * k + k * k) % 32 for k in (3, 5, 7, 11)}
