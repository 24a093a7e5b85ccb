"""The things of a world, field by field as its files hold them.

Field without a default: must be there. What decides about access has no default.
"""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from govagents.adapters.world.fields import Line, Name, Record, Span
from govagents.domain.catalog import AccessLevel, Sensitivity


class SystemRecord(Record):
    """One item of systems.yaml."""

    id: Name
    name: Line
    owner: Name
    kind: Line = ""
    environment: Line = ""
    description: Line = ""
    data_classes: tuple[Line, ...] = ()


class PermissionRecord(Record):
    """One line of permissions.jsonl."""

    id: Name
    system: Name
    access_level: AccessLevel
    sensitivity: Sensitivity
    description: Line
    resource: Line = ""
    action: Line = ""


class RoleRecord(Record):
    """One line of roles.jsonl. `system` null = a bundle; `max_hours` null = no cap."""

    id: Name
    name: Line
    system: Name | None
    permissions: tuple[Name, ...] = Field(min_length=1)
    owner: Name
    privileged: bool
    max_hours: int | None = Field(ge=1, le=24 * 366)
    requestable_by: tuple[Literal["human", "agent", "service"], ...]
    description: Line = ""
    break_glass: bool = False


class _Moved(Record):
    from_department: Line
    from_title: Line
    on: date


class _Leave(Record):
    kind: Line
    start: date = Field(alias="from")
    returns: date


class PersonRecord(Record):
    """One line of identities.jsonl with kind person; `manager` null = at the top."""

    id: Name
    kind: Literal["person"]
    name: Line
    department: Line
    manager: Name | None
    clearance: int = Field(ge=0, le=9)
    status: Literal["active", "on_leave", "leaver"]
    title: Line = ""
    team: Line = ""
    location: Line = ""
    employment: Line = ""
    start_date: date | None = None
    left_on: date | None = None
    moved: _Moved | None = None
    leave: _Leave | None = None


class _Ceiling(Record):
    max_sensitivity: Sensitivity
    systems: tuple[Name, ...]


class NonHumanRecord(Record):
    """One line of identities.jsonl of any other kind; `expires` null = never."""

    id: Name
    kind: Literal["service", "workload", "bot", "agent"]
    name: Line
    owner: Name
    ceiling: _Ceiling
    expires: date | None
    purpose: Line
    sponsor: Name | None = None
    environment: Line = ""
    charter: Line = ""
    parent: Name | None = None
    model: Line = ""
    version: Line = ""
    created: date | None = None
    last_seen: date | None = None


class AssignmentRecord(Record):
    """One line of assignments.jsonl. `granted_by` may name a process, which is no identity."""

    identity: Name
    role: Name
    source: Line
    granted_at: date | None = None
    granted_by: Line = ""
    last_used: date | None = None
    expires: date | None = None
    ticket: Line = ""


class TicketRecord(Record):
    """One line of tickets.jsonl."""

    id: Name
    kind: Literal["incident", "change"]
    title: Line
    state: Literal["open", "in_progress", "scheduled", "approved", "resolved", "closed"]
    assignee: Name | None
    priority: Line = ""
    system: Name | None = None
    opened: date | AwareDatetime | None = None
    closed: date | AwareDatetime | None = None
    window: Span | None = None
