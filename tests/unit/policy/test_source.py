"""What keeps policy files from being used at all."""

import pytest

from govagents.policy.finding import Severity
from govagents.policy.lint import lint
from govagents.policy.source import PolicyFile, Unread, policy_digest, read

POLICY = '@id("a"){noted}\npermit (principal, action == Action::"request", resource);'


def said(noted: str) -> list[str]:
    file = PolicyFile("a.cedar", POLICY.format(noted=noted))
    problems = [str(problem) for problem in read([file]).problems]
    assert set(problems) <= {str(each) for each in lint([file])}
    return problems


@pytest.mark.parametrize("name", ["obligations", "quorums", "aprover", "Quorum", "guard", "note"])
def test_an_annotation_is_an_error_when_it_is_unknown(name: str) -> None:
    """S40: what was meant to protect does not silently do nothing."""
    (problem,) = said(f' @{name}("2")')

    assert problem.startswith(f"a.cedar:1: `a`: unknown annotation `@{name}`")
    assert "@approver, @guards, @id, @obligation, @quorum, @reason" in problem


def test_all_is_named_when_several_annotations_are_wrong() -> None:
    (problem,) = said(' @aprover("owner") @quorums("2") @quorum("0")')

    assert "quorum `0`" in problem
    assert "`@aprover`" in problem
    assert "`@quorums`" in problem


@pytest.mark.parametrize("quorum", ['("0")', '("")', "", '("two")', '("-1")', f'("{"9" * 5000}")'])
def test_a_quorum_is_an_error_when_it_is_no_small_number(quorum: str) -> None:
    """S40: an empty one would have counted as one."""
    (problem,) = said(f" @quorum{quorum}")

    assert "is not a number from 1 to 99" in problem


def test_nothing_is_said_when_annotations_are_known() -> None:
    assert said(' @quorum("2") @approver("owner") @guards("") @reason("x") @obligation("")') == []


def test_nothing_is_decided_when_a_policy_file_was_not_read() -> None:
    whole, lost = PolicyFile("a.cedar", POLICY.format(noted="")), Unread("b.cedar", "is gone", 3)

    reading = read([whole, lost])

    assert [str(problem) for problem in reading.problems] == ["b.cedar:3: is gone"]
    assert policy_digest([whole, lost]) != policy_digest([whole])


def test_policies_decide_when_another_kind_of_file_was_not_read() -> None:
    whole = PolicyFile("a.cedar", POLICY.format(noted=""))
    other = Unread("notes.txt", "is not read", severity=Severity.WARNING)

    assert read([whole, other]).problems == ()
    assert policy_digest([whole, other]) == policy_digest([whole])
    assert "warning: notes.txt: is not read" in [
        f"{each.severity}: {each}" for each in lint([whole, other])
    ]
