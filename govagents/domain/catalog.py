"""What can be done (permissions) and what can be granted (roles), as one immutable snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from govagents.domain.canonical import Plain
from govagents.domain.ids import IdentityId, PermissionId, RoleId, SystemId


class AccessLevel(StrEnum):
    """How far a permission reaches; `UNKNOWN` weighs as much as permissions management."""

    READ = "read"
    LIST = "list"
    TAGGING = "tagging"
    WRITE = "write"
    PERMISSIONS_MANAGEMENT = "permissions-management"
    UNKNOWN = "unknown"

    @property
    def changes(self) -> bool:
        """Whether using it changes something."""
        return self not in {AccessLevel.READ, AccessLevel.LIST}


class Sensitivity(StrEnum):
    """How much harm disclosure does, from least to most."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"

    @property
    def rank(self) -> int:
        """0 (public) to 3 (restricted)."""
        return list(Sensitivity).index(self)


@dataclass(frozen=True)
class Permission:
    """One thing that can be done on one system."""

    id: PermissionId
    access_level: AccessLevel
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    description: str = ""
    system: SystemId = SystemId("")
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Role:
    """One thing that can be granted: a named set of permissions.

    `conditional` are those it grants only under a condition or on some resources: they never count
    as coverage and always count as excess. `requestable_by` holds `human`, `agent`, `service`;
    empty means nobody may ask. `system` is None for a bundle across systems. `max_time` None = no
    cap.
    """

    id: RoleId
    name: str
    permissions: frozenset[PermissionId]
    description: str = ""
    system: SystemId | None = None
    owner: IdentityId | None = None
    privileged: bool = False
    break_glass: bool = False
    assignable: bool = True
    max_time: timedelta | None = None
    requestable_by: frozenset[str] = frozenset()
    conditional: frozenset[PermissionId] = frozenset()


@dataclass(frozen=True)
class Catalog:
    """Immutable, named by content: equal digests mean equal permissions, roles and descriptions."""

    name: str
    version: str
    digest: str
    permissions: Mapping[PermissionId, Permission] = field(repr=False)
    roles: Mapping[RoleId, Role] = field(repr=False)

    def plain(self) -> dict[str, Plain]:
        """The catalog as a catalogue file holds it: what certificates are checked against."""
        ids = sorted(self.permissions)
        place = {item: index for index, item in enumerate(ids)}
        return {
            "catalogue": self.name,
            "version": self.version,
            "permissions": [_permission(self.permissions[item]) for item in ids],
            "roles": [_role(self.roles[item], place) for item in sorted(self.roles)],
        }

    def systems_of(self, role: Role) -> tuple[SystemId, ...]:
        """The systems a grant of `role` touches, sorted; more than one only for a bundle."""
        if role.system is not None:
            return (role.system,)
        return tuple(sorted({self.permissions[item].system for item in role.permissions}))


def _permission(item: Permission) -> Plain:
    return {
        "id": item.id,
        "access_level": item.access_level.value,
        "sensitivity": item.sensitivity.value,
    }


def _role(item: Role, place: Mapping[PermissionId, int]) -> Plain:
    granted: list[Plain] = [*sorted(place[each] for each in item.permissions)]
    limited: list[Plain] = [*sorted(place[each] for each in item.conditional & item.permissions)]
    return {"id": item.id, "permissions": granted, "conditional": limited}
