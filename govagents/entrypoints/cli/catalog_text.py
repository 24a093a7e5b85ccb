"""A catalog, a role or a permission: as data, and as people read it."""

from datetime import timedelta

from govagents.domain.catalog import AccessLevel, Catalog, Permission, Role
from govagents.domain.ids import PermissionId, RoleId
from govagents.entrypoints.cli.output import Json, Line, Screen
from govagents.entrypoints.cli.wording import length_of
from govagents.errors import UnknownNameError


def entry_of(catalog: Catalog, what: str | None) -> dict[str, Json]:
    """The catalog's own entry, or that of one role or permission in it.

    Raises:
        UnknownNameError: it has neither.
    """
    if what is None:
        return _catalog(catalog)
    role = catalog.roles.get(RoleId(what))
    if role is not None:
        return _role(role, catalog)
    permission = catalog.permissions.get(PermissionId(what))
    if permission is None:
        raise UnknownNameError(
            f"the catalog has no role and no permission `{what}`: "
            "`govagents catalog search WORDS` finds one"
        )
    return _permission(permission, catalog)


def show_entry(screen: Screen, entry: dict[str, Json]) -> None:
    """Field by field."""
    screen.facts([(name.replace("_", " "), _line(value)) for name, value in entry.items()])


def _line(value: Json) -> Line:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "nothing"
    return "none" if value is None else str(value)


def _catalog(catalog: Catalog) -> dict[str, Json]:
    return {
        "catalog": catalog.name,
        "version": catalog.version,
        "digest": catalog.digest,
        "roles": len(catalog.roles),
        "permissions": len(catalog.permissions),
        "of_unknown_level": sum(
            one.access_level is AccessLevel.UNKNOWN for one in catalog.permissions.values()
        ),
    }


def _role(role: Role, catalog: Catalog) -> dict[str, Json]:
    return {
        "role": role.id,
        "name": role.name,
        "says": role.description,
        "systems": list(catalog.systems_of(role)),
        "owner": role.owner,
        "at_most": _limit(role.max_time),
        "may_ask": sorted(role.requestable_by),
        "privileged": role.privileged,
        "break_glass": role.break_glass,
        "permissions": sorted(role.permissions),
    }


def _permission(one: Permission, catalog: Catalog) -> dict[str, Json]:
    return {
        "permission": one.id,
        "says": one.description,
        "system": one.system,
        "access_level": one.access_level.value,
        "sensitivity": one.sensitivity.value,
        "in_roles": sorted(
            role.id for role in catalog.roles.values() if one.id in role.permissions
        ),
    }


def _limit(most: timedelta | None) -> str:
    return "no limit" if most is None else length_of(most)
