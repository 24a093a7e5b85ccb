"""A giving that its process left in the middle is over after a day (S65, S38)."""

from datetime import timedelta

import pytest

from govagents.action import lapse as lapsing
from govagents.domain.ids import RequestId
from govagents.domain.request import Status
from govagents.testing.company import Company
from tests.crash.test_interrupted import MANAGER, ROLE, SRE, SYSTEM, die
from tests.journey.standing_in import watched

DAY = timedelta(hours=24)
LONG = "Redrive the tracking dlq, 40h"


def half_given(company: Company) -> RequestId:
    """Agreed to for two days; its process died when the target had been changed."""
    asked = company.ask(SRE, LONG)
    watched(company).after_grant.append(die)
    with pytest.raises(KeyboardInterrupt):
        company.approve(asked, MANAGER)
    assert company.view(asked.request.id).status is Status.ACTIVATING
    assert company.holds(SRE, ROLE, SYSTEM)
    return asked.request.id


def test_a_giving_cut_short_a_day_ago_is_taken_back_by_a_sweep(company: Company) -> None:
    """S65 S38: nobody expects it any more; its time is not over, and it is not given."""
    request = half_given(company)
    company.pass_time(DAY)

    report = company.app.sweeper.sweep()

    assert (report.lapsed, report.activated, report.resumed) == ([request], [], [])
    view = company.view(request)
    assert (view.status, view.grants[0].status) == (Status.LAPSED, Status.REVOKED)
    assert view.note == "its giving was cut short, and what it left on a target is taken back"
    assert [event.kind for _, event in view.entries][-3:] == [
        "request.lapsed",
        "grant.ending",
        "grant.ended",
    ]
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_a_giving_cut_short_a_day_ago_is_taken_back_by_the_guard(company: Company) -> None:
    """S65 S38: whoever asks it, before any sweep."""
    request = half_given(company)
    company.pass_time(DAY)

    effect = company.app.guard.grant(request)

    assert effect.reasons == ("the request is lapsed; all of it was taken back",)
    assert company.view(request).status is Status.LAPSED
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_a_giving_cut_short_a_day_ago_is_given_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(lapsing, "_CUT", frozenset())
    request = half_given(company)
    company.pass_time(DAY)

    company.sweep()

    assert company.view(request).status is Status.ACTIVE
