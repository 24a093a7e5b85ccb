"""Names, weights and digests: what a certificate is bound to. S5."""

from dataclasses import replace

import pytest

from govagents.errors import InputError, UnknownNameError
from govagents.solver.catalog_index import RoleSets
from govagents.solver.problem import Problem
from govagents.solver.search import solve
from govagents.solver.solution import Status
from govagents.solver.weights import Weights

PROBLEM = Problem(
    id="one",
    needs=("read", "write"),
    exclusive_roles=(("b", "a"),),
    exclusive_permissions=(("write", "read"),),
    candidates=frozenset({"b", "a"}),
)


def _sets() -> RoleSets:
    return RoleSets.build(
        [("read", 1), ("write", 5), ("other", 3)],
        [("a", ["read"]), ("b", ["read", "write", "other"])],
        digest="d",
        weights_digest="w",
    )


def test_digest_is_the_same_when_only_order_and_repetition_differ() -> None:
    turned = replace(
        PROBLEM,
        needs=("write", "read", "write"),
        exclusive_roles=(("a", "b"), ("b", "a")),
        exclusive_permissions=(("read", "write"),),
    )

    assert turned.digest == PROBLEM.digest


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "two"},
        {"needs": ("read",)},
        {"held_roles": ("a",)},
        {"forbidden_permissions": ("other",)},
        {"exclusive_roles": ()},
        {"exclusive_permissions": ()},
        {"max_roles": 2},
        {"strict": True},
        {"candidates": None},
        {"candidates": frozenset({"a"})},
    ],
)
def test_digest_changes_when_anything_that_matters_does(changed: dict[str, object]) -> None:
    assert replace(PROBLEM, **changed).digest != PROBLEM.digest  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    "changed",
    [
        {"needs": ("nothing",)},
        {"held_roles": ("nobody",)},
        {"forbidden_permissions": ("nothing",)},
        {"exclusive_roles": (("a", "nobody"),)},
        {"exclusive_permissions": (("read", "nothing"),)},
        {"candidates": frozenset({"nobody"})},
    ],
)
def test_unknown_name_is_an_error_when_the_catalog_lacks_it(changed: dict[str, object]) -> None:
    problem = replace(PROBLEM, **changed)  # type: ignore[arg-type]  # by name

    with pytest.raises(UnknownNameError, match=r"no (role|permission) `no"):
        solve(_sets(), problem)


def test_nothing_is_given_when_all_is_held() -> None:
    found = solve(_sets(), Problem("held", ("read",), held_roles=("a",), max_roles=0))

    assert (found.status, found.roles, found.excess_weight) == (Status.OPTIMAL, (), 0)


def test_excess_is_listed_by_weight_then_name_when_a_role_brings_more() -> None:
    sets = RoleSets.build(
        [("need", 1), ("b", 1), ("a", 1), ("dear", 20)],
        [("all", ["need", "a", "b", "dear"])],
        digest="d",
        weights_digest="w",
    )

    assert solve(sets, Problem("all", ("need",))).excess == ("dear", "a", "b")


def test_conditional_grant_is_excess_even_of_a_need_when_strict() -> None:
    """Never coverage, always excess: `b` grants the need `read` only on some resources."""
    sets = RoleSets.build(
        [("read", 1), ("write", 5)],
        [("a", ["read"]), ("b", ["read", "write"])],
        {"b": ["read"]},
        digest="d",
        weights_digest="w",
    )
    problem = Problem("both", ("read", "write"))

    loose, strict = solve(sets, problem), solve(sets, replace(problem, strict=True))

    assert (loose.roles, loose.excess) == (("b",), ())
    assert (strict.roles, strict.excess) == (("a", "b"), ("read",))


def test_weight_is_level_times_sensitivity_when_both_are_known() -> None:
    weights = Weights.default()

    assert weights.of("permissions-management", "confidential") == 40
    assert weights.of("something new", "internal") == 20
    assert weights.of("read", "something new") == 4


@pytest.mark.parametrize("table", [{"read": -1}, {"read": 1.5}, {"read": True}])
def test_weights_are_refused_when_not_whole_numbers_from_zero(table: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="whole number from 0"):
        Weights(table, {"internal": 1})


def test_weights_digest_changes_when_one_price_does() -> None:
    default = Weights.default()

    assert replace(default, table={**default.table, "read": 2}).digest != default.digest
    assert Weights(dict(default.table), dict(default.sensitivity)).digest == default.digest


@pytest.mark.parametrize(
    ("permissions", "roles", "wanted"),
    [
        ([("p", 1), ("p", 1)], [], "`p` is listed twice"),
        ([("p", 1)], [("r", []), ("r", [])], "`r` is listed twice"),
        ([("p", -1)], [], "negative"),
        ([("p", 1)], [("r", ["q"])], "no permission `q`"),
    ],
)
def test_catalog_is_refused_when_its_ids_do_not_fit(
    permissions: list[tuple[str, int]], roles: list[tuple[str, list[str]]], wanted: str
) -> None:
    with pytest.raises(InputError, match=wanted):
        RoleSets.build(permissions, roles, digest="d", weights_digest="w")
