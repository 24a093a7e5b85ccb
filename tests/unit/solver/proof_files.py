"""The four files of a proof, changed somewhere and stamped as a forger would."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from govagents.solver.check.folder import check_folder
from govagents.solver.search import solve
from govagents.solver.weights import Weights, canonical_digest
from tests.unit.solver.small import Plain, ready

Files = dict[str, Any]
Way = tuple[str | int, ...]
"""From the four to one part of them."""


def proved(source: Plain, problem: Plain) -> Files:
    """The four files of a proof."""
    proof = solve(*ready(source, problem)).certificate
    assert proof is not None
    return {
        "certificate": proof.to_json(),
        "problem": problem,
        "catalogue": source,
        "weights": Weights.default().to_json(),
    }


def two_roles() -> Files:
    """Names of one letter, so that a word passes for a list of them."""
    permissions = [{"id": name, "access_level": "read"} for name in "abcd"]
    roles = [
        {"id": "r", "permissions": [0, 1], "conditional": [1], "resource_scoped": [1]},
        {"id": "s", "permissions": [0, 1, 2, 3]},
    ]
    source = {"catalogue": "two", "permissions": permissions, "roles": roles}
    return proved(source, {"id": "one", "needs": ["a"], "max_roles": 2})


def stamped(files: Files) -> Files:
    """As a forger would: the certificate names what lies beside it."""
    seen = files | {"problem": _canonical(files["problem"])}
    for name in ("problem", "catalogue", "weights"):
        files["certificate"][name] = canonical_digest(seen[name])
    return files


def _canonical(problem: Plain) -> Plain:
    """What a problem's digest is of, whatever its parts are."""
    lists = ("needs", "held_roles", "forbidden_permissions")
    pairs = ("exclusive_roles", "exclusive_permissions")
    chosen = problem.get("candidates")
    return {
        "id": problem.get("id"),
        **{kind: sorted(set(problem.get(kind, ()))) for kind in lists},
        **{kind: sorted({tuple(sorted(p)) for p in problem.get(kind, ())}) for kind in pairs},
        "max_roles": problem.get("max_roles"),
        "strict": problem.get("strict", False),
        "candidates": None if chosen is None else sorted(set(chosen)),
    }


def put(files: Files, path: Way, value: object) -> None:
    """Change one place of them."""
    place: Any = files
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value


def verdict(place: Path, files: Files) -> list[str]:
    """What the command says of them once they are written."""
    for name, value in files.items():
        (place / f"{name}.json").write_text(json.dumps(value))
    return check_folder(place) or ["accepted"]


def places(
    value: Any,  # noqa: ANN401  # JSON
    *above: str | int,
) -> Iterator[tuple[Way, object]]:
    """The way to every part, and what is there."""
    for step, part in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*above, step), part
        if isinstance(part, dict | list):
            yield from places(part, *above, step)


def near(value: object) -> Iterator[object]:
    """What may be taken for it."""
    yield value
    match value:
        case int():
            yield from (float(value), bool(value), value + 1, -value, str(value))
        case list():
            yield from (value[::-1], value * 2, value[1:], [*value, True], [*value, -1])
        case str():
            yield from ("read", "restricted", "p0", [value])
        case dict():
            yield from (dict([*value.items()][1:]), [*value], [*value.items()])
