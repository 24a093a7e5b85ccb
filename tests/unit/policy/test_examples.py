import pytest

from govagents.policy.engine import decision_point
from govagents.policy.examples import run_examples
from govagents.policy.source import PolicyFile

POINT = decision_point(
    [
        PolicyFile(
            "a.cedar",
            """
            @id("short") @obligation("notify")
            permit (principal, action == Action::"grant", resource) when { context.minutes <= 60 };
            @id("long") @approver("owner, manager") @quorum("2")
            permit (principal, action == Action::"request", resource) when { context.minutes > 60 };
            @id("late") @guards("hours") forbid (principal, action, resource)
            unless { context.start_hour < 18 };
            """,
        )
    ]
)


def problems(text: str) -> list[tuple[str, ...]]:
    results = run_examples(POINT, [PolicyFile("a.yaml", text)])
    assert all(result.passed == (not result.problems) for result in results)
    return [result.problems for result in results]


def test_examples_pass_when_the_decision_is_as_expected() -> None:
    text = """
    bases:
      long: {facts: {context.minutes: 90}}
      longer: {base: long, facts: {context.minutes: 900}}
    examples:
      - {name: a, expect: {verdict: permit, obligations: [notify], reasons: [short], approvers: []}}
      - {name: b, base: longer, expect: {verdict: ask, approvers: [manager, role-owner], quorum: 2}}
      - {name: c, facts: {context.start_hour: 20}, expect: {verdict: deny, guards: [hours]}}
      - {name: d, facts: {principal.kind: agent, context.relation: []}, expect: {verdict: permit}}
    """

    assert problems(text) == [(), (), (), ()]


def test_example_fails_with_both_sides_when_the_decision_differs() -> None:
    ((problem,),) = problems("examples: [{name: a, expect: {verdict: deny}}]")

    assert problem.startswith("verdict: expected deny, got permit")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- not a mapping", "must be a mapping"),
        ("examples: [1, 2", "is not YAML"),
        ("exmples: []", "`exmples`"),
        ("examples: {}", "a list"),
        ("examples: [3]", "must be a mapping"),
        ("examples: [{name: a}]", "expect must be a mapping"),
        ("examples: [{name: a, expect: {}}]", "expects nothing"),
        ("examples: [{name: a, expect: {verdict: maybe}}]", "no verdict"),
        ("examples: [{name: a, expect: {verdict: [a]}}]", "no verdict"),
        ("examples: [{name: a, base: b, expect: {verdict: deny}}]", "no base `b`"),
        ("examples: [{name: a, facts: 3, expect: {verdict: deny}}]", "`facts` is a mapping"),
        ("examples: [{name: a, facts: {mood: 3}, expect: {verdict: deny}}]", "`mood` is no fact"),
        (
            "examples: [{name: a, facts: {context.mood: 3}, expect: {verdict: deny}}]",
            "`mood` is no fact",
        ),
        (
            "examples: [{name: a, facts: {context.minutes: yes}, expect: {verdict: deny}}]",
            "another type",
        ),
        (
            "examples: [{name: a, facts: {principal.kind: [x]}, expect: {verdict: deny}}]",
            "another type",
        ),
        (
            "{bases: {a: {base: a}}, examples: [{name: a, base: a, expect: {verdict: deny}}]}",
            "builds on itself",
        ),
    ],
)
def test_example_fails_when_it_does_not_fit_the_form(text: str, said: str) -> None:
    """Nothing is skipped: a mistyped example is a failed one."""
    (found,) = problems(text)

    assert any(said in problem for problem in found)
