"""A process is killed between two of its steps, and another one sweeps: nothing is left hanging.

The processes are real, and so is the kill. What the second one finds is what the first had
committed; it ends with one decision and one grant, as if nothing had happened (S64).
"""

import pytest

from govagents.action.sweeper import Sweeper
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.testing.company import Company
from tests.crash.killing import (
    ANALYST,
    APPROVE,
    ASK,
    DENY,
    MANAGER,
    REDRIVE,
    RETURN,
    ROLE,
    SRE,
    SYSTEM,
    UNCLEAR,
    killed,
    newest,
    steps,
    swept,
    twice,
)  # fmt: skip
from tests.journey.terminal import Terminal


@pytest.fixture
def asked(company: Company) -> View:
    return company.ask(SRE, REDRIVE)


@pytest.mark.parametrize(("point", "count"), [("begun", 1), ("checkpointed", 1)])
def test_a_request_is_asked_on_when_its_process_was_killed(
    company: Company, point: str, count: int
) -> None:
    """S64: after its row, after the first checkpoint; `test_boundaries` has the rest."""
    company.sweep()
    killed(company, point, count, *ASK)
    assert newest(company).status is Status.DRAFT
    name = newest(company).request.id

    report = swept(company)

    after = newest(company)
    assert (report["resumed"], report["problems"]) == ([name], [])
    assert (after.status, twice(after)) == (Status.PENDING, [])
    assert company.app.sweeper.sweep().resumed == []
    assert company.approve(after, MANAGER).status is Status.ACTIVE


@pytest.mark.parametrize(
    ("point", "count"),
    [("begun", 1), ("changed", 1), ("checkpointed", 5)],
)
def test_an_approved_request_is_given_once_when_its_process_was_killed(
    company: Company, asked: View, point: str, count: int
) -> None:
    """S64: after the answer, and at two places of the run that follows."""
    killed(company, point, count, *APPROVE)

    report = swept(company)

    after = company.view(asked.request.id)
    assert (report["resumed"], report["problems"]) == ([asked.request.id], [])
    assert (after.status, len(after.answers), len(after.grants)) == (Status.ACTIVE, 1, 1)
    assert twice(after) == []
    assert steps(after)["step.remember"] == 1
    assert company.holds(SRE, ROLE, SYSTEM)
    assert company.app.sweeper.sweep().resumed == []


def test_a_denied_request_ends_denied_when_its_process_was_killed(
    company: Company, asked: View
) -> None:
    killed(company, "begun", 1, *DENY)
    assert company.view(asked.request.id).status is Status.PENDING

    report = swept(company)

    after = company.view(asked.request.id)
    assert report["resumed"] == [asked.request.id]
    assert (after.status, after.grants, twice(after)) == (Status.DENIED, (), [])


def test_a_clarified_request_is_read_on_when_its_process_was_killed(company: Company) -> None:
    name = company.ask(ANALYST, UNCLEAR).request.id
    assert company.view(name).status is Status.NEEDS_INFO
    killed(company, "begun", 1, "request", "answer", name, "1", "--as", ANALYST)
    assert company.view(name).status is Status.PENDING

    report = swept(company)

    after = company.view(name)
    assert report["resumed"] == [name]
    assert (steps(after)["step.clarify"], twice(after)) == (1, [])
    assert not company.app.sweeper.sweep().resumed


def test_a_returned_request_stays_returned_when_its_process_was_killed(
    company: Company, asked: View
) -> None:
    killed(company, "done", 1, *RETURN)

    assert swept(company)["resumed"] == []
    assert company.view(asked.request.id).status is Status.RETURNED


def test_nothing_is_gone_on_with_when_it_waits_for_a_person(company: Company, asked: View) -> None:
    """Nor is there anything to go on with when only a plan was made."""
    open_question = company.ask(ANALYST, UNCLEAR)
    company.plan(SRE, REDRIVE)
    before = asked.entries, open_question.entries

    report = swept(company)

    assert report["resumed"] == []
    assert before == (
        company.view(asked.request.id).entries,
        company.view(open_question.request.id).entries,
    )


def test_a_request_is_left_hanging_when_nothing_goes_on_with_it(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the line."""
    company.sweep()
    killed(company, "begun", 1, *ASK)
    monkeypatch.setattr(Sweeper, "_resume", lambda *_: None)

    company.sweep()

    assert newest(company).status is Status.DRAFT
    assert dict(steps(newest(company))) == {"request.received": 1}


def test_what_was_cut_short_is_said_when_somebody_looks(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    company.sweep()
    killed(company, "begun", 1, *ASK)
    name = newest(company).request.id
    company.restarted()
    terminal = Terminal(company.home, capsys)

    found = terminal.type("doctor")
    done = terminal.type("sweep", "--once")
    found_since = terminal.type("doctor")

    assert "1 request did not finish its run: `govagents sweep --once`" in found.words
    assert f"resumed {name}: pending" in done.words
    assert f"next govagents request show {name}" in done.words
    assert "1 under way, none cut short" in found_since.words
