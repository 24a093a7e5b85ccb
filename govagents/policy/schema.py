"""The fact sheet as Cedar sees it: its schema, and one closed slice per role.

Rules:
1. Every field of the fact classes is an attribute, every attribute is a field, none is optional.
2. Person, Agent and Service have the same attributes: what does not apply is zero, never absent.
3. A slice holds exactly two entities, the beneficiary and the role. There is no third one to read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from typing import get_type_hints

from govagents.domain.canonical import Plain, plain
from govagents.domain.facts import ContextFacts, RoleFacts, RoleSheet, SubjectFacts
from govagents.domain.identity import Kind

_CEDAR_TYPE: Mapping[object, str] = {
    bool: "Bool",
    int: "Long",
    str: "String",
    Kind: "String",
    frozenset[str]: "Set<String>",
}


class Action(StrEnum):
    """What a policy may allow: giving at once, or asking somebody."""

    GRANT = "grant"
    REQUEST = "request"


_PRINCIPALS: Mapping[Kind, str] = {
    Kind.PERSON: "Person",
    Kind.AGENT: "Agent",
    Kind.SUBAGENT: "Agent",
    Kind.SERVICE: "Service",
    Kind.WORKLOAD: "Service",
    Kind.BOT: "Service",
}

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    variable: frozenset(field.name for field in fields(facts))
    for variable, facts in (
        ("principal", SubjectFacts),
        ("resource", RoleFacts),
        ("context", ContextFacts),
    )
}
"""What a policy may read, by variable."""


@dataclass(frozen=True)
class Slice:
    """One role's facts in Cedar's JSON: `entities` is text, the rest goes into the request."""

    principal: Mapping[str, str]
    resource: Mapping[str, str]
    context: Mapping[str, Plain]
    entities: str


@cache
def schema_text() -> str:
    """The schema in Cedar's own syntax, for the engine, the linter and the operator's editor.

    >>> print(schema_text().splitlines()[0])
    entity Person, Agent, Service = {
    """
    principals = ", ".join(dict.fromkeys(_PRINCIPALS.values()))
    actions = ", ".join(f'"{action.value}"' for action in sorted(Action))
    return (
        f"entity {principals} = {{\n{_record(SubjectFacts)}\n}};\n"
        f"entity Role = {{\n{_record(RoleFacts)}\n}};\n"
        f"action {actions} appliesTo {{\n"
        f"  principal: [{principals}],\n  resource: [Role],\n"
        f"  context: {{\n{_record(ContextFacts)}\n  }}\n}};\n"
    )


def slice_of(subject: SubjectFacts, sheet: RoleSheet) -> Slice:
    """The two entities and the context for one role of the set."""
    principal = {"type": _PRINCIPALS[subject.kind], "id": str(subject.id)}
    resource = {"type": "Role", "id": str(sheet.role.id)}
    entities = [
        {"uid": principal, "attrs": attributes(subject), "parents": []},
        {"uid": resource, "attrs": attributes(sheet.role), "parents": []},
    ]
    return Slice(principal, resource, attributes(sheet.context), json.dumps(entities))


def attributes(facts: SubjectFacts | RoleFacts | ContextFacts) -> dict[str, Plain]:
    """The facts by attribute name, as JSON data."""
    return {field.name: plain(getattr(facts, field.name)) for field in fields(facts)}


def _record(facts: type) -> str:
    hints = get_type_hints(facts)
    return ",\n".join(f'  "{name}": {_cedar_type(hint)}' for name, hint in hints.items())


def _cedar_type(hint: object) -> str:
    return _CEDAR_TYPE[getattr(hint, "__supertype__", hint)]
