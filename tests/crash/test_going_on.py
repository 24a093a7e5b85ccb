"""Going on with what was cut short is bounded: it fails once, is said, and keeps nobody waiting."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from govagents.action import unfinished
from govagents.action.guard import GuardedTargets
from govagents.action.unfinished import RESUMED, TRIES, left_undone
from govagents.domain.ids import IdentityId
from govagents.domain.request import Request, Status
from govagents.domain.view import View
from govagents.errors import ConfigurationError, StateError
from govagents.run import Run
from govagents.steps import Keeper
from govagents.testing.company import Company
from govagents.wiring import opening
from tests.crash.killing import MANAGER, REDRIVE, ROLE, SRE, SYSTEM

OTHER = "linh.tran"


def cut(company: Company, speaker: str, patch: pytest.MonkeyPatch) -> View:
    """A request whose process died before its run."""
    with patch.context() as dying:
        dying.setattr(Run, "go_on", lambda *_: None)
        return company.view(company.app.runner.ask(IdentityId(speaker), REDRIVE))


def refuse(keeper: Keeper, request: Request, seen: Mapping[str, object]) -> None:
    if request.speaker == SRE:
        message = "no more"
        raise StateError(message)


def test_the_others_are_finished_when_one_run_fails_again(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S39: it is said with its id, ends blocked, and is not tried a second time."""
    first, second = cut(company, SRE, monkeypatch), cut(company, OTHER, monkeypatch)
    monkeypatch.setattr(Keeper, "check", refuse)

    report = company.app.sweeper.sweep()
    again = company.app.sweeper.sweep()

    assert report.resumed == [second.request.id]
    assert report.problems == [f"{first.request.id}: its run failed again: intake: no more"]
    assert company.view(first.request.id).status is Status.BLOCKED
    assert company.view(second.request.id).status is Status.PENDING
    assert (again.resumed, again.problems) == ([], [])


def test_a_run_is_given_up_when_it_kills_whoever_goes_on_with_it(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = cut(company, SRE, monkeypatch)
    with monkeypatch.context() as dying:
        dying.setattr(Keeper, "check", _die)
        for _ in range(TRIES):
            with pytest.raises(KeyboardInterrupt):
                company.app.sweeper.sweep()

    report = company.restarted().app.sweeper.sweep()

    after = company.view(asked.request.id)
    assert "cut short again and again" in after.note
    assert after.status is Status.BLOCKED
    assert report.problems == [f"{asked.request.id}: its run failed again: {after.note}"]
    assert [event.kind for _, event in after.entries].count(RESUMED) == TRIES + 1


def test_whoever_goes_on_is_killed_for_ever_when_nothing_is_given_up(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the line."""
    asked = cut(company, SRE, monkeypatch)
    monkeypatch.setattr(unfinished, "TRIES", 1000)
    monkeypatch.setattr(Keeper, "check", _die)

    for _ in range(TRIES + 2):
        with pytest.raises(KeyboardInterrupt):
            company.app.sweeper.sweep()

    assert company.view(asked.request.id).status is Status.DRAFT


def test_nothing_is_blocked_when_the_runner_cannot_be_made(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What giving needs is broken: that is no fault of the request, and the next sweep tries."""
    asked = cut(company, SRE, monkeypatch)
    company.restarted()

    def broken(*_: object) -> object:
        message = "the policies cannot be read"
        raise ConfigurationError(message)

    ending = opening.open_ending(company.home)
    with monkeypatch.context() as breaking:
        breaking.setattr(opening, "guard_of", broken)
        report = ending.sweeper.sweep()
    repaired = ending.sweeper.sweep()
    ending.records.close()

    problem = f"{asked.request.id}: not gone on with: the policies cannot be read"
    assert (report.resumed, report.problems) == ([], [problem])
    assert repaired.resumed == [asked.request.id]


def test_a_request_lapses_when_nobody_went_on_with_it_for_a_day(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S38: an approval that nobody acted on gives nothing days later."""
    draft, approved = cut(company, SRE, monkeypatch), company.ask(OTHER, REDRIVE)
    assert approved.decision is not None
    with monkeypatch.context() as dying:
        dying.setattr(Run, "go_on", lambda *_: None)
        company.approve(approved, approved.decision.approvers[0])
    company.pass_time(timedelta(hours=24))

    report = company.app.sweeper.sweep()

    assert report.lapsed == [draft.request.id, approved.request.id]
    assert report.resumed == []
    assert company.view(approved.request.id).note == "its run was cut short"
    assert not company.grants()


def test_a_run_begins_anew_when_its_checkpoint_is_lost(company: Company) -> None:
    """What was found and answered is in the database of record; the approval fits the same set."""
    asked = company.ask(SRE, REDRIVE)
    for file in company.home.glob("checkpoints.db*"):
        file.unlink()

    after = company.approve(asked, MANAGER)

    assert (after.status, len(after.grants)) == (Status.ACTIVE, 1)


def test_what_was_given_is_not_decided_anew_when_its_checkpoint_is_lost(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after giving: the run cannot go on, the grant stays what it is and ends on time."""
    asked = company.ask(SRE, REDRIVE)
    with monkeypatch.context() as dying:
        dying.setattr(GuardedTargets, "observe", _die)
        with pytest.raises(KeyboardInterrupt):
            company.approve(asked, MANAGER)
    for file in company.home.glob("checkpoints.db*"):
        file.unlink()

    report, again = company.app.sweeper.sweep(), company.app.sweeper.sweep()

    assert "its run failed again" in report.problems[0]
    assert again.problems == []
    assert company.view(asked.request.id).status is Status.ACTIVE
    company.pass_time(timedelta(hours=3))
    company.sweep()
    assert not company.holds(SRE, ROLE, SYSTEM)


@pytest.mark.parametrize(
    ("status", "kinds", "left"),
    [
        (Status.DRAFT, "received", True),
        (Status.DRAFT, "received triage read", True),
        (Status.NEEDS_INFO, "received resolve", True),
        (Status.NEEDS_INFO, "received resolve recall", False),
        (Status.PENDING, "received resolve recall answered", True),
        (Status.PENDING, "received resolve recall answered recall", True),
        (Status.PENDING, "received decide", False),
        (Status.PENDING, "received decide resumed", False),
        (Status.PENDING, "received decide approved", True),
        (Status.PENDING, "received decide approved resumed", True),
        (Status.PENDING, "received decide denied ask", True),
        (Status.PENDING, "received decide approved ask assess decide", False),
        (Status.PENDING, "received decide approved ask approved assess decide", True),
        (Status.PENDING, "received decide grant", False),
        (Status.APPROVED, "received decide", True),
        (Status.APPROVED, "received decide grant remember", False),
        (Status.ACTIVATING, "received decide", True),
        (Status.ACTIVE, "received decide grant", True),
        (Status.ACTIVE, "received decide grant verify remember", False),
        (Status.ACTIVE, "received decide grant blocked", False),
        (Status.BLOCKED, "received decide", False),
        (Status.EXPIRED, "received decide grant", False),
        (Status.CANCELLED, "received decide approved", False),
    ],
)
def test_what_is_left_undone_is_known_when_status_and_entries_are(
    status: Status, kinds: str, left: bool
) -> None:
    names = {
        "answered": "request.answered",
        "approved": "answer.approved",
        "denied": "answer.denied",
        **{name: f"request.{name}" for name in ("received", "resumed", "blocked")},
    }

    assert left_undone(status, [names.get(kind, f"step.{kind}") for kind in kinds.split()]) is left


def _die(*_: object) -> None:
    raise KeyboardInterrupt
