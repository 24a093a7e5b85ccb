"""Two processes come to one request, and one of them runs it.

What keeps an effect from happening twice is in the rows: one settling answer, one live grant. The
turn keeps a run from being gone through twice, which the log would show.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from govagents.adapters.turns import FileTurns
from govagents.domain.ids import RequestId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.testing.company import Company
from tests.crash.dying import Point
from tests.crash.killing import (
    APPROVE,
    ASK,
    REDRIVE,
    ROLE,
    SRE,
    SWEEP,
    SYSTEM,
    killed,
    newest,
    started,
    steps,
    swept,
    twice,
)  # fmt: skip

APPROVED = 3  # checkpoints of the run that an approval starts, by the time policy has permitted


@pytest.fixture
def asked(company: Company) -> View:
    return company.ask(SRE, REDRIVE)


@contextmanager
def in_the_middle(company: Company) -> Iterator[None]:
    """Another process approves, and stands still when policy has permitted; it ends on leaving."""
    running = started(company, *APPROVE, at=Point("checkpointed", APPROVED, waits=True))
    running.reached()
    yield
    running.goes_on()
    assert running.ended() == 0, running.err


def test_a_run_is_left_alone_when_another_process_is_at_it(company: Company, asked: View) -> None:
    """S64: the sweep of a second process gives what was approved, and goes through no step."""
    with in_the_middle(company):
        report = swept(company)
        during = company.view(asked.request.id)
        company.restarted()

    after = company.view(asked.request.id)
    assert (report["resumed"], report["problems"]) == ([], [])
    assert "step.grant" not in steps(during)
    assert (after.status, len(after.grants), twice(after)) == (Status.ACTIVE, 1, [])
    assert steps(after)["grant.verified"] == steps(after)["step.remember"] == 1
    assert company.holds(SRE, ROLE, SYSTEM)


def test_a_run_is_gone_through_twice_when_turns_are_not_kept(
    company: Company, asked: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the line; even so the rows yield one grant."""

    @contextmanager
    def everybody(turns: FileTurns, request: RequestId, *, wait: bool) -> Iterator[bool]:
        yield True

    monkeypatch.setattr(FileTurns, "take", everybody)
    with in_the_middle(company):
        company.sweep()
        during = company.view(asked.request.id)
        company.restarted()

    after = company.view(asked.request.id)
    assert steps(during)["step.grant"] == 1
    assert "step.grant" in twice(after)
    assert (len(after.grants), steps(after)["grant.verified"]) == (1, 1)


def test_two_sweeps_at_once_finish_a_run_once(company: Company, asked: View) -> None:
    """S64: each in a process of its own."""
    killed(company, "begun", 1, *APPROVE)

    both = [started(company, *SWEEP) for _ in "ab"]
    assert [each.ended() for each in both] == [0, 0]
    said = [each.out for each in both]

    after = company.view(asked.request.id)
    assert sum(asked.request.id in each.partition('"activated"')[0] for each in said) == 1
    assert (after.status, len(after.grants), twice(after)) == (Status.ACTIVE, 1, [])


def test_an_answer_waits_for_its_turn_and_finds_it_done(company: Company) -> None:
    """Two runs of one request, one after the other: the second has nothing left to do."""
    company.sweep()
    killed(company, "begun", 1, *ASK)
    runs, request = company.app.runner.runs, newest(company).request

    runs.go_on(request)
    before = newest(company).entries
    runs.go_on(request)

    assert newest(company).entries == before
    assert newest(company).status is Status.PENDING
