"""The demo company read straight from its files, for measuring perception alone."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from govagents.domain.catalog import AccessLevel, Catalog, Permission, Role, Sensitivity
from govagents.domain.identity import Ceiling, Identity, Kind, NonHuman, Person
from govagents.domain.ids import IdentityId, PermissionId, RoleId, SystemId, TicketId
from govagents.domain.rules import Eligibility, Prohibition
from govagents.domain.world import Assignment, System, Ticket, World

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"


def company() -> Path:
    here = ROOT / "evals" / "worlds" / "halden"
    return here if (here / "identities.jsonl").is_file() else SHARED / "company"


def catalog(folder: Path) -> Catalog:
    permissions = {item.id: item for item in map(_permission, _lines(folder / "permissions.jsonl"))}
    roles = {item.id: item for item in map(_role, _lines(folder / "roles.jsonl"))}
    return Catalog("halden", "1", "halden", permissions, roles)


def world(folder: Path, settings: dict[str, object] | None = None) -> World:
    identities = {item.id: item for item in map(_identity, _lines(folder / "identities.jsonl"))}
    systems = {item.id: item for item in map(_system, _yaml(folder / "systems.yaml"))}
    tickets = {item.id: item for item in map(_ticket, _lines(folder / "tickets.jsonl"))}
    prohibited = _yaml(folder / "eligibility.yaml")["prohibited"]
    held = tuple(
        Assignment(IdentityId(row["identity"]), RoleId(row["role"]), row["source"])
        for row in _lines(folder / "assignments.jsonl")
    )
    rules = tuple(
        Prohibition(
            row["id"], row["reason"], frozenset(map(PermissionId, row.get("permissions", ())))
        )
        for row in prohibited
    )
    eligibility = Eligibility({}, 3, {}, rules)
    return World(1, identities, systems, held, tickets, (), eligibility, settings=settings or {})


def requests(path: Path) -> list[dict[str, Any]]:
    return _lines(path)


def phrases(path: Path | None = None) -> dict[PermissionId, tuple[str, ...]]:
    path = path or ROOT / "evals" / "worlds" / "halden" / "phrases.yaml"
    return {PermissionId(key): tuple(value) for key, value in (_yaml(path) or {}).items()}


def instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _yaml(path: Path) -> Any:  # noqa: ANN401  # any shape
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None


def _permission(row: dict[str, Any]) -> Permission:
    return Permission(
        PermissionId(row["id"]),
        AccessLevel(row["access_level"]),
        Sensitivity(row["sensitivity"]),
        row["description"],
        SystemId(row["system"]),
    )


def _role(row: dict[str, Any]) -> Role:
    return Role(
        RoleId(row["id"]),
        row["name"],
        frozenset(map(PermissionId, row["permissions"])),
        row["description"],
        SystemId(row["system"]) if row["system"] else None,
        privileged=row["privileged"],
        requestable_by=frozenset(row["requestable_by"]),
    )


def _identity(row: dict[str, Any]) -> Identity:
    kind = Kind.SUBAGENT if row.get("parent") else Kind(row["kind"])
    if kind is Kind.PERSON:
        person = Person(
            row["title"],
            row["department"],
            row["team"],
            IdentityId(row["manager"]) if row["manager"] else None,
            row["location"],
            row["employment"],
            row["clearance"],
            row["status"],
        )
        return Identity(IdentityId(row["id"]), kind, row["name"], person=person)
    ceiling = Ceiling(
        Sensitivity(row["ceiling"]["max_sensitivity"]),
        frozenset(map(SystemId, row["ceiling"]["systems"])),
    )
    nonhuman = NonHuman(
        IdentityId(row["owner"]), None, row["environment"], None, row["purpose"], ceiling
    )
    return Identity(IdentityId(row["id"]), kind, row["name"], nonhuman=nonhuman)


def _system(row: dict[str, Any]) -> System:
    return System(
        SystemId(row["id"]),
        row["name"],
        IdentityId(row["owner"]),
        row["kind"],
        row["environment"],
        row["description"],
    )


def _ticket(row: dict[str, Any]) -> Ticket:
    window = row.get("window")
    start, end = (instant(window["start"]), instant(window["end"])) if window else (None, None)
    return Ticket(
        TicketId(row["id"]),
        row["kind"],
        row["title"],
        row["state"],
        IdentityId(row["assignee"]),
        row["priority"],
        SystemId(row["system"]),
        (start, end) if start and end else None,
    )


def cues() -> dict[str, object]:
    found: dict[str, object] = _yaml(ROOT / "evals" / "worlds" / "halden" / "warnings.yaml") or {}
    return found
