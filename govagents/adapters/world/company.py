"""Every record of a world by kind and id, from files or from the database alike."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from govagents.adapters.world.fields import Record
from govagents.adapters.world.items import Item
from govagents.adapters.world.keyed import PhraseRecord, TrustRecord, WarningsRecord
from govagents.adapters.world.records import (
    AssignmentRecord,
    NonHumanRecord,
    PermissionRecord,
    PersonRecord,
    RoleRecord,
    SystemRecord,
    TicketRecord,
)
from govagents.adapters.world.rules import (
    ApproversRecord,
    BirthrightRecord,
    EligibilityRecord,
    OncallRecord,
    SeparationRecord,
)
from govagents.errors import IntegrityError

RULES: Mapping[str, type[Record]] = {
    "approvers": ApproversRecord,
    "birthright": BirthrightRecord,
    "eligibility": EligibilityRecord,
    "oncall": OncallRecord,
    "warnings": WarningsRecord,
}
_MODELS: Mapping[str, type[Record]] = {
    "system": SystemRecord,
    "permission": PermissionRecord,
    "role": RoleRecord,
    "assignment": AssignmentRecord,
    "ticket": TicketRecord,
    "separation": SeparationRecord,
    "trust": TrustRecord,
    "phrases": PhraseRecord,
}
_TABLES: Mapping[type[Record], str] = {
    SystemRecord: "systems",
    PermissionRecord: "permissions",
    RoleRecord: "roles",
    PersonRecord: "people",
    NonHumanRecord: "nonhumans",
    AssignmentRecord: "assignments",
    TicketRecord: "tickets",
    SeparationRecord: "separation",
    TrustRecord: "trust",
    PhraseRecord: "phrases",
}
_UNCHECKED = frozenset({"name", "usage"})


@dataclass
class Company:
    """Records by id; assignments by `identity role`; rules by the stem of their file."""

    name: str = ""
    systems: dict[str, SystemRecord] = field(default_factory=dict)
    permissions: dict[str, PermissionRecord] = field(default_factory=dict)
    roles: dict[str, RoleRecord] = field(default_factory=dict)
    people: dict[str, PersonRecord] = field(default_factory=dict)
    nonhumans: dict[str, NonHumanRecord] = field(default_factory=dict)
    assignments: dict[str, AssignmentRecord] = field(default_factory=dict)
    tickets: dict[str, TicketRecord] = field(default_factory=dict)
    separation: dict[str, SeparationRecord] = field(default_factory=dict)
    trust: dict[str, TrustRecord] = field(default_factory=dict)
    phrases: dict[str, PhraseRecord] = field(default_factory=dict)
    approvers: ApproversRecord = field(default_factory=ApproversRecord)
    birthright: BirthrightRecord = field(default_factory=BirthrightRecord)
    oncall: OncallRecord = field(default_factory=OncallRecord)
    warnings: WarningsRecord = field(default_factory=WarningsRecord)
    eligibility: EligibilityRecord | None = None
    settings: dict[str, bytes] = field(default_factory=dict)

    def add(self, name: str, record: Record) -> None:
        """Takes a record in: rules by the name of their file, all else by id among its like."""
        if name in RULES and isinstance(record, RULES[name]):
            setattr(self, name, record)
        else:
            getattr(self, _TABLES[type(record)])[name] = record


def model_for(kind: str, name: str, raw: Mapping[str, Any]) -> type[Record]:
    """Which fields a record of this kind has; an identity's `kind` decides between two sets."""
    if kind == "rules":
        return RULES[name]
    if kind == "identity":
        return PersonRecord if raw.get("kind") == "person" else NonHumanRecord
    return _MODELS[kind]


def company_of(items: tuple[Item, ...]) -> Company:
    """The company that was kept.

    Raises:
        IntegrityError: an item cannot be read back.
    """
    company = Company()
    for item in items:
        if item.kind == "name":
            company.name = item.id
        if item.kind == "rules":
            company.settings[item.id] = item.body
        if item.kind in _UNCHECKED:
            continue
        try:
            raw = json.loads(item.body) if item.kind == "identity" else {}
            model = model_for(item.kind, item.id, raw)
            company.add(item.id, model.model_validate_json(item.body))
        except (ValidationError, ValueError, KeyError) as error:
            message = f"the kept {item.kind} `{item.id}` cannot be read back: {error}"
            raise IntegrityError(message) from error
    return company
