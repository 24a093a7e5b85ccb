"""The engine knows no company: no system, role or person of any world is named outside evals."""

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.architecture.sources import ROOT, tracked

ENGINE = {"govagents", "prompts", "tools"}
COMMON = {"crm"}  # a kind of software everywhere, before it is the name of a system anywhere

# File of a world -> the fields that name something of that world.
NAMED_BY = {
    "systems": ("id",),
    "roles": ("id",),
    "identities": ("id", "name"),
}


def test_no_name_of_any_world_is_found_in_the_engine() -> None:
    pattern = _pattern(_names())
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        if path.relative_to(ROOT).parts[0] in ENGINE
        for match in pattern.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert found == []


def test_every_world_gives_names_of_each_kind() -> None:
    worlds = _worlds()

    assert worlds
    assert [
        (world.name, kind) for world in worlds for kind in NAMED_BY if not set(_of(world, kind))
    ] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("grant ax-reader to them", ["ax-reader"]),
        ('"ax:table:read"', ["ax"]),
        ("by Ana María Roe.", ["Ana María Roe"]),
        ("axe, relax, ax-readers, max_ax, ana.roe.x", []),
        ("ask ana.roe, please", ["ana.roe"]),
    ],
)
def test_a_name_is_found_when_it_stands_as_a_word(text: str, found: list[str]) -> None:
    pattern = _pattern({"ax", "ax-reader", "ana.roe", "Ana María Roe"})

    assert [match.group() for match in pattern.finditer(text)] == found


def _worlds() -> list[Path]:
    return sorted(path for path in (ROOT / "evals" / "worlds").glob("*") if path.is_dir())


@cache
def _names() -> frozenset[str]:
    named = {name for world in _worlds() for kind in NAMED_BY for name in _of(world, kind)}
    return frozenset(named - COMMON)


def _of(world: Path, kind: str) -> Iterator[str]:
    for path in sorted(world.glob(f"{kind}.*")):
        for row in _rows(path):
            yield from (str(row[field]) for field in NAMED_BY[kind] if row.get(field))


def _rows(path: Path) -> list[dict[str, object]]:
    text = path.read_text(encoding="utf-8")
    match path.suffix:
        case ".jsonl":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        case ".json":
            return list(json.loads(text))
        case ".yaml" | ".yml":
            return list(yaml.safe_load(text))
        case ".csv":
            return list(csv.DictReader(text.splitlines()))
    return []


def _pattern(names: frozenset[str] | set[str]) -> re.Pattern[str]:
    # The longest first, so that a role is reported rather than the system its name begins with.
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w.-])(?:{words or '(?!)'})(?![\w-]|\.\w)")
