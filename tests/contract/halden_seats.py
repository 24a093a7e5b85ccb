"""Who fills the seats of a line, read from the company's raw files by a reader of its own.

As the README beside approvers.yaml says it; shares no code with what is checked. Only for requests
that no agent raises for somebody else: what stands behind a speaker is not looked at here.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import yaml

from tests.contract.halden_lines import HALDEN, Line, records


class Matter(NamedTuple):
    """One role, asked for by `speaker` for `beneficiary`, at `at`."""

    role: dict[str, Any]
    speaker: str
    beneficiary: str
    at: datetime


@cache
def raw(name: str) -> Any:  # noqa: ANN401  # YAML as it lies there
    return yaml.safe_load((HALDEN / name).read_text())


@cache
def people() -> dict[str, dict[str, Any]]:
    return {str(item["id"]): item for item in records("identities.jsonl")}


@cache
def permissions() -> dict[str, dict[str, Any]]:
    return {str(item["id"]): item for item in records("permissions.jsonl")}


def seats(line: Line, matter: Matter) -> list[str | None]:
    """A person a seat, or None; with a quorum above one, distinct people."""
    found: list[str | None] = []
    for kind in line.approvers:
        others = {one for one in found if one} if line.quorum > 1 else set()
        found.append(_seat(kind, matter, others | _tied(others, matter)))
    return found


def systems(role: dict[str, Any]) -> set[str]:
    reached = {permissions()[item]["system"] for item in role["permissions"]}
    return reached | ({role["system"]} if role["system"] else set())


def _seat(kind: str, matter: Matter, counted: set[str]) -> str | None:
    parties = {matter.speaker, matter.beneficiary}
    out = parties | _tied(parties, matter) | counted
    person = _start(kind, matter)
    if person is None:
        return None
    for one in _upwards(person):
        for candidate in (*_instead_of(one, matter), one):
            if candidate not in out and _there(candidate, matter.at):
                return candidate
    return None


def _start(kind: str, matter: Matter) -> str | None:
    receiver = people()[matter.beneficiary]
    owners = {item["id"]: item["owner"] for item in raw("systems.yaml")}
    one_system = systems(matter.role)
    if kind == "on-call":
        return _on_call(matter)
    if kind in {"agent-owner", "identity-owner"} and "owner" in receiver:
        away = not _there(receiver["owner"], matter.at)
        return str(receiver["sponsor"] if away and receiver.get("sponsor") else receiver["owner"])
    if kind == "system-owner" and len(one_system) == 1:
        return str(owners[one_system.pop()])
    named = {
        "role-owner": matter.role["owner"],
        "system-owner": matter.role["owner"],
        "manager": receiver.get("manager") or matter.beneficiary if "owner" not in receiver else "",
    }
    person = str(named.get(kind, kind) or "")
    return person if person in people() else None


def _on_call(matter: Matter) -> str | None:
    shifts = [
        shift
        for rotation in raw("oncall.yaml")["rotations"]
        if systems(matter.role) <= set(rotation["systems"])
        for shift in rotation["shifts"]
        if shift["from"] <= matter.at < shift["until"]
    ]
    return str(shifts[0]["person"]) if shifts else None


def _upwards(person: str) -> Iterator[str]:
    while person:
        yield person
        person = people()[person].get("manager") or ""
    yield from raw("approvers.yaml")["last_resort"]


def _instead_of(person: str, matter: Matter) -> list[str]:
    role, given = matter.role["id"], []
    mine = [item for item in _delegations(matter.at) if item["of"] == person]
    given += [str(item["to"]) for item in mine if set(item["systems"]) >= systems(matter.role)]
    kept = {item["to"] for item in mine if role in item.get("except", ())}
    given += [one["stand_in"] for one in _absences(matter.at) if one["person"] == person]
    return [one for one in given if one and one not in kept]


def _tied(some: set[str], matter: Matter) -> set[str]:
    """Everybody who decides for one of them, or for whom one of them decides."""
    pairs = [(item["person"], item["stand_in"]) for item in _absences(matter.at)]
    pairs += [
        (item["of"], item["to"])
        for item in _delegations(matter.at)
        if set(item["systems"]) & systems(matter.role)
    ]
    return {b for a, b in pairs if a in some} | {a for a, b in pairs if b in some}


def _there(person: str, at: datetime) -> bool:
    away = any(item["person"] == person for item in _absences(at))
    return people()[person].get("status") == "active" and not away


def _absences(at: datetime) -> list[dict[str, Any]]:
    return [
        one for one in raw("approvers.yaml")["out_of_office"] if one["from"] <= at < one["until"]
    ]


def _delegations(at: datetime) -> list[dict[str, Any]]:
    return [one for one in raw("approvers.yaml")["delegates"] if one["from"] <= at < one["until"]]
