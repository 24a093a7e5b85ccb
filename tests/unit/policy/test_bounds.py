"""What is too much for Cedar is refused before Cedar sees it."""

import pytest

from govagents.policy import bounds, cedar
from govagents.policy.bounds import FILE_BYTES, FILES, TOTAL_BYTES
from govagents.policy.source import PolicyFile, read


def policy(condition: str) -> str:
    return f'@id("a") permit (principal, action, resource) when {{ {condition} }};'


def said(*texts: str) -> list[str]:
    files = [PolicyFile(f"{place}.cedar", text) for place, text in enumerate(texts)]
    return [str(problem) for problem in read(files).problems]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (policy("(" * 3000 + "true" + ")" * 3000), "brackets stand more than 50 deep"),
        (policy("[" * 3000 + "1" + "]" * 3000), "brackets stand more than 50 deep"),
        (policy("{a:" * 3000 + "1" + "}" * 3000), "brackets stand more than 50 deep"),
        (policy("!(" * 3000 + "true" + ")" * 3000), "brackets stand more than 50 deep"),
        ("(" * 100_000 + '"', "brackets stand more than 50 deep"),
        ("// a comment\r" + "(" * 3000, "brackets stand more than 50 deep"),
        (policy(" && ".join(["true"] * 30_000)), "more than 500 operators"),
        (policy("if true then true else " * 9_000 + "true"), "more than 500 operators"),
        (policy("context" + ".a" * 30_000), "more than 500 operators"),
        (policy("1" + "+1" * 30_000 + " == 1"), "more than 500 operators"),
        (policy(" && ".join(["true"] * 100)), "too many conditions in a row"),
        (policy(" || ".join(["true"] * 500)), "too many conditions in a row"),
        ("//" + "x" * FILE_BYTES, f"has more than {FILE_BYTES} bytes"),
    ],
)
def test_a_file_is_refused_when_it_is_too_much(text: str, reason: str) -> None:
    """S40: the process lives, and everything is denied with that reason."""
    (problem,) = said(text)

    assert reason in problem


def test_the_line_is_named_when_brackets_are_too_deep() -> None:
    assert said("\n\n" + policy("(" * 51))[0].startswith("0.cedar:3: ")


@pytest.mark.parametrize(
    "text",
    [
        policy("(" * 48 + "true" + ")" * 48),
        policy(f'"{"(" * 3000}" == "\\"(("') + "// " + "(" * 3000,
        policy(" && ".join(["true"] * 60)),
        policy(f"[{', '.join(['1'] * 9000)}].contains(1)"),
        "".join(
            policy(" && ".join(["true"] * 9)).replace('"a"', f'"{each}"') for each in range(500)
        ),
    ],
    ids=["deep", "text", "long", "set", "many"],
)
def test_nothing_is_said_when_it_is_within_bounds(text: str) -> None:
    assert said(text) == []


def test_cedar_takes_every_policy_when_it_is_not_too_deep() -> None:
    """The bound stands where Cedar itself would fail, with a worse message."""
    rules = [cedar.parsed(policy(" && ".join(["true"] * n)))["policy0"] for n in range(50, 70)]
    taken = []
    for rule in rules:
        assert isinstance(rule, dict)
        try:
            cedar.Rules({"a": rule})
        except ValueError:
            assert cedar.too_deep(rule)
        else:
            assert not cedar.too_deep(rule)
            taken.append(rule)

    assert 0 < len(taken) < len(rules)


def test_files_are_refused_when_they_are_too_many_or_too_much_together() -> None:
    whole = "//" + "x" * (FILE_BYTES - 2)

    assert "more than 1000 files" in said(*["// empty"] * (FILES + 1))[0]
    assert f"more than {TOTAL_BYTES} bytes" in said(*[whole] * (TOTAL_BYTES // FILE_BYTES + 1))[0]
    assert bounds.too_many([FILE_BYTES] * (TOTAL_BYTES // FILE_BYTES)) == ""
