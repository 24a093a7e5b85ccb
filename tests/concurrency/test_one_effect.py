"""Sixteen processes want the same of one store at the same moment, and it happens once (S64)."""

from collections import Counter
from datetime import timedelta

from govagents.domain.request import Status
from govagents.testing.company import Company
from tests.concurrency.crowd import CROWD, Gate, Typed, at_once
from tests.concurrency.held_up import Giving, held_up
from tests.concurrency.peace import wrong
from tests.crash.killing import (
    ANALYST,
    MANAGER,
    REDRIVE,
    ROLE,
    SRE,
    SYSTEM,
    UNCLEAR,
    killed,
    steps,
    twice,
)  # fmt: skip
from tests.journey.test_approvals import ASKING, BESIDE, BUNDLE
from tests.journey.test_approvals import MANAGER as SECOND
from tests.journey.test_approvals import OWNER as FIRST


def test_the_same_approval_counts_once(company: Company) -> None:
    """S64: one answer, one grant, one run; the others are told who was first."""
    asked = company.ask(SRE, REDRIVE).request.id
    company.restarted()

    said = at_once(company.home, [Typed("approve", asked, "--as", MANAGER)] * CROWD, Gate.DECIDING)

    after = company.view(asked)
    assert Counter(each.code for each in said) == {0: 1, 1: CROWD - 1}
    refused = [each.err for each in said if each.code]
    told = ("is already answered", "is not waiting for an approval: it is a")
    assert [err for err in refused if not any(words in err for words in told)] == []
    assert (after.status, len(after.answers), len(after.grants)) == (Status.ACTIVE, 1, 1)
    assert twice(after) == []
    assert company.holds(SRE, ROLE, SYSTEM)
    assert wrong(company, said) == []


def test_two_who_must_agree_both_count_once_when_both_answer_at_once(company: Company) -> None:
    """S44 S64: neither yes is lost, neither gives alone, and the second gives once."""
    asked = company.ask(ASKING, BESIDE).request.id
    company.restarted()
    yes = [Typed("approve", asked, "--as", person) for person in (FIRST, SECOND)]

    said = at_once(company.home, yes * (CROWD // 2), Gate.DECIDING)

    after = company.view(asked)
    assert [each.code for each in said].count(1) == CROWD - len(yes)
    assert {answer.person for answer in after.answers} == {FIRST, SECOND}
    assert (after.status, len(after.answers), len(after.grants)) == (Status.ACTIVE, 2, 1)
    assert steps(after)["grant.verified"] == steps(after)["step.remember"] == 1
    assert company.holds(ASKING, BUNDLE, "orders-db")
    assert wrong(company, said) == []


def test_the_same_answer_to_a_question_is_heard_once(company: Company) -> None:
    """S64: the others find no question open."""
    asked = company.ask(ANALYST, UNCLEAR).request.id
    company.restarted()

    answer = Typed("request", "answer", asked, "1", "--as", ANALYST)
    said = at_once(company.home, [answer] * CROWD, Gate.ANSWERING)

    assert sum("has no open question" in each.err for each in said) == CROWD - 1
    assert steps(company.view(asked))["request.answered"] == 1
    assert wrong(company, said) == []


def test_the_same_request_is_given_once_when_nobody_takes_turns(company: Company) -> None:
    """S64: permitted to all of them on the same facts; the rows let one intent through."""
    (asked,) = held_up(company, SRE, MANAGER, REDRIVE)

    said = at_once(company.home, [Giving(asked)] * CROWD, Gate.INTENDING)

    after = company.view(asked)
    assert (after.status, len(after.grants), len(company.grants())) == (Status.ACTIVE, 1, 1)
    assert company.holds(SRE, ROLE, SYSTEM)
    assert wrong(company, said) == []


def test_what_is_due_ends_once_and_what_was_cut_short_goes_on_once(holding: Company) -> None:
    """S64: sixteen sweeps, all of which begin to end the same grant before one of them is done."""
    company = holding
    due = company.newest().request.id
    cut = company.ask(SRE, REDRIVE).request.id
    killed(company, "begun", 1, "approve", cut, "--as", MANAGER)
    company.pass_time(timedelta(hours=2))
    company.restarted()

    said = at_once(company.home, [Typed("sweep", "--once")] * CROWD, Gate.CHANGING)

    ended, resumed = company.view(due), company.view(cut)
    assert {each.code for each in said} == {0}
    assert (ended.status, [grant.status for grant in ended.grants]) == (
        Status.EXPIRED,
        [Status.EXPIRED],
    )
    assert (resumed.status, len(resumed.grants), twice(resumed)) == (Status.ACTIVE, 1, [])
    assert company.holds(SRE, ROLE, SYSTEM)
    assert wrong(company, said) == []
