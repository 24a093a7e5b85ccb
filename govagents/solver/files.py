"""Catalogue and problem files in, result lines out: what `catalog solve` and `check` print.

A catalogue is one JSON object (`.json` or `.json.gz`); problems and certificates are JSON lines, a
certificate line being `{"id": problem id, "certificate": object or null}`.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from govagents.errors import FileError, UnknownNameError
from govagents.solver.catalog_index import RoleSets
from govagents.solver.check.judgement import judge
from govagents.solver.check.question import read
from govagents.solver.formats import Place, checked_catalogue, problem_from, role_sets_from
from govagents.solver.problem import Problem
from govagents.solver.search import DEFAULT_STEPS, solve
from govagents.solver.solution import Solution
from govagents.solver.weights import Weights


class Line(NamedTuple):
    """One object of a file of JSON lines."""

    place: Place
    plain: object


class Answer(NamedTuple):
    """`printed`: the JSON line of one problem; its certificate is in `solution`."""

    printed: dict[str, object]
    solution: Solution


def read_catalogue(path: Path) -> dict[str, Any]:
    """The object of a catalogue file, its parts of the kinds the format asks for."""
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise FileError(str(path), None, None, f"cannot be read: {error}") from error
    plain = _parsed(text, Place(str(path), 1))
    checked_catalogue(plain, Place(str(path)))
    return plain  # type: ignore[no-any-return]  # an object: just checked


def load_catalogue(path: Path, weights: Weights | None = None) -> RoleSets:
    """A catalogue file for the solver, under the default weights if none are given."""
    return role_sets_from(read_catalogue(path), weights or Weights.default(), Place(str(path)))


def read_lines(path: Path) -> Iterator[Line]:
    """The objects of a file of JSON lines, empty lines left out."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(str(path), None, None, f"cannot be read: {error}") from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            place = Place(str(path), number)
            yield Line(place, _parsed(line, place))


def solve_lines(
    sets: RoleSets,
    lines: Iterable[Line],
    *,
    timer: Callable[[], float],
    max_steps: int = DEFAULT_STEPS,
) -> Iterator[Answer]:
    """One answer per problem, in order; `timer` tells seconds and only fills `ms`.

    Raises:
        FileError: a line cannot be solved, or has the id of an earlier one. The answers before it
            stand.
    """
    for place, _, problem in _told_apart(lines):
        begun = timer()
        try:
            solution = solve(sets, problem, max_steps=max_steps)
        except UnknownNameError as error:
            raise FileError(place.file, place.line, None, str(error)) from error
        yield Answer(_printed(problem.id, solution, 1000 * (timer() - begun)), solution)


def check_lines(
    catalogue: dict[str, Any],
    weights: Weights,
    problems: Iterable[Line],
    certificates: Iterable[Line],
) -> Iterator[dict[str, object]]:
    """`{id, accepted, failures}` per problem, in order, by the checker alone.

    Raises:
        FileError: a line cannot be read, or has the id of an earlier one in its file. The verdicts
            before it stand.
    """
    facts = read(catalogue, weights.to_json())
    of_problem = _by_id(certificates)
    for _, plain, problem in _told_apart(problems):
        certificate = of_problem.get(problem.id)
        failures = ["there is no certificate"]
        if isinstance(certificate, dict) and isinstance(plain, dict):
            failures = judge(certificate, plain, facts)
        yield {"id": problem.id, "accepted": not failures, "failures": failures}


def _printed(name: str, solution: Solution, ms: float) -> dict[str, object]:
    return {
        "id": name,
        "status": str(solution.status),
        "roles": list(solution.roles),
        "excess_weight": solution.excess_weight,
        "role_count": solution.role_count,
        "lower_bound": solution.lower_bound,
        "steps": solution.steps,
        "ms": round(ms, 3),
    }


class _Posed(NamedTuple):
    place: Place
    plain: object
    problem: Problem


def _told_apart(lines: Iterable[Line]) -> Iterator[_Posed]:
    """A certificate names its problem by the id alone, so that no two may have the same."""
    seen: dict[str, Place] = {}
    for place, plain in lines:
        problem = problem_from(plain, place)
        _refuse_again(seen, problem.id, place)
        yield _Posed(place, plain, problem)


def _by_id(certificates: Iterable[Line]) -> dict[str, object]:
    found: dict[str, object] = {}
    seen: dict[str, Place] = {}
    for place, plain in certificates:
        if not isinstance(plain, dict) or not isinstance(plain.get("id"), str):
            raise FileError(place.file, place.line, "id", "is missing or is not a string")
        _refuse_again(seen, plain["id"], place)
        found[plain["id"]] = plain.get("certificate")
    return found


def _refuse_again(seen: dict[str, Place], name: str, place: Place) -> None:
    if name in seen:
        said = f"`{name}` is the id of line {seen[name].line} already: give it another"
        raise FileError(place.file, place.line, "id", said)
    seen[name] = place


def _parsed(text: str, place: Place) -> Any:  # noqa: ANN401  # JSON: checked by whoever reads it
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = error.lineno - 1 + (place.line or 1)
        said = f"{error.msg.lower().removesuffix(' at')} at column {error.colno}"
        raise FileError(place.file, line, None, f"is not JSON: {said}") from error
    except RecursionError as error:
        raise FileError(place.file, place.line, None, "is nested too deeply") from error
