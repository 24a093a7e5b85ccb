import pytest

from govagents.policy.finding import Finding, Severity
from govagents.policy.lint import Known, lint
from govagents.policy.source import PolicyFile

GUARD = "principal.active && resource.requestable_by.contains(principal.audience)"
GOOD = f"""@id("good")
@guards("eligible, short")
@approver("owner")
permit (principal is Person, action == Action::"request", resource)
when {{ {GUARD} }}
when {{ context.minutes <= 60 }};
"""


def found(text: str, known: Known | None = None) -> list[Finding]:
    return list(lint([PolicyFile("a.cedar", text)], known))


def with_clause(condition: str) -> str:
    return GOOD.replace("context.minutes <= 60", condition)


def test_nothing_is_found_when_policies_are_right() -> None:
    assert found(GOOD) == []


def test_file_line_and_policy_are_named_when_a_name_is_mistyped() -> None:
    """Issue 2, item 5: lint checks policies against the schema."""
    mistyped = "\n" + with_clause("principal.trusst > 3")

    (finding,) = found(mistyped)

    assert (finding.file, finding.line, finding.policy) == ("a.cedar", 2, "good")
    assert finding.severity is Severity.ERROR
    assert "trusst" in finding.text


@pytest.mark.parametrize(
    "condition",
    [
        "principal has trust",
        'principal.department like "O*"',
        "if principal.active then true else false",
        "context.minutes + 1 == 2",
        "context.minutes * 2 == 2",
        "-context.minutes == 2",
        'principal in Role::"a"',
        'resource in [Role::"a"]',
        "context.approved.isEmpty()",
        "{a: 1}.a == 1",
        'Person::"gone".active',
        '[principal.department].contains("a")',
        'ip("10.0.0.1").isLoopback()',
        'principal is Person in Role::"a"',
        'action == Action::"request"',
    ],
)
def test_operator_is_an_error_when_it_is_not_on_the_list(condition: str) -> None:
    """Every fact is always there, nothing overflows, nothing outside the slice is read."""
    assert any("in `short`" in item.text for item in found(with_clause(condition)))


@pytest.mark.parametrize(
    "condition",
    [
        "!(context.minutes > 1) || context.hour != 3 && true",
        '["a", "b"].containsAny(context.approved)',
        'context.approved.containsAll(["a"]) == false',
        'principal is Person && principal.id == "a"',
        'resource == Role::"a"',
        "context.minutes >= -3",
        "context.minutes < 2",
    ],
)
def test_operator_is_accepted_when_it_is_on_the_list(condition: str) -> None:
    assert found(with_clause(condition)) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('@guards("eligible, short")', '@guards("eligible")', "1 names for 2 conditions"),
        ('@guards("eligible, short")', '@guards("eligible, eligible")', "a name twice"),
        ('@guards("eligible, short")', '@guards("may, short")', "no `when` is named `eligible`"),
        (GUARD, "principal.active", "must ask for"),
        (GUARD, GUARD.replace("&&", "||"), "must ask for"),
        ('@approver("owner")\n', "", "nobody is named to ask"),
        ('action == Action::"request"', "action", "names one action"),
        ('"request"', '"grant"', "`@approver` is read on `request` only"),
        ("permit", '@obligation("page") permit', "unknown obligation `page`"),
        ("permit", '@reason("{context.mood}") permit', "`context.mood`, which is no fact"),
        ("principal is Person", 'principal in Person::"a"', "is a group"),
        ('@id("good")\n', "", "has no id"),
    ],
)
def test_error_is_found_when_a_rule_of_writing_is_broken(
    before: str, after: str, said: str
) -> None:
    assert any(said in item.text for item in found(GOOD.replace(before, after)))


def test_guard_must_be_shared_when_there_are_several_permits() -> None:
    other = GOOD.replace('"good"', '"other"').replace(GUARD, f"{GUARD} && principal.trust > 1")

    (finding,) = found(GOOD + other)

    assert (finding.policy, "differs from that of `good`" in finding.text) == ("other", True)


def test_id_is_an_error_when_taken_in_another_file() -> None:
    files = [PolicyFile("a.cedar", GOOD), PolicyFile("b.cedar", GOOD)]

    assert [(item.file, item.policy) for item in lint(files)] == [("b.cedar", "good")]


def test_forbid_is_a_warning_when_it_covers_one_action() -> None:
    (finding,) = found('@id("half") forbid (principal, action == Action::"grant", resource);')

    assert finding.severity is Severity.WARNING


def test_names_are_errors_when_the_world_does_not_have_them() -> None:
    """A policy that names nobody would silently apply to nothing."""
    known = Known(people=frozenset({"ana"}), roles=frozenset({"reader"}))
    text = GOOD.replace("owner", "ana, anna").replace(
        "resource)\n", 'resource == Role::"raeder")\n'
    )

    assert [item.text.split("`")[1] for item in found(text, known)] == ["anna", "raeder"]
    assert found(text.replace("anna", "manager").replace("raeder", "reader"), known) == []


def test_place_is_named_when_a_file_does_not_parse() -> None:
    """Issue 2: a policy that does not parse."""
    (finding,) = found(GOOD + "\npermit (principal, action, resource) when { ;")

    assert str(finding).startswith("a.cedar:8: does not parse")


GIVEN = (
    GOOD.replace('"good"', '"given"')
    .replace('@approver("owner")\n', "")
    .replace('request"', 'grant"')
)


@pytest.mark.parametrize(
    ("condition", "severity", "told"),
    [
        ('context.agreed.contains("1 of role-owner")', None, ""),
        ('context.agreed.containsAny(["1 of role-owner"])', None, ""),
        ('context.approved.contains("role-owner")', None, ""),
        ('context.approved.containsAll(["role-owner"])', None, ""),
        ('context.agreed.contains("2 of role-owner")', Severity.ERROR, "`1 of role-owner`"),
        ('context.agreed.containsAll(["1 of owner"])', Severity.ERROR, "`1 of owner`"),
        (
            'context.minutes < 9 && context.approved.containsAll(["role-owner", "manager"])',
            Severity.WARNING,
            "one person may fill several",
        ),
    ],
)
def test_panel_is_named_when_nobody_is_asked_as_that_or_one_may_be_several(
    condition: str, severity: Severity | None, told: str
) -> None:
    """S44: a quorum that nobody can reach, and one that a single person reaches."""
    found_in = found(GOOD + GIVEN.replace("context.minutes <= 60", condition))

    assert [item.severity for item in found_in] == ([severity] if severity else [])
    assert all(told in item.text and item.policy == "given" for item in found_in)
