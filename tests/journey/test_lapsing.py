"""Unanswered for a day it is over, whoever notices; one damaged record delays no other (S22)."""

import json
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from govagents import runner
from govagents.action import guard, sweeper
from govagents.action import lapse as lapsing
from govagents.domain.grant import EffectKind
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.request import Status
from govagents.errors import StateError
from govagents.ports import Transaction
from govagents.run import Run
from govagents.testing.company import Company
from tests.journey.breaking import sql
from tests.journey.terminal import Terminal

SRE, MANAGER, OTHER = "samuel.adeyemi", "arjun.mehta", "linh.tran"
REDRIVE = "Redrive the tracking dlq, 2h"
AHEAD = "Redrive the tracking dlq on Friday from 14:00 to 16:00"
UNCLEAR = "Give me access to the orders."
DAY = timedelta(hours=24)
JUST = timedelta(seconds=1)
Answer = Callable[[Company, RequestId], None]


def entries(company: Company, request: RequestId, kind: str) -> int:
    return [event.kind for _, event in company.view(request).entries].count(kind)


def approve(company: Company, request: RequestId) -> None:
    company.app.runner.decide(request, IdentityId(MANAGER), consent=True, reason="")


def deny(company: Company, request: RequestId) -> None:
    company.app.runner.decide(request, IdentityId(MANAGER), consent=False, reason="")


def send_back(company: Company, request: RequestId) -> None:
    company.app.runner.send_back(request, IdentityId(MANAGER), "why?")


ANSWERS = pytest.mark.parametrize("answer", [approve, deny, send_back])


@ANSWERS
def test_an_answer_that_comes_a_day_late_is_refused(company: Company, answer: Answer) -> None:
    """S65: no sweeper ran; the request lapses by the answer itself, and once."""
    asked = company.ask(SRE, REDRIVE)
    company.pass_time(DAY)

    for _ in range(2):
        with pytest.raises(StateError, match="has lapsed, nobody answered: ask again"):
            answer(company, asked.request.id)
    company.sweep()

    assert company.view(asked.request.id).status is Status.LAPSED
    assert entries(company, asked.request.id, "request.lapsed") == 1
    assert not company.view(asked.request.id).answers
    assert not company.grants()


def test_an_answer_that_comes_in_time_counts(company: Company) -> None:
    """S65: a second before."""
    asked = company.ask(SRE, REDRIVE)
    company.pass_time(DAY - JUST)
    company.sweep()

    approve(company, asked.request.id)

    assert company.view(asked.request.id).status is Status.ACTIVE


def test_what_the_question_asked_is_answered_too_late_after_a_day(company: Company) -> None:
    asked = company.ask(SRE, UNCLEAR)
    assert asked.status is Status.NEEDS_INFO
    company.pass_time(DAY)

    with pytest.raises(StateError, match="has lapsed"):
        company.answer(asked, "1")

    assert company.view(asked.request.id).status is Status.LAPSED


def test_a_clock_set_back_gives_nobody_more_time(company: Company) -> None:
    asked = company.ask(SRE, REDRIVE)
    with company.app.records.begin() as tx:
        tx.settings.set("latest_instant", "2026-11-24T09:00:00Z")

    with pytest.raises(StateError, match="has lapsed"):
        approve(company, asked.request.id)


def test_nothing_waits_in_an_inbox_after_a_day(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    company.ask(SRE, REDRIVE)
    company.pass_time(DAY)

    assert Terminal(company.home, capsys).data("inbox", "--as", MANAGER)["waiting"] == []


def test_a_late_approval_is_accepted_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    for module in (runner, guard):
        monkeypatch.setattr(module, "lapse", lambda _tx, _request, _now: False)
    asked = company.ask(SRE, REDRIVE)
    company.pass_time(2 * DAY)

    approve(company, asked.request.id)

    assert company.view(asked.request.id).status is Status.ACTIVE


def answered_and_left(company: Company, monkeypatch: pytest.MonkeyPatch) -> RequestId:
    """Agreed to in time, but its process died at once; a day has passed since."""
    asked = company.ask(SRE, REDRIVE)
    with monkeypatch.context() as patch:
        patch.setattr(Run, "go_on", lambda _self, _request: None)
        approve(company, asked.request.id)
    company.pass_time(DAY)
    with company.app.records.begin() as tx:
        tx.settings.set("sweeper_seen", int(company.app.sweeper.machine.now().timestamp()))
    return asked.request.id


def test_the_guard_gives_nothing_for_what_waited_too_long(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S65: whoever asks the guard finds it closed; it lapses there, once."""
    request = answered_and_left(company, monkeypatch)

    effects = [company.app.guard.grant(request) for _ in range(2)]

    assert {effect.kind for effect in effects} == {EffectKind.DENIED}
    assert effects[0].reasons == ("the request is lapsed",)
    assert company.view(request).status is Status.LAPSED
    assert entries(company, request, "request.lapsed") == 1


def test_the_guard_gives_what_waited_too_long_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(guard, "lapse", lambda _tx, _request, _now: False)
    request = answered_and_left(company, monkeypatch)

    assert company.app.guard.grant(request).kind is EffectKind.GIVEN


class Died(BaseException):
    """The process is gone."""


def blocked(company: Company, _: pytest.MonkeyPatch) -> RequestId:
    """Agreed to; it waits for a sweeper."""
    asked = company.ask(SRE, REDRIVE)
    with company.app.records.begin() as tx:
        tx.settings.set("sweeper_seen", 0)
    assert company.approve(asked, MANAGER).status is Status.BLOCKED
    return asked.request.id


def approved(company: Company, monkeypatch: pytest.MonkeyPatch) -> RequestId:
    """Agreed to; its process died on the way to the guard."""

    def die(_self: object, _request: RequestId) -> None:
        raise Died

    asked = company.ask(SRE, REDRIVE)
    with monkeypatch.context() as patch:
        patch.setattr(guard.GuardedTargets, "grant", die)
        with pytest.raises(Died):
            approve(company, asked.request.id)
    assert company.view(asked.request.id).status is Status.APPROVED
    return asked.request.id


MONTH = timedelta(days=28)
Left = Callable[[Company, pytest.MonkeyPatch], RequestId]
LEFT = pytest.mark.parametrize("left", [blocked, approved])


@LEFT
@pytest.mark.parametrize("span", [DAY, MONTH])
def test_a_sweep_gives_nothing_that_was_agreed_to_a_day_ago(
    company: Company, left: Left, span: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S65 S22: nobody expects it any more; it lapses by the first sweep, and once."""
    request = left(company, monkeypatch)
    company.pass_time(span)

    reports = [company.app.sweeper.sweep() for _ in range(2)]

    assert [report.lapsed for report in reports] == [[request], []]
    assert not any(report.resumed or report.activated or report.problems for report in reports)
    assert company.view(request).status is Status.LAPSED
    assert entries(company, request, "request.lapsed") == 1
    assert not company.grants()


@LEFT
def test_a_sweep_gives_what_was_agreed_to_within_the_day(
    company: Company, left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = left(company, monkeypatch)
    company.pass_time(DAY - JUST)

    company.sweep()

    assert company.view(request).status is Status.ACTIVE


@LEFT
def test_the_guard_gives_nothing_that_was_agreed_to_a_day_ago(
    company: Company, left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S65: whoever asks the guard, with a sweeper alive."""
    request = left(company, monkeypatch)
    company.pass_time(MONTH)
    door = replace(company.app.guard, sweeper_alive=lambda: True)

    effects = [door.grant(request) for _ in range(2)]

    assert {effect.kind for effect in effects} == {EffectKind.DENIED}
    assert effects[0].reasons == ("the request is lapsed",)
    assert entries(company, request, "request.lapsed") == 1


@LEFT
def test_a_sweep_gives_what_was_agreed_to_a_month_ago_without_the_shipped_line(
    company: Company, left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(lapsing, "_since", unanswered_alone)
    request = left(company, monkeypatch)
    company.pass_time(MONTH)

    company.sweep()

    assert company.view(request).status is Status.ACTIVE


def unanswered_alone(tx: Transaction, request: RequestId) -> datetime | None:
    """As it was."""
    answered = tx.requests.status(request) in {Status.APPROVED, Status.BLOCKED, Status.ACTIVATING}
    return None if answered else tx.requests.since(request)


def test_what_is_scheduled_ahead_stays_until_a_day_after_its_start(company: Company) -> None:
    """S65: asked on Monday for Friday; its day begins with its start."""
    asked = company.ask(SRE, AHEAD)
    assert company.approve(asked, MANAGER).status is Status.APPROVED
    proposal = company.view(asked.request.id).proposal
    assert proposal is not None
    start = proposal.window.start

    company.at(start - JUST)
    company.sweep()
    assert company.view(asked.request.id).status is Status.APPROVED
    company.at(start)
    company.sweep()
    assert company.view(asked.request.id).status is Status.ACTIVE


def test_what_was_scheduled_lapses_when_nothing_gave_it_for_a_day(company: Company) -> None:
    asked = company.ask(SRE, AHEAD)
    company.approve(asked, MANAGER)
    proposal = company.view(asked.request.id).proposal
    assert proposal is not None
    company.at(proposal.window.start + DAY)

    company.sweep()

    assert company.view(asked.request.id).status is Status.LAPSED
    assert company.view(asked.request.id).note == "nothing gave it in time"
    assert not company.grants()


DAMAGE = [
    "UPDATE request SET changed = 'x' WHERE speaker = 'samuel.adeyemi'",
    "UPDATE request SET at = 'x' WHERE speaker = 'samuel.adeyemi'",
]


def two_waiting(company: Company) -> tuple[RequestId, RequestId]:
    """The record of the first is damaged afterwards."""
    return company.ask(SRE, REDRIVE).request.id, company.ask(OTHER, REDRIVE).request.id


@pytest.mark.parametrize("damage", DAMAGE)
def test_one_damaged_request_keeps_no_other_from_lapsing(
    company: Company, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, whole = two_waiting(company)
    company.pass_time(DAY)
    company.restarted()
    sql(damage)(company.home)
    terminal = Terminal(company.home, capsys)

    said = terminal.type("sweep", "--once", "--json")
    data = json.loads(said.out)

    assert said.code == 1
    assert (data["lapsed"], data["damaged"]) == ([whole], [broken])
    assert any(problem.startswith(f"{broken}: ") for problem in data["problems"])
    assert broken in terminal.type("sweep", "--once").err


def test_one_damaged_request_keeps_no_other_from_starting(company: Company) -> None:
    """What waited for a sweeper is given; the note of the other cannot be read."""
    broken, whole = two_waiting(company)
    with company.app.records.begin() as tx:
        tx.settings.set("sweeper_seen", 0)
    for request in (broken, whole):
        (approver, *_) = company.app.runner.approvers(request)
        company.app.runner.decide(request, approver, consent=True, reason="")
    assert company.view(whole).status is Status.BLOCKED
    company.restarted()
    sql(DAMAGE[0])(company.home)

    report = company.app.sweeper.sweep()

    assert report.activated == [whole]
    assert report.damaged == [broken]


def test_one_damaged_request_stops_every_lapse_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""

    @contextmanager
    def unguarded(*_: object):  # type: ignore[no-untyped-def]  # noqa: ANN202  # as it was
        yield

    monkeypatch.setattr(sweeper.Sweeper, "_reading", unguarded)
    _, whole = two_waiting(company)
    company.pass_time(DAY)
    company.restarted()
    sql(DAMAGE[0])(company.home)

    company.app.sweeper.sweep()

    with company.app.records.begin() as tx:
        assert tx.requests.status(whole) is Status.PENDING
