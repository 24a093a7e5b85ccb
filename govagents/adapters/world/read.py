"""Reading a world's folder: all of it sound, or all of its problems at once and nothing read.

Rules:
1. A file that must be there is there and holds something; a file whose name nearly is one of ours
   is a problem, because a rule in a file nobody reads is no rule.
2. Every record has the fields of its kind, each of its type, and none besides.
3. Nothing stands twice.
4. What records say of each other fits (`references.py`).
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from govagents.adapters.world.company import RULES, Company, model_for
from govagents.adapters.world.fields import Record
from govagents.adapters.world.items import Item, UsageRow, WorldFiles, usage_item
from govagents.adapters.world.parse import Document, Path_, read_json_lines, read_yaml, text_of
from govagents.adapters.world.problems import Problems, near, saying, shown
from govagents.adapters.world.references import misfits
from govagents.domain.canonical import canonical
from govagents.errors import InputError

_NEEDED = ("systems.yaml", "permissions.jsonl", "roles.jsonl", "identities.jsonl")
_LINES = {
    "permissions.jsonl": "permission",
    "roles.jsonl": "role",
    "identities.jsonl": "identity",
    "assignments.jsonl": "assignment",
    "tickets.jsonl": "ticket",
}
_LISTS = {"systems.yaml": "system", "sod.yaml": "separation"}
_RULES = {f"{stem}.yaml": stem for stem in RULES}
_USAGE = ("usage.csv.gz", "usage.csv")
_TABLES = {"trust.yaml": "trust", "phrases.yaml": "phrases"}
_FILES = frozenset({*_LINES, *_LISTS, *_RULES, *_USAGE, *_TABLES})
_HEADER = ["date", "identity", "permission", "count"]
_LIKELY = frozenset({".yaml", ".yml", ".json", ".jsonl", ".csv", ".gz"})


class _Place(NamedTuple):
    """Where a record was read."""

    file: str
    document: Document
    prefix: Path_

    def line(self, where: Path_ = ()) -> int:
        return self.document.line((*self.prefix, *where))


@dataclass
class _Reading:
    company: Company
    problems: Problems = field(default_factory=Problems)
    items: list[Item] = field(default_factory=list)
    places: dict[tuple[str, str], _Place] = field(default_factory=dict)

    def record(self, kind: str, place: _Place, raw: Any, name: str | None = None) -> None:  # noqa: ANN401
        """(2) Takes one record in, or says what is wrong with it."""
        if not isinstance(raw, dict):
            self.problems.add(place.file, place.line(), None, f"must be a {kind} with its fields")
            return
        if kind == "identity" and raw.get("kind") == "subagent":
            problem = "must be `agent`: a subagent is an agent with a `parent`"
            self.problems.add(place.file, place.line(("kind",)), "kind", problem)
            return
        model = model_for(kind, name or "", raw)
        try:
            record = model.model_validate_json(json.dumps(raw))
        except ValidationError as error:
            self._complain(place, error, model)
            return
        name = name or _name_of(kind, raw)
        earlier = self.places.get((kind, name))
        if earlier is not None:  # (3)
            problem = f"the {kind} `{name}` is there already, on line {earlier.line()}"
            self.problems.add(place.file, place.line(), "id", problem)
            return
        self.places[(kind, name)] = place
        self.company.add(name, record)
        self.items.append(Item(kind, name, canonical(raw)))

    def _complain(self, place: _Place, error: ValidationError, model: type[Record]) -> None:
        for each in error.errors():
            where: Path_ = each["loc"]
            said = ".".join(str(part) for part in where)
            problem = saying(each["type"], each["input"], each.get("ctx", {}), each["msg"])
            if each["type"] == "extra_forbidden":
                problem = f"is not a field here{near(str(where[-1]), _fields(model))}"
            self.problems.add(place.file, place.line(where), said or None, problem)


def read_world(folder: Path) -> WorldFiles:
    """A company's files, whole and fitting.

    Raises:
        InputError: there is no such folder.
        WorldFilesError: something in it is wrong; names every file, line and field.
    """
    if not folder.is_dir():
        message = f"`{folder}` is not a folder: name the folder that holds `systems.yaml`"
        raise InputError(message)
    name = folder.resolve().name
    reading = _Reading(Company(name=name))
    _look_around(folder, reading.problems)
    _read_lines(folder, reading)
    _read_lists(folder, reading)
    _read_mappings(folder, reading)
    usage = tuple(_read_usage(folder, reading.problems))
    reading.problems.stop_if_any()  # (4) makes sense only of records that were all read
    for misfit in misfits(reading.company):
        place = reading.places[(misfit.kind, misfit.id)]
        where = ".".join(str(part) for part in misfit.where)
        reading.problems.add(place.file, place.line(misfit.where), where or None, misfit.problem)
    reading.problems.stop_if_any()
    reading.items.append(Item("name", name, b"{}"))
    lines = (f"{row.day},{row.identity},{row.permission},{row.times}" for row in usage)
    reading.items.extend(usage_item(lines))
    return WorldFiles(name, tuple(sorted(reading.items)), usage)


def _look_around(folder: Path, problems: Problems) -> None:
    """(1)."""
    for needed in _NEEDED:
        if not (folder / needed).exists():
            problems.add(needed, None, None, "is missing: a world needs it")
    if all((folder / name).exists() for name in _USAGE):
        problems.add("usage.csv", None, None, "stands beside usage.csv.gz: keep one of them")
    for path in sorted(folder.iterdir()):
        if path.name not in _FILES and path.suffix in _LIKELY and path.is_file():
            hint = near(path.name, {name for name in _FILES if not (folder / name).exists()})
            if hint:
                problems.add(path.name, None, None, f"is not read{hint}")


def _read_lines(folder: Path, reading: _Reading) -> None:
    for file, kind in _LINES.items():
        if not (folder / file).exists():
            continue
        before, complaints = len(reading.items), len(reading.problems.found)
        for document in read_json_lines(folder / file, reading.problems):
            reading.record(kind, _Place(file, document, ()), document.value)
        nothing = len(reading.items) == before and len(reading.problems.found) == complaints
        if nothing and file in _NEEDED:
            reading.problems.add(file, None, None, f"holds no {kind}")


def _read_lists(folder: Path, reading: _Reading) -> None:
    for file, kind in _LISTS.items():
        document = _document(folder / file, reading.problems)
        if document is None:
            continue
        if not isinstance(document.value, list) or not document.value:
            reading.problems.add(file, 1, None, f"must be a list of each {kind}")
            continue
        for place, raw in enumerate(document.value):
            reading.record(kind, _Place(file, document, (place,)), raw)


def _read_mappings(folder: Path, reading: _Reading) -> None:
    for file, stem in _RULES.items():
        document = _document(folder / file, reading.problems)
        if document is not None:
            reading.record("rules", _Place(file, document, ()), document.value, stem)
    for file, kind in _TABLES.items():
        document = _document(folder / file, reading.problems)
        if document is not None and not isinstance(document.value, dict):
            reading.problems.add(file, 1, None, f"must be a mapping of names to their {kind}")
        elif document is not None:
            for name, value in document.value.items():
                reading.record(kind, _Place(file, document, (name,)), {kind: value}, name)


def _document(path: Path, problems: Problems) -> Document | None:
    return read_yaml(path, problems) if path.exists() else None


def _read_usage(folder: Path, problems: Problems) -> Iterator[UsageRow]:
    path = next((folder / name for name in _USAGE if (folder / name).exists()), None)
    text = None if path is None else text_of(path, problems)
    if path is None or text is None:
        return
    rows = csv.reader(text.splitlines(), strict=True)
    if next(rows, None) != _HEADER:
        problems.add(path.name, 1, None, f"must begin with the line `{','.join(_HEADER)}`")
        return
    seen: set[tuple[str, str, str]] = set()
    days: dict[str, date] = {}
    try:
        for row in rows:
            complaint = _usage_problem(row, days) or _twice(row, seen)
            if complaint is None:
                yield UsageRow(days[row[0]], row[1], row[2], int(row[3]))
            else:
                problems.add(path.name, rows.line_num, *complaint)
    except csv.Error as error:
        problems.add(path.name, rows.line_num, None, f"is not CSV: {error}")


def _usage_problem(row: list[str], days: dict[str, date]) -> tuple[str | None, str] | None:
    """Field and problem, if any; `days` remembers dates already parsed."""
    if len(row) != len(_HEADER):
        return None, f"must hold {len(_HEADER)} values, not {len(row)}"
    if row[0] not in days:
        try:
            days[row[0]] = date.fromisoformat(row[0])
        except ValueError:
            return "date", f"must be a date such as 2026-11-23, not `{shown(row[0])}`"
    if not row[1].isprintable() or not row[1]:
        return "identity", f"must be a name, not `{shown(row[1])}`"
    if not row[2].isprintable() or not row[2]:
        return "permission", f"must be a name, not `{shown(row[2])}`"
    if not (row[3].isascii() and row[3].isdigit() and len(row[3]) < 10):  # noqa: PLR2004  # a billion
        return "count", f"must be a whole number, not `{shown(row[3])}`"
    return None


def _twice(row: list[str], seen: set[tuple[str, str, str]]) -> tuple[str | None, str] | None:
    """(3)."""
    key = (row[0], row[1], row[2])
    if key in seen:
        return None, f"`{shown(row[2])}` of `{shown(row[1])}` on that day is there already"
    seen.add(key)
    return None


def _name_of(kind: str, raw: Mapping[str, Any]) -> str:
    return f"{raw['identity']} {raw['role']}" if kind == "assignment" else str(raw["id"])


def _fields(model: type[Record]) -> set[str]:
    """Names of the fields of a record and of the records in it, as files spell them."""
    names: set[str] = set()
    for name, info in model.model_fields.items():
        names.add(info.alias or name)
        for part in _records_in(info.annotation):
            names |= _fields(part)
    return names


def _records_in(annotation: Any) -> Iterator[type[Record]]:  # noqa: ANN401  # any annotation
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _records_in(part)
