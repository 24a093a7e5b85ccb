"""Files of another shape than the format's are refused by the checker, in words. S5, S60.

What is changed here is stamped anew, so that the digests keep nothing from being looked at.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import NoneType
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from govagents.solver.check import folder, judgement, question
from govagents.solver.check.folder import check_folder, main
from govagents.solver.formats import problem_from, role_sets_from
from govagents.solver.search import solve
from govagents.solver.weights import Weights
from tests.unit.solver.proof_files import (
    Files,
    Way,
    near,
    places,
    proved,
    put,
    stamped,
    two_roles,
    verdict,
)
from tests.unit.solver.small import pair

NAN = float("nan")
_LEVEL, _FACTOR = ("weights", "access_level"), ("weights", "sensitivity")
_FIRST = ("catalogue", "roles", 0)
MALFORMED: dict[str, tuple[Way, object]] = {
    "a role twice": (("certificate", "roles"), ["r", "r"]),
    "roles in a word": (("certificate", "roles"), "r"),
    "roles as an object": (("certificate", "roles"), {"r": 1}),
    "a weight that is true": (("certificate", "excess_weight"), True),
    "a weight with a point": (("certificate", "excess_weight"), 1.0),
    "version true": (("certificate", "version"), True),
    "version with a point": (("certificate", "version"), 1.0),
    "a level that is true": ((*_LEVEL, "read"), True),
    "a level with a point": ((*_LEVEL, "read"), 1.0),
    "a level that is no number": ((*_LEVEL, "unknown"), NAN),
    "a level below 0": ((*_LEVEL, "write"), -1),
    "a factor that is true": ((*_FACTOR, "public"), True),
    "a factor with a point": ((*_FACTOR, "internal"), 1.0),
    "a factor that is no number": ((*_FACTOR, "restricted"), NAN),
    "a place from the end": ((*_FIRST, "permissions"), [0, 1, -3]),
    "a place that is true": ((*_FIRST, "permissions"), [0, True]),
    "a condition from the end": ((*_FIRST, "conditional"), [-3]),
    "a condition that is true": ((*_FIRST, "conditional"), [True]),
    "a condition on what is not granted": ((*_FIRST, "conditional"), [2]),
    "a scope that is true": ((*_FIRST, "resource_scoped"), [True]),
    "a scope with a point": ((*_FIRST, "resource_scoped"), [1.0]),
    "a scope in an empty word": ((*_FIRST, "resource_scoped"), ""),
    "a level by number": (("catalogue", "permissions", 3, "access_level"), 1),
    "a name in numbers": (("catalogue", "permissions", 3, "id"), 3),
    "needs in a word": (("problem", "needs"), "a"),
    "a problem without a name": (("problem", "id"), None),
    "as many as true": (("problem", "max_roles"), True),
    "one role and a half": (("problem", "max_roles"), 1.5),
    "strict by number": (("problem", "strict"), 0),
    "candidates in a word": (("problem", "candidates"), "r"),
    "three that exclude each other": (("problem", "exclusive_roles"), [["r", "s", "t"]]),
    "a role that is not there": (("problem", "exclusive_roles"), [["r", "t"]]),
    "a permission that is not there": (("problem", "exclusive_permissions"), [["b", "z"]]),
    "a candidate that is not there": (("problem", "candidates"), ["r", "s", "t"]),
    "nobody excluded, in a word": (("problem", "exclusive_roles"), ""),
}
"""None of them makes a false claim believed; each would be accepted if nobody looked at kinds."""


@pytest.mark.parametrize(("path", "value"), MALFORMED.values(), ids=MALFORMED.keys())
def test_proof_is_refused_when_a_part_is_of_another_kind(
    path: Way, value: object, tmp_path: Path
) -> None:
    files = two_roles()
    put(files, path, value)

    assert verdict(tmp_path, stamped(files)) != ["accepted"]


def test_proof_is_accepted_when_every_part_is_of_its_kind(tmp_path: Path) -> None:
    """What the table changes was no reason to refuse before."""
    assert verdict(tmp_path, stamped(two_roles())) == ["accepted"]


def _whole(value: object) -> bool:
    return value is not None


def _same(value: Sequence[Any]) -> Sequence[Any]:
    return value


DEFENCES: dict[str, tuple[Callable[..., object], list[str]]] = {
    "whole": (
        _whole,
        [
            "a weight that is true",
            "a weight with a point",
            "a level that is true",
            "a level with a point",
            "a level that is no number",
            "a level below 0",
            "a factor that is true",
            "a factor with a point",
            "a factor that is no number",
            "as many as true",
            "one role and a half",
        ],
    ),
    "Question.unknown": (
        lambda _: [],
        [
            "a role that is not there",
            "a permission that is not there",
            "a candidate that is not there",
        ],
    ),
    "_listed": (
        _same,
        [
            "a scope in an empty word",
            "needs in a word",
            "candidates in a word",
            "nobody excluded, in a word",
        ],
    ),
    "_names": (
        _same,
        [
            "a level by number",
            "a name in numbers",
            "needs in a word",
            "a problem without a name",
            "candidates in a word",
        ],
    ),
    "_places": (
        _same,
        [
            "a place from the end",
            "a place that is true",
            "a condition that is true",
            "a scope that is true",
            "a scope with a point",
            "a scope in an empty word",
        ],
    ),
}


@pytest.mark.parametrize("defence", DEFENCES)
def test_malformed_proof_is_accepted_when_nobody_looks_at_kinds(
    defence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shipped lines are what refuses, not something else in the file."""
    passing, accepted = DEFENCES[defence]
    for module in (question, judgement):
        with suppress(AttributeError):
            monkeypatch.setattr(f"{module.__name__}.{defence}", passing)
    found = []
    for name, (path, value) in MALFORMED.items():
        files = two_roles()
        put(files, path, value)
        if verdict(tmp_path, stamped(files)) == ["accepted"]:
            found.append(name)

    assert found == accepted


UNJUDGED = {
    "nested too deeply": "[" * 100_000 + "]" * 100_000,
    "a list": "[]",
    "a number": "1",
    "nothing": "",
    "half": '{"permissions": [',
    "a number of five thousand digits": "9" * 5000,
    "more than any float": '{"access_level": {"read": 1e999}, "sensitivity": {}}',
    "no such permission": '{"permissions": [], "roles": [{"id": "r", "permissions": [7]}]}',
    "a permission that is a word": '{"permissions": ["a"], "roles": []}',
    "a role that is null": '{"permissions": [], "roles": [null]}',
}


@pytest.mark.parametrize("name", ["catalogue", "weights", "problem", "certificate"])
@pytest.mark.parametrize("text", UNJUDGED.values(), ids=UNJUDGED.keys())
def test_the_command_says_why_when_a_file_cannot_be_judged(
    text: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback, whichever file it is."""
    verdict(tmp_path, two_roles())
    (tmp_path / f"{name}.json").write_text(text)

    code = main([str(tmp_path)])

    said = capsys.readouterr()
    assert (code, said.err) == (1, "")
    assert said.out[1:].startswith(("cannot be judged: ", "malformed: "))


def test_a_traceback_is_shown_when_the_command_expects_only_what_once_was_thought_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the shipped list of what an object of another shape raises."""
    for module in (folder, judgement):
        monkeypatch.setattr(module, "MALFORMED", (ValueError, TypeError, KeyError))
    verdict(tmp_path, two_roles())
    (tmp_path / "catalogue.json").write_text(UNJUDGED["nested too deeply"])

    with pytest.raises(RecursionError):
        check_folder(tmp_path)


_WORDS = st.sampled_from(["a", "p0", "p1", "r0", "r1", "need", "children", "amounts", "crowd", ""])
_SCALARS = st.none() | st.booleans() | st.integers(-2, 9) | st.floats() | _WORDS
VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3)
)


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(sorted(two_roles())), VALUES))
def test_nothing_is_raised_and_nothing_accepted_when_files_hold_anything(
    changed: dict[str, Any],
) -> None:
    with TemporaryDirectory() as made:
        assert verdict(Path(made), two_roles() | changed) != ["accepted"] or not changed


@cache
def _some() -> Sequence[str]:
    """Proofs to change, as text: quicker to copy."""
    return [json.dumps(proved(*pair(seed))) for seed in range(40)]


@settings(max_examples=300)
@given(st.data())
def test_what_is_accepted_is_true_and_of_the_format_when_any_part_was_changed(
    data: st.DataObject,
) -> None:
    """The format's own reader, which the checker shares no line with, and the solver say so."""
    files: Files = json.loads(data.draw(st.sampled_from(_some())))
    for _ in range(data.draw(st.integers(1, 2))):
        path, value = data.draw(st.sampled_from([*places(files)]))
        put(files, path, data.draw(st.sampled_from([*near(value)]) | VALUES))
    with suppress(Exception):
        stamped(files)

    with TemporaryDirectory() as made:
        accepted = verdict(Path(made), files) == ["accepted"]

    event(f"accepted: {accepted}")
    if accepted:
        claimed = files["certificate"]["excess_weight"]
        assert type(claimed) in {int, NoneType}
        assert claimed == _least(files)


def _least(files: Files) -> int | None:
    """What the solver finds of files that its own reader takes."""
    prices = files["weights"]
    weights = Weights(prices["access_level"], prices["sensitivity"])
    sets = role_sets_from(files["catalogue"], weights)
    return solve(sets, problem_from(files["problem"])).excess_weight
