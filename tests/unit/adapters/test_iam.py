"""What a policy document grants: names without case, all but some, taken away, and bounds."""

import pytest

from govagents.adapters.world import iam
from govagents.adapters.world.iam import Granted, Statement, granted, is_pattern, matcher, named

ACTIONS = ("a:Get", "a:GetAll", "a:Put", "b:Get", "b:Old*")
MATCHING = matcher(ACTIONS)
CONDITION = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
Names = tuple[str, ...]


def _says(effect: str, *actions: str, **more: object) -> Statement:
    return {"Effect": effect, "Action": list(actions), "Resource": "*", **more}


@pytest.mark.parametrize(
    ("pattern", "stands_for"),
    [
        ("a:Get", ("a:Get",)),
        ("A:get", ("a:Get",)),
        ("a:Get*", ("a:Get", "a:GetAll")),
        ("a:?ut", ("a:Put",)),
        ("a:GetAl?", ("a:GetAll",)),
        ("*:Get", ("a:Get", "b:Get")),
        ("?:Put", ("a:Put",)),
        ("*", ACTIONS),
        ("b:Old*", ("b:Old*",)),
        ("b:*", ("b:Get", "b:Old*")),
        ("a:G.t", ()),
        ("a:Get ", ()),
        ("c:Get", ()),
        ("c:*", ()),
        ("", ()),
    ],
)
def test_a_name_or_pattern_stands_for_these_when_matched(pattern: str, stands_for: Names) -> None:
    assert MATCHING(pattern) == set(stands_for)


@pytest.mark.parametrize(
    ("statements", "actions", "conditional"),
    [
        ([_says("Allow", "a:Get")], ("a:Get",), ()),
        ([{"Effect": "Allow", "Action": "a:Get", "Resource": ["*"]}], ("a:Get",), ()),
        ([_says("Allow", "a:Get", Resource="arn:a")], ("a:Get",), ("a:Get",)),
        ([_says("Allow", "a:Get", Resource=["arn:a", "*"])], ("a:Get",), ()),
        ([_says("Allow", "a:Get", Condition=CONDITION)], ("a:Get",), ("a:Get",)),
        ([_says("Allow", "a:Get", Condition={})], ("a:Get",), ()),
        ([{"Effect": "Allow", "Action": "a:Get"}], ("a:Get",), ("a:Get",)),
        ([{"Effect": "Allow", "Action": "a:Get", "NotResource": "arn:a"}], ("a:Get",), ("a:Get",)),
        (
            [_says("Allow", "a:Get", Resource="arn:a"), _says("Allow", "a:Get*")],
            ("a:Get", "a:GetAll"),
            (),
        ),
        (
            [{"Effect": "Allow", "NotAction": ["a:*", "b:get"], "Resource": "*"}],
            ("b:Old*",),
            (),
        ),
        (
            [{"Effect": "Allow", "NotAction": "a:*", "Resource": "arn:a"}],
            ("b:Get", "b:Old*"),
            ("b:Get", "b:Old*"),
        ),
        ([{"Effect": "Allow", "NotAction": [], "Resource": "*"}], ACTIONS, ()),
        ([_says("Allow", "a:*"), _says("Deny", "a:GET*")], ("a:Put",), ()),
        ([_says("Deny", "a:Get*"), _says("Allow", "a:*")], ("a:Put",), ()),
        (
            [_says("Allow", "a:*"), {"Effect": "Deny", "NotAction": "a:Put", "Resource": "*"}],
            ("a:Put",),
            (),
        ),
        (
            [_says("Allow", "a:*"), _says("Deny", "a:Put", Resource="arn:a")],
            ACTIONS[:3],
            ("a:Put",),
        ),
        (
            [_says("Allow", "a:*"), _says("Deny", "a:Put", Condition=CONDITION)],
            ACTIONS[:3],
            ("a:Put",),
        ),
        ([_says("Deny", "*")], (), ()),
        ([_says("Allow", "nothing:*")], (), ()),
        ([], (), ()),
    ],
)
def test_a_document_grants_these_and_these_conditionally_when_its_statements_are_read_together(
    statements: list[Statement], actions: Names, conditional: Names
) -> None:
    assert granted(statements, MATCHING) == Granted(frozenset(actions), frozenset(conditional))


def test_names_are_those_of_both_elements_when_statements_list_them() -> None:
    statements: list[Statement] = [
        _says("Allow", "a:Get", "b:*"),
        {"Effect": "Deny", "NotAction": "c:Put", "Resource": "*"},
        {"Effect": "Deny"},
    ]

    assert named(statements) == ("a:Get", "b:*", "c:Put")
    assert [each for each in named(statements) if is_pattern(each)] == ["b:*"]


def test_a_part_of_the_resources_passes_for_all_when_bounds_are_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The line that looks is taken away: what is granted on one thing would cover every need."""
    only_there = [_says("Allow", "a:Get", Resource="arn:a")]
    assert granted(only_there, MATCHING).conditional == {"a:Get"}

    monkeypatch.setattr(iam, "_bounded", lambda statement: False)

    assert granted(only_there, MATCHING).conditional == frozenset()
