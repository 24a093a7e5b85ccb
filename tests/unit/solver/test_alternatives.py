"""What else could be given, against all sets that could. S4."""

from itertools import combinations

from govagents.solver.alternatives import Option, alternatives
from govagents.solver.search import solve
from govagents.solver.solution import Status
from tests.unit.solver.small import Oracle, best_of_all, pair, ready


def test_next_best_is_the_cheapest_set_without_the_chosen_when_all_are_tried() -> None:
    """S4: a second plan with its score."""
    compared = 0
    for seed in range(400):
        source, plain = pair(seed)
        sets, problem = ready(source, plain)
        chosen = solve(sets, problem)
        if chosen.status is not Status.OPTIMAL or not chosen.roles:
            continue
        oracle = Oracle(source, plain)
        free = [r for r in sorted(oracle.grants) if r not in oracle.held]
        others = (s for n in range(1, len(free) + 1) for s in combinations(free, n))
        valid = [s for s in others if oracle.valid(s) and not set(chosen.roles) <= set(s)]
        best = min((oracle.key(s) for s in valid), default=None)

        found = alternatives(sets, problem, chosen)

        compared += best is not None
        assert found.complete
        if best is None:
            assert found.next_best is None
        else:
            assert found.next_best is not None
            assert found.next_best.excess_weight == best.excess
            assert oracle.valid(found.next_best.roles)

    assert compared > 50


def test_need_costs_the_excess_that_goes_with_it_when_it_is_dropped() -> None:
    compared = 0
    for seed in range(200):
        source, plain = pair(seed)
        sets, problem = ready(source, plain)
        chosen = solve(sets, problem)
        if chosen.excess_weight is None or not chosen.roles:
            continue

        found = alternatives(sets, problem, chosen)

        assert found.costs.keys() == set(plain["needs"])
        for need, cost in found.costs.items():
            fewer = plain | {"needs": [other for other in plain["needs"] if other != need]}
            best = best_of_all(source, fewer)
            assert best is not None
            assert cost == max(chosen.excess_weight - best.excess, 0)
            compared += cost > 0

    assert compared > 50


def test_narrower_set_drops_the_dearest_need_when_that_saves_something() -> None:
    source = {
        "permissions": [
            {"id": "list things", "access_level": "list"},
            {"id": "delete things", "access_level": "write"},
            {"id": "give roles", "access_level": "permissions-management"},
        ],
        "roles": [
            {"id": "reader", "permissions": [0]},
            {"id": "owner", "permissions": [0, 1, 2]},
        ],
    }
    sets, problem = ready(source, {"id": "two", "needs": ["list things", "delete things"]})
    chosen = solve(sets, problem)

    found = alternatives(sets, problem, chosen)

    assert chosen.roles == ("owner",)
    assert dict(found.costs) == {"list things": 0, "delete things": 20}
    assert found.narrower == Option(("reader",), 0, leaves_out=("delete things",))
    assert found.next_best is None
    assert found.covers_alone == {"owner": ("delete things", "list things")}


def test_alternatives_say_they_are_incomplete_when_the_budget_ends() -> None:
    made = (ready(*pair(seed)) for seed in range(7, 200))
    solved = ((sets, problem, solve(sets, problem)) for sets, problem in made)
    sets, problem, chosen = next(each for each in solved if each[2].roles and each[2].steps > 100)

    found = alternatives(sets, problem, chosen, max_steps=0)

    assert not found.complete
