"""The company as loaded: everything a decision may look up, with the version it was read at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from govagents.domain.identity import Identity
from govagents.domain.ids import IdentityId, PermissionId, RoleId, SystemId, TicketId
from govagents.domain.rules import Eligibility, SeparationRule


@dataclass(frozen=True)
class System:
    """A governed system. `kind` says what it is (postgres, ldap, scim, …)."""

    id: SystemId
    name: str
    owner: IdentityId
    kind: str = ""
    environment: str = ""
    description: str = ""


@dataclass(frozen=True)
class Assignment:
    """Standing access. Past `expires` it is not held."""

    identity: IdentityId
    role: RoleId
    source: str
    expires: datetime | None = None


@dataclass(frozen=True)
class Ticket:
    """An incident or a change. Open unless `state` is resolved or closed."""

    id: TicketId
    kind: str
    title: str
    state: str
    assignee: IdentityId | None
    priority: str = ""
    system: SystemId | None = None
    window: tuple[datetime, datetime] | None = None

    @property
    def open(self) -> bool:
        """Whether the ticket system still counts it as work to do."""
        return self.state not in {"resolved", "closed"}


@dataclass(frozen=True)
class Use:
    """How often somebody used a permission, and when last, within what the usage log covers."""

    permission: PermissionId
    count: int
    last: datetime


@dataclass(frozen=True)
class Absence:
    """Somebody is away; `stand_in` decides meanwhile, if named."""

    person: IdentityId
    start: datetime
    end: datetime
    stand_in: IdentityId | None = None


@dataclass(frozen=True)
class World:
    """Everything loaded, at one version.

    `settings` holds whatever other files of the world say (approver rules, delegations, rotations,
    calendar, birthright), parsed but not interpreted here.
    """

    version: int
    identities: Mapping[IdentityId, Identity]
    systems: Mapping[SystemId, System]
    assignments: tuple[Assignment, ...]
    tickets: Mapping[TicketId, Ticket]
    separation: tuple[SeparationRule, ...]
    eligibility: Eligibility
    absences: tuple[Absence, ...] = ()
    last_resort: tuple[IdentityId, ...] = ()
    settings: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
