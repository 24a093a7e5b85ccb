"""Plain JSON objects to the solver's values; every error names file, line and field.

Fields the solver does not use are ignored; those it uses must be of the right kind.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from govagents.errors import FileError
from govagents.solver.catalog_index import RoleSets
from govagents.solver.problem import Problem
from govagents.solver.weights import Weights, canonical_digest

Plain = Mapping[str, Any]
_QUIET_LEVELS = frozenset({"read", "list"})


class Place(NamedTuple):
    """Where an object was read: a file, and a line of it where it has lines."""

    file: str
    line: int | None = None

    def require(self, passed: bool, field: str, wanted: str) -> None:
        """Raise `FileError` about the field unless the test passed."""
        if not passed:
            raise FileError(self.file, self.line, field, wanted)


_UNNAMED_CATALOGUE = Place("catalogue")
_UNNAMED_PROBLEM = Place("problem")


def role_sets_from(plain: Plain, weights: Weights, place: Place = _UNNAMED_CATALOGUE) -> RoleSets:
    """The object of a catalogue file for the solver; digest over its canonical JSON."""
    permissions, roles = checked_catalogue(plain, place)
    names = [p["id"] for p in permissions]
    levels = [p.get("access_level", "unknown") for p in permissions]
    factors = [p.get("sensitivity", "internal") for p in permissions]
    return RoleSets.build(
        [(names[i], weights.of(levels[i], factors[i])) for i in range(len(names))],
        [(role["id"], [names[i] for i in role["permissions"]]) for role in roles],
        {role["id"]: [names[i] for i in _limited(role)] for role in roles},
        digest=canonical_digest(plain),
        weights_digest=weights.digest,
        changing=[names[i] for i in range(len(names)) if levels[i] not in _QUIET_LEVELS],
        privileged=[role["id"] for role in roles if role.get("privileged")],
    )


def checked_catalogue(plain: object, place: Place) -> tuple[Sequence[Plain], Sequence[Plain]]:
    """Its permissions and roles, each with an id, in the kinds the format asks for."""
    if not isinstance(plain, Mapping):
        raise FileError(place.file, place.line, None, "is not a catalogue: not a JSON object")
    permissions = _objects(plain, "permissions", place)
    for number, permission in enumerate(permissions):
        for name in ("access_level", "sensitivity"):
            text = isinstance(permission.get(name, ""), str)
            place.require(text, f"permissions[{number}].{name}", "is not a string")
    roles = _objects(plain, "roles", place)
    for number, role in enumerate(roles):
        place.require("permissions" in role, f"roles[{number}].permissions", "is missing")
        for name in ("permissions", "conditional", "resource_scoped"):
            field, listed = f"roles[{number}].{name}", role.get(name, ())
            place.require(isinstance(listed, list | tuple), field, "is not a list")
            inside = all(type(i) is int and 0 <= i < len(permissions) for i in listed)
            place.require(inside, field, "has an entry that is no index into permissions")
            granted = name == "permissions" or set(listed) <= set(role["permissions"])
            place.require(granted, field, "lists a permission the role does not grant")
    return permissions, roles


def problem_from(plain: object, place: Place = _UNNAMED_PROBLEM) -> Problem:
    """One problem; whether the catalog knows its names is seen when it is solved."""
    if not isinstance(plain, Mapping):
        raise FileError(place.file, place.line, None, "is not a problem: not a JSON object")
    most = plain.get("max_roles")
    place.require(isinstance(plain.get("id"), str), "id", "is missing or is not a string")
    place.require("needs" in plain, "needs", "is missing")
    place.require(
        most is None or (type(most) is int and most >= 0), "max_roles", "is no whole number from 0"
    )
    place.require(type(plain.get("strict", False)) is bool, "strict", "is not true or false")
    chosen = plain.get("candidates")
    return Problem(
        id=plain["id"],
        needs=_names(plain, "needs", place),
        held_roles=_names(plain, "held_roles", place),
        forbidden_permissions=_names(plain, "forbidden_permissions", place),
        exclusive_roles=_pairs(plain, "exclusive_roles", place),
        exclusive_permissions=_pairs(plain, "exclusive_permissions", place),
        max_roles=most,
        strict=plain.get("strict", False),
        candidates=None if chosen is None else frozenset(_names(plain, "candidates", place)),
    )


def _limited(role: Plain) -> list[int]:
    return sorted({*role.get("conditional", ()), *role.get("resource_scoped", ())})


def _objects(plain: Plain, kind: str, place: Place) -> Sequence[Plain]:
    listed = plain.get(kind)
    if not isinstance(listed, list | tuple):
        raise FileError(place.file, place.line, kind, "is missing or is not a list")
    seen = set[str]()
    for number, item in enumerate(listed):
        named = isinstance(item, Mapping) and isinstance(item.get("id"), str)
        place.require(named, f"{kind}[{number}].id", "is missing or is not a string")
        place.require(item["id"] not in seen, f"{kind}[{number}].id", "is listed twice")
        seen.add(item["id"])
    return listed


def _names(plain: Plain, name: str, place: Place) -> tuple[str, ...]:
    listed = plain.get(name, ())
    good = isinstance(listed, list | tuple) and all(isinstance(item, str) for item in listed)
    place.require(good, name, "is not a list of strings")
    return tuple(listed)


def _pairs(plain: Plain, name: str, place: Place) -> tuple[tuple[str, str], ...]:
    listed = plain.get(name, ())
    good = isinstance(listed, list | tuple) and all(_is_pair(item) for item in listed)
    place.require(good, name, "is not a list of pairs of strings")
    return tuple((one, other) for one, other in listed)


def _is_pair(item: object) -> bool:
    return (
        isinstance(item, list | tuple)
        and len(item) == 2  # noqa: PLR2004  # a pair
        and all(isinstance(part, str) for part in item)
    )
