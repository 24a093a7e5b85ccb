"""Which permits give where nobody agreed, found by how they are written."""

import pytest

from govagents.policy import automatic
from govagents.policy.lint import lint
from govagents.policy.source import PolicyFile, read

BOTH = ("accounted", "proved")
PERMIT = """@id("give") @guards("eligible, {names}")
permit (principal, action == Action::"grant", resource)
when {{ principal.active && resource.requestable_by.contains(principal.audience) }}
{clauses};
"""


def permit(*clauses: str) -> PolicyFile:
    names = ", ".join(f"clause {place}" for place, _ in enumerate(clauses))
    return PolicyFile("give.cedar", PERMIT.format(names=names, clauses="\n".join(clauses)))


def untested(*clauses: str) -> tuple[str, ...]:
    reading = read([permit(*clauses)])
    assert reading.problems == ()
    return automatic.untested(reading.policies[0].clauses)


@pytest.mark.parametrize(
    ("clauses", "missing"),
    [
        (["when { context.minutes <= 60 }"], BOTH),
        (["when { context.accounted }"], ("proved",)),
        (["when { context.proved }"], ("accounted",)),
        (["when { context.accounted || context.proved }"], BOTH),
        (["when { !context.accounted && !context.proved }"], BOTH),
        (["unless { context.accounted && context.proved }"], BOTH),
        (["unless { !context.accounted && !context.proved }"], BOTH),
        (["when { resource.prohibited || context.accounted && context.proved }"], BOTH),
        (['when { ["owner"].containsAll(context.approved) }'], BOTH),
        (['when { !context.approved.contains("owner") }'], BOTH),
        (['unless { context.approved.contains("owner") }'], BOTH),
        (['when { context.approved.contains("owner") || context.proved }'], BOTH),
        (['when { context.relation.contains("self") }'], BOTH),
    ],
)
def test_a_fact_is_missed_when_access_is_given_without_it(
    clauses: list[str], missing: tuple[str, ...]
) -> None:
    """S40, S44: whatever may come out true where nobody agreed and the fact is false."""
    assert untested(*clauses) == missing


@pytest.mark.parametrize(
    "clauses",
    [
        ["when { context.accounted && context.proved }"],
        ["when { context.accounted }", "when { context.minutes < 9 && context.proved }"],
        ["unless { !context.accounted || !context.proved }"],
        ["unless { !(context.accounted && context.proved) }"],
        ["when { !(!context.accounted || !context.proved) }"],
        ['when { context.approved.contains("owner") }'],
        ['when { context.approved.containsAny(["owner", "manager"]) }'],
        ['when { ["owner", "manager"].containsAny(context.approved) }'],
        ['when { context.approved.containsAll(["owner"]) && context.minutes < 9 }'],
        ['when { context.approved.contains("a") || context.approved.contains("b") }'],
        ['unless { !context.approved.contains("owner") }'],
    ],
)
def test_nothing_is_missed_when_somebody_agreed_or_both_facts_are_asked_for(
    clauses: list[str],
) -> None:
    assert untested(*clauses) == ()


def test_lint_names_the_policy_and_both_facts_when_neither_is_asked_for() -> None:
    """Other operators' folders: one that gives automatically is told, and what to write."""
    found = [str(item) for item in lint([permit("when { context.minutes <= 60 }")])]

    assert found == [
        "give.cedar:1: `give`: gives where nobody agreed and does not ask for `context.accounted` "
        "and `context.proved`: add `when { context.accounted && context.proved }`, and a permit of "
        "`request` for the rest; or ask `context.approved`"
    ]


@pytest.mark.parametrize(
    "text",
    [
        permit('when { context.approved.contains("role-owner") }').text,
        permit("when { context.accounted && context.proved }").text,
        permit("when { context.minutes <= 60 }")
        .text.replace('"grant"', '"request"')
        .replace("permit", '@approver("owner") permit'),
        '@id("stop") forbid (principal, action, resource) when { context.veto };',
    ],
)
def test_lint_has_nothing_against_it_when_a_folder_asks_people(text: str) -> None:
    """Other operators' folders that give nothing by themselves pass as before."""
    assert lint([PolicyFile("a.cedar", text)]) == ()
