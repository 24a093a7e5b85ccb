"""Catalogue files: somebody else's roles and permissions, in the exchange format.

`{"catalogue", "version", "permissions": [{id, access_level, sensitivity?, description?, tags?, …}],
"roles": [{id, name?, description?, permissions: [index], conditional?, resource_scoped?,
assignable?, privileged?, …}]}`, plain or gzipped. Indexes point into `permissions`. What is granted
only under a condition, or only on some resources, is one set here: never coverage, always excess.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from govagents.adapters.world.assemble import snapshot
from govagents.adapters.world.parse import read_json, text_of
from govagents.adapters.world.problems import Problems, WorldFilesError, saying
from govagents.domain.catalog import AccessLevel, Catalog, Permission, Role, Sensitivity
from govagents.domain.ids import PermissionId, RoleId, SystemId
from govagents.errors import FileError

_MOST_COMPLAINTS = 100


class _Lenient(BaseModel):
    """The format may grow fields; those it has must be right."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class _Permission(_Lenient):
    id: str
    access_level: AccessLevel
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    description: str = ""
    tags: list[str] = []


class _Role(_Lenient):
    id: str
    permissions: list[int]
    name: str = ""
    description: str = ""
    conditional: list[int] = []
    resource_scoped: list[int] = []
    assignable: bool = True
    privileged: bool = False


class _File(_Lenient):
    catalogue: str
    version: str
    permissions: list[_Permission]
    roles: list[_Role]


def read_catalogue_file(path: Path) -> Catalog:
    """The catalog in a file, named and versioned as the file says.

    Raises:
        WorldFilesError: it cannot be read, or does not hold a catalogue.
    """
    problems = Problems()
    text = text_of(path, problems)
    problems.stop_if_any()
    try:
        read_json(text or "")
        file = _File.model_validate_json(text or "")
    except ValidationError as error:
        raise WorldFilesError(_complaints(path.name, error)) from error
    except ValueError as error:
        raise WorldFilesError(
            [FileError(path.name, None, None, f"is not JSON: {error}")]
        ) from error
    _check(path.name, file, problems)
    problems.stop_if_any()
    names = [PermissionId(one.id) for one in file.permissions]
    permissions = {PermissionId(one.id): _permission(one) for one in file.permissions}
    roles = {RoleId(one.id): _role(one, names) for one in file.roles}
    return snapshot(file.catalogue, file.version, permissions, roles)


def system_of(permission: str) -> SystemId:
    """The part of a permission's name that says whose it is.

    >>> system_of("s3:GetObject"), system_of("microsoft.directory/users/read")
    ('s3', 'microsoft.directory')
    >>> system_of("storage.buckets.get"), system_of("watch storage.k8s.io/volumeattachments")
    ('storage', 'storage.k8s.io')
    """
    resource = permission.rsplit(" ", 1)[-1]
    apart = re.split(r"[:/]", resource, maxsplit=1)
    return SystemId(apart[0] if len(apart) > 1 else resource.split(".", 1)[0])


def _complaints(file: str, error: ValidationError) -> list[FileError]:
    return [
        FileError(
            file,
            None,
            ".".join(str(part) for part in each["loc"]) or None,
            saying(each["type"], each["input"], each.get("ctx", {}), each["msg"]),
        )
        for each in error.errors()[:_MOST_COMPLAINTS]
    ]


def _check(name: str, file: _File, problems: Problems) -> None:
    """Ids once, indexes within the list."""
    for field, ids in (
        ("permissions", [one.id for one in file.permissions]),
        ("roles", [one.id for one in file.roles]),
    ):
        seen: set[str] = set()
        for place, one in enumerate(ids):
            if one in seen or not one:
                problem = f"`{one}` is there already" if one else "is empty"
                problems.add(name, None, f"{field}.{place}.id", problem)
            seen.add(one)
    end = len(file.permissions)
    for place, role in enumerate(file.roles):
        for field, indexes in _indexes(role).items():
            wrong = [index for index in indexes if not 0 <= index < end]
            if wrong:
                problem = f"`{wrong[0]}` points at no permission: there are {end}"
                problems.add(name, None, f"roles.{place}.{field}", problem)


def _indexes(role: _Role) -> Mapping[str, Sequence[int]]:
    return {
        "permissions": role.permissions,
        "conditional": role.conditional,
        "resource_scoped": role.resource_scoped,
    }


def _permission(one: _Permission) -> Permission:
    return Permission(
        PermissionId(one.id),
        one.access_level,
        one.sensitivity,
        one.description,
        system_of(one.id),
        tuple(one.tags),
    )


def _role(one: _Role, names: Sequence[PermissionId]) -> Role:
    limited = {*one.conditional, *one.resource_scoped}
    return Role(
        id=RoleId(one.id),
        name=one.name or one.id,
        permissions=frozenset(names[index] for index in {*one.permissions, *limited}),
        description=one.description,
        privileged=one.privileged,
        assignable=one.assignable,
        conditional=frozenset(names[index] for index in limited),
    )
