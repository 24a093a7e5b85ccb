"""The catalog of AWS from the real packages, which the extra `aws` installs."""

import gzip
import json
from functools import cache
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from govagents.adapters.world.aws import read_aws
from govagents.domain.catalog import AccessLevel, Catalog
from govagents.domain.ids import RoleId
from govagents.errors import ConfigurationError
from govagents.planning.problem import SetsByCatalog
from govagents.solver.problem import Problem
from govagents.solver.search import solve
from govagents.solver.weights import Weights

PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "catalogues" / "aws.json.gz"
ALL = RoleId("AdministratorAccess")


@cache
def real() -> Catalog:
    try:
        return read_aws()
    except ConfigurationError as missing:
        if not isinstance(missing.__context__, PackageNotFoundError):
            raise
        pytest.skip("needs `aws`: the extra is not installed")


def test_the_real_catalog_is_whole_when_made_from_the_packages() -> None:
    """S5. Sizes are those of the locked releases, give or take what a newer one brings."""
    catalog = real()
    unknown = {
        one.id for one in catalog.permissions.values() if one.access_level is AccessLevel.UNKNOWN
    }

    assert 1_500 < len(catalog.roles) < 1_800
    assert 20_000 < len(catalog.permissions) - len(unknown) < 23_000
    assert 600 < len(unknown) < 1_200
    assert catalog.roles[ALL].permissions == set(catalog.permissions)
    assert all(role.permissions >= role.conditional for role in catalog.roles.values())


def test_conditional_grants_of_the_real_catalog_never_cover_when_a_request_is_solved() -> None:
    """S5."""
    catalog, weights = real(), Weights.default()
    sets = SetsByCatalog(weights).of(catalog)
    of = {
        one.id: weights.of(one.access_level, one.sensitivity)
        for one in catalog.permissions.values()
    }
    tempting = [  # a small role that has the need on some resources only, or under a condition
        (min(role.conditional), role.id)
        for role in catalog.roles.values()
        if len(role.permissions) == len(role.conditional) <= 2
    ]

    assert len(tempting) > 20
    for need, tempter in tempting[:20]:
        found = solve(sets, Problem(id=need, needs=(need,), strict=True))
        roles = [catalog.roles[RoleId(name)] for name in found.roles]
        reached = frozenset().union(*(role.permissions for role in roles))
        assert tempter not in found.roles
        assert any(need in role.permissions - role.conditional for role in roles)
        assert found.excess_weight == sum(of[each] for each in reached if each != need)


@pytest.mark.shared
def test_the_real_catalog_agrees_with_one_that_others_published_when_both_know_an_action() -> None:
    """A sanity check: theirs is of another day, and reads denials on some resources otherwise."""
    catalog = real()
    published = json.loads(gzip.decompress(PUBLISHED.read_bytes()))
    names = [one["id"] for one in published["permissions"]]
    both = set(names) & set(catalog.permissions)
    roles = {role["name"]: role for role in published["roles"]}
    same = conditional = 0
    for role in catalog.roles.values():
        theirs = roles[role.name]
        limited = {*theirs.get("conditional", ()), *theirs.get("resource_scoped", ())}
        if {names[each] for each in theirs["permissions"]} & both == role.permissions & both:
            same += 1
            conditional += {names[each] for each in limited} & both == role.conditional & both

    assert len(both) > 20_000
    assert same > 0.9 * len(catalog.roles)
    assert conditional > 0.95 * same
