"""More time for what is held: a new decision, counted from the first activation (S39 S60).

The old end stays until the extension is active, and the role is taken away at no moment.
"""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from govagents.action import expiry, extending
from govagents.action import runs as recorded
from govagents.adapters import facts
from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId, RequestId, RoleId, SystemId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.errors import InputError, StateError
from govagents.ports import Holding, Order, Transaction
from govagents.run import Run
from govagents.testing.company import Company
from tests.journey.breaking import HOLDER, OWNER, ROLE, SYSTEM

RESPONDER, THEIRS = "agent-sre-responder", "katarzyna.wolska"
HOUR = timedelta(hours=1)


def only(company: Company) -> Grant:
    (grant,) = company.grants(Status.ACTIVE)
    return grant


def held(company: Company) -> bool:
    return company.holds(HOLDER, ROLE, SYSTEM)


def test_a_grant_goes_on_when_whoever_decides_agrees(holding: Company) -> None:
    """S39: approved anew, given while the first runs, held throughout, ended at the new end."""
    first = only(holding)
    asked = holding.extend(first, HOUR)
    assert asked.status is Status.PENDING
    holding.pass_time(timedelta(minutes=90))

    given = holding.approve(asked, OWNER)

    (second,) = given.grants
    assert (given.status, second.window.end) == (Status.ACTIVE, first.window.end + HOUR)
    holding.pass_time(timedelta(minutes=30))
    holding.sweep()
    assert (holding.view(first.request).status, held(holding)) == (Status.EXPIRED, True)
    holding.pass_time(HOUR)
    holding.sweep()
    assert (holding.view(second.request).status, held(holding)) == (Status.EXPIRED, False)
    assert changes(holding) == [True, False]


def changes(company: Company) -> list[bool]:
    """What really changed on the target: gained, or lost."""
    with closing(sqlite3.connect(company.home / "sim.db")) as target:
        query = "SELECT gained FROM change WHERE subject = ? AND role = ? ORDER BY n"
        return [bool(gained) for (gained,) in target.execute(query, (HOLDER, ROLE))]


def test_the_role_is_taken_away_in_between_without_the_shipped_line(
    holding: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: the first one's end takes what the second one gives."""
    monkeypatch.setattr(expiry, "_references", lambda *_: ())
    holding.approve(holding.extend(only(holding), HOUR), OWNER)
    holding.pass_time(2 * HOUR)

    holding.sweep()

    assert len(holding.grants(Status.ACTIVE)) == 1
    assert not held(holding)


def test_what_was_held_before_stays_when_an_extension_ends(company: Company) -> None:
    """S39: what the first one found there the second one respects, too."""
    system = SystemId(SYSTEM)
    target = company.app.guard.targets.of(system)
    target.grant(Order(system, RoleId(ROLE), IdentityId(HOLDER), "elsewhere"))
    company.approve(company.ask(HOLDER, "Redrive the tracking dlq, 2h"), OWNER)
    company.approve(company.extend(only(company), HOUR), OWNER)
    company.pass_time(3 * HOUR)

    company.sweep()

    assert not company.grants(Status.ACTIVE)
    assert held(company)


def test_the_old_end_stays_when_nobody_has_answered_or_somebody_said_no(holding: Company) -> None:
    """S39: asking moves nothing, nor does a no."""
    first = only(holding)
    denied = holding.deny(holding.extend(first, HOUR), OWNER)
    assert denied.status is Status.DENIED

    holding.pass_time(2 * HOUR)
    holding.sweep()

    assert [each.window for each in holding.grants()] == [first.window]
    assert not held(holding)


def test_only_whoever_asked_may_have_it_extended(holding: Company) -> None:
    """S39: words that somebody else wrote are nobody's own."""
    with pytest.raises(StateError, match="ask in your own words"):
        holding.extend(only(holding), HOUR, speaker=OWNER)


def test_it_is_refused_when_it_is_no_later_than_it_is(holding: Company) -> None:
    """S39."""
    with pytest.raises(InputError, match="as it is: name a later end"):
        holding.extend(only(holding), timedelta(0))


def agent_holds(company: Company, hours: int) -> Grant:
    company.approve(company.ask(RESPONDER, f"Redrive the tracking dlq, {hours}h"), THEIRS)
    return only(company)


def test_an_agent_that_extends_its_own_is_decided_on_like_any_other(company: Company) -> None:
    """S39 S60: it asks its owner again, who is told of the whole time."""
    first = agent_holds(company, 10)

    asked = company.extend(first, HOUR)

    assert asked.status is Status.PENDING
    assert company.app.runner.approvers(asked.request.id) == (THEIRS,)
    assert company.approve(asked, THEIRS).status is Status.ACTIVE


def test_what_is_left_is_said_when_more_is_asked_for(company: Company) -> None:
    """S60: an agent holds a role for a day at the most, here an hour more."""
    first = agent_holds(company, 23)

    with pytest.raises(InputError, match=r"24 h at most; at most `--until 2026-11-24T09:00:00Z`"):
        company.extend(first, 2 * HOUR)

    company.approve(company.extend(first, HOUR), THEIRS)
    company.pass_time(timedelta(hours=23, minutes=30))
    company.sweep()
    with pytest.raises(StateError, match=r"no time is left .* held since 2026-11-23T09:00:00Z"):
        company.extend(only(company), timedelta(minutes=1))


def salami(company: Company) -> View:
    """Each slice is asked for before the one before is over; the first has ended by the third."""
    first = agent_holds(company, 10)
    company.pass_time(9 * HOUR)
    company.approve(company.extend(first, 7 * HOUR), THEIRS)
    company.pass_time(7 * HOUR)
    company.sweep()
    return company.extend(only(company), 8 * HOUR)


def unlimited(_tx: object, _given: object, _until: object, _now: object) -> None:
    """Nobody says in advance that it would be too long."""


def test_policy_denies_a_chain_that_counts_from_its_first_grant(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60: the refusal in words spares the way; what denies is policy."""
    monkeypatch.setattr(extending, "_within", unlimited)

    third = salami(company)

    assert third.decision is not None
    assert [each.policy for each in third.decision.reasons] == ["max-time-of-agents"]


def test_slices_add_up_to_more_than_a_day_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60: the harm: each end forgets what was before it.

    removes: govagents/action/extending.py (attenuation)
    """
    real = recorded.runs

    def live(
        tx: Transaction, who: IdentityId, *, besides: RequestId, now: object
    ) -> tuple[Holding, ...]:
        over = {each.window.start for each in tx.grants.of_identity(who) if each.ended}
        found = real(tx, who, besides=besides, now=now)  # type: ignore[arg-type]  # as it came
        return tuple(each for each in found if each.window and each.window.start not in over)

    monkeypatch.setattr(extending, "_within", unlimited)
    monkeypatch.setattr(facts, "runs", live)

    assert company.approve(salami(company), THEIRS).status is Status.ACTIVE


def test_all_of_it_ends_when_the_task_is_completed(holding: Company) -> None:
    """S39: what was extended is one task."""
    first = only(holding)
    holding.approve(holding.extend(first, HOUR), OWNER)

    holding.app.guard.expiry.complete(first.id, actor=IdentityId(HOLDER))

    assert not holding.grants(Status.ACTIVE)
    assert not held(holding)


def cut_off(company: Company, monkeypatch: pytest.MonkeyPatch) -> Grant:
    """The process dies between keeping what was asked and beginning with it."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    first = only(company)
    with monkeypatch.context() as patch:
        patch.setattr(Run, "go_on", die)
        with pytest.raises(KeyboardInterrupt):
            company.extend(first, HOUR)
    company.restarted()
    return first


def test_it_goes_on_as_what_it_was_when_its_process_died(
    holding: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S64: there is no checkpoint yet; that it is an extension stands in the records."""
    first = cut_off(holding, monkeypatch)

    holding.sweep()

    found = holding.newest()
    assert found.extension is not None
    assert (found.status, found.extension.grant) == (Status.PENDING, first.id)
    assert found.proposal is not None
    assert found.proposal.window.end == first.window.end + HOUR


def edited(company: Company) -> None:
    """The attacker can write the database, and wants a later end than was asked for."""
    with company.app.records.begin() as tx:
        tx.session.connection().exec_driver_sql(
            "UPDATE finding SET body = CAST(replace(CAST(body AS TEXT), ?, ?) AS BLOB) "
            "WHERE key = 'extension'",
            ("2026-11-23T12:00:00Z", "2026-11-24T12:00:00Z"),
        )


def test_an_edited_extension_is_refused_when_its_run_goes_on(
    holding: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S64."""
    cut_off(holding, monkeypatch)
    edited(holding)

    holding.sweep()

    assert holding.newest().status is Status.BLOCKED


def test_an_edited_extension_is_refused_when_it_is_given(holding: Company) -> None:
    """S64: at the door."""
    asked = holding.extend(only(holding), HOUR)
    edited(holding)

    refused = holding.approve(asked, OWNER)

    assert (refused.status, refused.grants) == (Status.BLOCKED, ())
