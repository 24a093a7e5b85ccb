"""Files in, lines out; an error names file, line and field. S5."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from govagents.errors import FileError
from govagents.solver.files import (
    Line,
    check_lines,
    load_catalogue,
    read_catalogue,
    read_lines,
    solve_lines,
)
from govagents.solver.formats import Place, problem_from
from govagents.solver.weights import Weights

CATALOGUE: dict[str, Any] = {
    "catalogue": "three",
    "permissions": [{"id": "read"}, {"id": "write", "access_level": "write"}],
    "roles": [{"id": "reader", "permissions": [0]}, {"id": "writer", "permissions": [0, 1]}],
}
PROBLEM: dict[str, Any] = {"id": "one", "needs": ["write"]}


def _written(path: Path, value: object) -> Path:
    text = json.dumps(value)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def _ticks() -> Iterator[float]:
    now = 0.0
    while True:
        yield now
        now += 0.002


def test_line_is_printed_for_each_problem_when_solved_from_files(tmp_path: Path) -> None:
    sets = load_catalogue(_written(tmp_path / "c.json", CATALOGUE))
    problems = tmp_path / "p.jsonl"
    problems.write_text(f"{json.dumps(PROBLEM)}\n\n{json.dumps(PROBLEM | {'id': 'two'})}\n")
    ticks = _ticks()

    answers = list(solve_lines(sets, read_lines(problems), timer=lambda: next(ticks)))

    assert [answer.printed["id"] for answer in answers] == ["one", "two"]
    assert answers[0].printed == {
        "id": "one",
        "status": "optimal",
        "roles": ["writer"],
        "excess_weight": 20,
        "role_count": 1,
        "lower_bound": 20,
        "steps": answers[0].solution.steps,
        "ms": 2.0,
    }


def test_catalogue_is_the_same_when_it_is_compressed(tmp_path: Path) -> None:
    plain = load_catalogue(_written(tmp_path / "c.json", CATALOGUE))
    packed = load_catalogue(_written(tmp_path / "c.json.gz", CATALOGUE))

    assert plain.digest == packed.digest


def test_checker_accepts_what_the_solver_wrote_when_both_go_through_files(tmp_path: Path) -> None:
    path = _written(tmp_path / "c.json", CATALOGUE)
    lines = [Line(Place("p", n), PROBLEM | {"id": str(n)}) for n in (1, 2)]
    answers = solve_lines(load_catalogue(path), lines, timer=lambda: 0.0)
    proofs = [
        Line(Place("c", 1), {"id": a.printed["id"], "certificate": proof.to_json()})
        for a in answers
        if (proof := a.solution.certificate) is not None
    ]

    judged = list(check_lines(read_catalogue(path), Weights.default(), lines, proofs[:1]))

    assert judged == [
        {"id": "1", "accepted": True, "failures": []},
        {"id": "2", "accepted": False, "failures": ["there is no certificate"]},
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"permissions": None}, "permissions"),
        ({"permissions": [{"name": "x"}]}, r"permissions\[0\].id"),
        ({"permissions": [{"id": "x"}, {"id": "x"}]}, r"permissions\[1\].id"),
        ({"permissions": [{"id": "x", "access_level": 3}]}, r"permissions\[0\].access_level"),
        ({"roles": {}}, "roles"),
        ({"roles": [{"id": "r"}]}, r"roles\[0\].permissions"),
        ({"roles": [{"id": "r", "permissions": "0"}]}, r"roles\[0\].permissions"),
        ({"roles": [{"id": "r", "permissions": [2]}]}, r"roles\[0\].permissions"),
        ({"roles": [{"id": "r", "permissions": [-1]}]}, r"roles\[0\].permissions"),
        ({"roles": [{"id": "r", "permissions": [0], "conditional": [1]}]}, r"0\].conditional"),
    ],
)
def test_error_names_the_field_when_a_catalogue_is_not_of_the_format(
    changed: dict[str, Any], field: str, tmp_path: Path
) -> None:
    path = _written(tmp_path / "c.json", CATALOGUE | changed)

    with pytest.raises(FileError, match=rf"c\.json: `.*{field}`"):
        load_catalogue(path)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"id": 7}, "id"),
        ({"needs": "write"}, "needs"),
        ({"needs": [1]}, "needs"),
        ({"held_roles": None}, "held_roles"),
        ({"exclusive_roles": [["a"]]}, "exclusive_roles"),
        ({"exclusive_permissions": [["a", "b", "c"]]}, "exclusive_permissions"),
        ({"max_roles": -1}, "max_roles"),
        ({"max_roles": True}, "max_roles"),
        ({"strict": "yes"}, "strict"),
        ({"candidates": "all"}, "candidates"),
    ],
)
def test_error_names_line_and_field_when_a_problem_is_not_of_the_format(
    changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(FileError, match=f"p.jsonl:4: `{field}`"):
        problem_from(PROBLEM | changed, Place("p.jsonl", 4))


def test_error_names_the_line_when_a_name_is_unknown_or_text_is_no_json(tmp_path: Path) -> None:
    sets = load_catalogue(_written(tmp_path / "c.json", CATALOGUE))
    unknown = Line(Place("p.jsonl", 3), PROBLEM | {"needs": ["fly"]})
    broken = tmp_path / "b.jsonl"
    broken.write_text(f'{json.dumps(PROBLEM)}\n{{"a\n')

    with pytest.raises(FileError, match=r"p\.jsonl:3: no permission `fly`"):
        list(solve_lines(sets, [unknown], timer=lambda: 0.0))
    with pytest.raises(
        FileError, match=r"b\.jsonl:2: is not JSON: unterminated string starting at column 2"
    ):
        list(read_lines(broken))


@pytest.mark.parametrize("name", ["missing.json", "torn.json.gz", "latin.json", "list.json"])
def test_error_names_the_file_when_it_cannot_be_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "torn.json.gz").write_bytes(gzip.compress(b"{}")[:-6])
    (tmp_path / "latin.json").write_bytes(b'{"\xe9": 1}')
    (tmp_path / "list.json").write_text("[]")

    with pytest.raises(FileError, match=name):
        read_catalogue(tmp_path / name)


def test_certificates_are_refused_when_two_are_for_one_problem() -> None:
    twice = [Line(Place("c", n), {"id": "one", "certificate": None}) for n in (1, 2)]

    with pytest.raises(FileError, match="c:2: `id` `one` is the id of line 1 already"):
        list(check_lines(CATALOGUE, Weights.default(), [], twice))


def test_checking_stops_when_two_problems_have_one_id() -> None:
    """S5: one certificate would count for both; the verdict before it stands."""
    lines = [Line(Place("p", 1), PROBLEM), Line(Place("p", 3), PROBLEM | {"needs": ["read"]})]
    verdicts = check_lines(CATALOGUE, Weights.default(), lines, [])

    assert next(verdicts)["id"] == "one"
    with pytest.raises(FileError, match="p:3: `id` `one` is the id of line 1 already"):
        next(verdicts)


def test_solving_stops_when_two_problems_have_one_id(tmp_path: Path) -> None:
    """S5: no certificate could be told from the other's; the answer before it stands."""
    sets = load_catalogue(_written(tmp_path / "c.json", CATALOGUE))
    lines = [Line(Place("p", n), PROBLEM) for n in (1, 3)]
    answers = solve_lines(sets, lines, timer=lambda: 0.0)

    assert next(answers).printed["id"] == "one"
    with pytest.raises(FileError) as refused:
        next(answers)

    assert str(refused.value).startswith("p:3")
    assert "`one` is the id of line 1 already" in str(refused.value)
