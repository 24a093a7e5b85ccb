"""Access does not outlive who has it, and who has left decides nothing (S27, S32, S38, S44)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from govagents import runner
from govagents.action import giving, guard, sweeper
from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.errors import StateError
from govagents.planning import proposer
from govagents.policy import facts
from govagents.testing.company import Company
from tests.journey.breaking import sql
from tests.journey.people import changed
from tests.journey.terminal import Terminal

SRE, MANAGER, ABOVE = "samuel.adeyemi", "arjun.mehta", "yusuf.demir"
AGENT, CHILD, OWNER = "agent-sre-responder", "agent-log-reader", "katarzyna.wolska"
REDRIVE = "Redrive the tracking dlq, 2h"
LATE = datetime(2026, 11, 23, 23, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"


def given(company: Company, speaker: str, approver: str) -> View:
    """Active until two hours from now."""
    view = company.approve(company.ask(speaker, REDRIVE), approver)
    assert view.status is Status.ACTIVE
    return view


def tell_policy_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No fact says that an identity has ended."""
    monkeypatch.setattr(facts, "gone", lambda _world, _identity, _at: False)
    monkeypatch.setattr(facts, "end_of", lambda _world, _identity: None)


def grant_of(company: Company, view: View) -> Grant:
    (grant,) = company.view(view.request.id).grants
    return grant


def test_access_ends_with_the_identity_when_that_ends_first(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """S38: cut like by a role's maximum, and said so before anybody agrees."""
    changed(company, AGENT, tmp_path / "world", expires="2026-11-24")
    company.at(LATE)

    asked = company.ask(AGENT, REDRIVE)
    after = company.approve(asked, OWNER)

    assert asked.proposal is not None
    assert asked.proposal.ends_with_identity
    assert after.status is Status.ACTIVE
    assert [grant.window.end for grant in after.grants] == [MIDNIGHT]
    shown = Terminal(company.home, capsys).type("request", "show", asked.request.id).words
    assert "2026-11-23 23:00 to 2026-11-24 00:00 UTC (1 h)" in shown
    assert "itself, or what it acts for, ends then" in shown


def test_access_ends_with_the_identity_when_agreed_to_late(
    company: Company, tmp_path: Path
) -> None:
    """S65: asked so early that nothing was cut, given so late that it would run past the end."""
    changed(company, AGENT, tmp_path / "world", expires="2026-11-24")
    company.at(LATE - timedelta(hours=2))
    asked = company.ask(AGENT, REDRIVE)
    assert asked.proposal is not None
    assert not asked.proposal.ends_with_identity
    company.at(LATE)

    after = company.approve(asked, OWNER)

    assert [grant.window.end for grant in after.grants] == [MIDNIGHT]


def test_access_outlives_the_identity_without_the_shipped_lines(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: an hour past midnight."""
    for module in (proposer, facts, giving):
        monkeypatch.setattr(module, "end_of", lambda _world, _identity: None)
    changed(company, AGENT, tmp_path / "world", expires="2026-11-24")
    company.at(LATE)

    after = company.approve(company.ask(AGENT, REDRIVE), OWNER)

    assert [grant.window.end for grant in after.grants] == [MIDNIGHT + timedelta(hours=1)]


def test_nothing_is_given_when_the_identity_has_ended_and_no_policy_says_so(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S38: what a policy forgot the guard still knows."""
    asked = company.ask(AGENT, REDRIVE)
    changed(company, AGENT, tmp_path / "world", expires="2026-11-23")
    tell_policy_nothing(monkeypatch)

    after = company.approve(asked, OWNER)

    assert after.status is Status.DENIED
    assert after.note == f"`{AGENT}` itself has ended by then: nothing is given"
    assert not after.grants


def test_the_guard_gives_to_the_ended_without_the_shipped_line(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: what is over by its own end is put on a target."""
    asked = company.ask(AGENT, REDRIVE)
    changed(company, AGENT, tmp_path / "world", expires="2026-11-23")
    tell_policy_nothing(monkeypatch)
    monkeypatch.setattr(guard, "_passed", lambda _case, _window: None)

    assert company.approve(asked, OWNER).grants


@pytest.mark.parametrize(
    ("holder", "approver", "fields"),
    [(SRE, MANAGER, {"status": "leaver"}), (AGENT, OWNER, {"expires": "2026-11-23"})],
    ids=["leaver", "expired"],
)
def test_the_grants_of_who_is_gone_end_at_the_next_sweep(
    company: Company, tmp_path: Path, holder: str, approver: str, fields: dict[str, object]
) -> None:
    """S27 S44: with cause `left`, so that nothing that overlaps keeps the role there."""
    first, second = given(company, holder, approver), given(company, holder, approver)
    changed(company, holder, tmp_path / "world", **fields)

    report = company.app.sweeper.sweep()

    ended = [grant_of(company, view) for view in (first, second)]
    assert {(each.status, each.cause) for each in ended} == {(Status.REVOKED, "left")}
    assert report.left[:1]
    assert not report.problems
    assert not company.holds(holder, ROLE, SYSTEM)
    assert company.view(first.request.id).status is Status.REVOKED


def test_the_grant_of_an_agent_ends_when_what_it_acts_for_has_ended(
    company: Company, tmp_path: Path
) -> None:
    """S27: the grant ends with its principal."""
    given(company, AGENT, OWNER)
    view = given(company, CHILD, OWNER)
    changed(company, AGENT, tmp_path / "world", expires="2026-11-23")

    company.sweep()

    assert grant_of(company, view).cause == "left"


def test_somebody_on_leave_keeps_what_was_given(company: Company, tmp_path: Path) -> None:
    """S44: who is away has not left; nothing new is given, nothing is taken."""
    view = given(company, SRE, MANAGER)
    changed(company, SRE, tmp_path / "world", status="on_leave")

    company.sweep()

    assert grant_of(company, view).status is Status.ACTIVE


def test_a_leaver_keeps_access_without_the_shipped_line(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(sweeper, "gone", lambda _world, _identity, _at: False)
    view = given(company, SRE, MANAGER)
    changed(company, SRE, tmp_path / "world", status="leaver")

    company.sweep()

    assert grant_of(company, view).status is Status.ACTIVE
    assert company.holds(SRE, ROLE, SYSTEM)


def test_what_is_due_ends_when_the_company_cannot_be_read(company: Company) -> None:
    """S27: who left cannot be told then, which is said; everything else goes on."""
    view = given(company, SRE, MANAGER)
    sql("UPDATE item SET body = x'7b7d'")(company.home)
    company.pass_time(timedelta(hours=2))

    report = company.restarted().app.sweeper.sweep()

    assert grant_of(company, view).status is Status.EXPIRED
    assert any("who has left cannot be told" in problem for problem in report.problems)


@pytest.mark.parametrize("fields", [{"status": "leaver"}, {"status": "on_leave"}])
def test_who_left_decides_nothing_any_more(
    company: Company, tmp_path: Path, fields: dict[str, object]
) -> None:
    """S65: a denial binds for a day, so it needs a seat as an approval does; the seat moves on."""
    asked = company.ask(SRE, REDRIVE)
    changed(company, MANAGER, tmp_path / "world", **fields)
    decide = company.app.runner.decide
    name, gone, above = asked.request.id, IdentityId(MANAGER), IdentityId(ABOVE)

    for consent in (False, True):
        with pytest.raises(StateError, match=f"not for `{MANAGER}` to decide: {ABOVE} may"):
            decide(name, gone, consent=consent, reason="")
    with pytest.raises(StateError, match=f"not for `{MANAGER}` to decide"):
        company.app.runner.send_back(name, gone, "why?")
    assert company.app.runner.approvers(name) == (above,)
    assert company.ask(SRE, REDRIVE).status is Status.PENDING  # nothing was denied

    assert company.approve(asked, ABOVE).status is Status.ACTIVE


def test_an_inbox_is_of_who_fills_the_seat_now(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """S65: not of who filled it when it was asked."""
    asked = company.ask(SRE, REDRIVE)
    terminal = Terminal(company.home, capsys)

    def inboxes() -> list[list[str]]:
        found = [terminal.data("inbox", "--as", who)["waiting"] for who in (MANAGER, ABOVE)]
        return [[each["request_id"] for each in waiting] for waiting in found]

    before = inboxes()
    changed(company, MANAGER, tmp_path / "world", status="leaver")

    assert before == [[asked.request.id], []]
    assert inboxes() == [[], [asked.request.id]]
    assert terminal.type("deny", "--last", "--as", MANAGER).code != 0
    shown = terminal.type("request", "show", asked.request.id)
    assert f"govagents approve {asked.request.id} --as {ABOVE}" in shown.words


def test_a_leaver_still_denies_without_the_shipped_line(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: it binds for a day."""
    monkeypatch.setattr(
        runner, "seated", lambda _world, _catalog, _seating, consents: consents
    )  # whoever was asked at the time
    asked = company.ask(SRE, REDRIVE)
    changed(company, MANAGER, tmp_path / "world", status="leaver")

    company.deny(asked, MANAGER)

    assert company.ask(SRE, REDRIVE).status is Status.DENIED


def test_a_grant_runs_as_asked_when_the_identity_outlasts_it(company: Company) -> None:
    """S38: nothing is cut where nothing ends."""
    view = given(company, AGENT, OWNER)

    assert view.proposal is not None
    assert not view.proposal.ends_with_identity
    assert grant_of(company, view).window.length == timedelta(hours=2)
