"""A process dies, two race, a target fails: what is left is given whole or not at all.

A process is killed by raising what nothing catches; the store is then opened as a new process
would. Races are made by a target that does the other thing in the middle of a call.
"""

import shutil
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.errors import TargetUnavailableError
from govagents.testing.company import Company
from tests.journey.standing_in import watched

SRE, MANAGER = "samuel.adeyemi", "arjun.mehta"
REDRIVE = "Redrive the tracking dlq, 2h"
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"
EDI, DEVELOPER, OWNER = (
    "INC-4408: look at and requeue the parked nordkraft edi msgs, 4h",
    "viktor.horvath",
    "isabelle.laurent",
)


def die() -> None:
    raise KeyboardInterrupt


def busy() -> None:
    message = "no answer"
    raise TargetUnavailableError(message)


@pytest.fixture
def killed(company: Company) -> View:
    """Approved; the process died when the target had been changed and nothing was written yet."""
    asked = company.ask(SRE, REDRIVE)
    watched(company).after_grant.append(die)
    with pytest.raises(KeyboardInterrupt):
        company.approve(asked, MANAGER)
    assert company.holds(SRE, ROLE, SYSTEM)
    company.restarted()
    return asked


def test_an_interrupted_giving_is_finished_by_the_next_sweep(
    company: Company, killed: View
) -> None:
    """S39 S64: one effect, one entry for each transition."""
    company.sweep()

    view = company.view(killed.request.id)
    kinds = [event.kind for _, event in view.entries if event.kind.startswith("grant.")]
    assert view.status is Status.ACTIVE
    assert kinds == ["grant.intended", "grant.applied", "grant.verified"]


def test_an_interrupted_giving_is_taken_back_when_its_time_has_passed(
    company: Company, killed: View
) -> None:
    """S38: nothing stays half given."""
    company.pass_time(timedelta(hours=48))

    company.sweep()

    assert not company.holds(SRE, ROLE, SYSTEM)
    assert company.view(killed.request.id).grants[0].status is Status.EXPIRED


def test_an_interrupted_giving_is_taken_back_when_policy_now_says_no(
    company: Company, killed: View
) -> None:
    shutil.rmtree(company.home / "policies")

    company.restarted().sweep()

    assert not company.holds(SRE, ROLE, SYSTEM)
    assert company.view(killed.request.id).status is Status.DENIED


def test_a_grant_revoked_while_it_is_given_is_not_left_behind(company: Company) -> None:
    """The owner revokes between effect and reading back."""
    asked = company.ask(SRE, REDRIVE)
    target = watched(company)

    def revoke() -> None:
        grant = company.view(asked.request.id).grants[0]
        company.app.guard.end(grant.id, actor=IdentityId(MANAGER), cause="revoked")

    target.after_grant.append(revoke)
    after = company.approve(asked, MANAGER)

    assert not company.holds(SRE, ROLE, SYSTEM)
    assert after.status is Status.REVOKED
    assert after.grants[0].status is Status.REVOKED


def two_grants(company: Company) -> tuple[View, View]:
    first = company.approve(company.ask(SRE, REDRIVE), MANAGER)
    company.pass_time(timedelta(minutes=1))
    return first, company.approve(company.ask(SRE, REDRIVE), MANAGER)


def test_a_grant_that_is_ending_is_no_reference_for_another(company: Company) -> None:
    """S39: the first began to end and got no further; the second takes the role away."""
    first, second = two_grants(company)
    with company.app.records.begin() as tx:
        stuck = replace(first.grants[0], status=Status.REVOKING, cause="given_back")
        tx.grants.save(stuck)

    company.app.guard.end(second.grants[0].id, actor=IdentityId(SRE), cause="given_back")

    assert not company.holds(SRE, ROLE, SYSTEM)
    company.sweep()
    assert company.view(first.request.id).grants[0].status is Status.REVOKED


def test_a_grant_given_while_another_ends_keeps_the_role(company: Company) -> None:
    """S39: what a reference that came meanwhile holds is put back."""
    first = company.approve(company.ask(SRE, REDRIVE), MANAGER)
    company.pass_time(timedelta(minutes=1))
    asked = company.ask(SRE, REDRIVE)

    def approve() -> None:
        company.approve(asked, MANAGER)

    watched(company).before_revoke.append(approve)

    company.app.guard.end(first.grants[0].id, actor=IdentityId(SRE), cause="given_back")

    assert company.view(asked.request.id).status is Status.ACTIVE
    assert company.holds(SRE, ROLE, SYSTEM)


def test_an_owners_revoke_keeps_its_force_through_a_failure(company: Company) -> None:
    """S39: references do not count again when the sweep tries it once more."""
    given = company.approve(company.ask(DEVELOPER, EDI), OWNER)
    grant = given.grants[0]
    other = company.app.guard.targets.of(grant.targets[0])
    with company.app.records.begin() as tx:
        tx.grants.save(replace(grant, held_before=grant.targets))
    target = watched(company)

    target.before_revoke.append(busy)
    failed = company.app.guard.end(grant.id, actor=IdentityId(OWNER), cause="revoked")
    assert failed is Status.REVOKE_FAILED

    company.sweep()

    assert company.view(given.request.id).grants[0].status is Status.REVOKED
    assert IdentityId(DEVELOPER) not in other.holders(grant.targets[0], grant.role)


def test_one_target_that_fails_in_its_own_way_keeps_no_other_grant(company: Company) -> None:
    """S39: a connector that raises what it should not; the rest ends all the same."""
    first = company.approve(company.ask(SRE, REDRIVE), MANAGER)
    second = company.approve(company.ask(DEVELOPER, EDI), OWNER)
    company.pass_time(timedelta(hours=9))
    target = watched(company)

    def unexpected() -> None:
        raise KeyError(SYSTEM)

    target.before_revoke.append(unexpected)
    report = company.app.sweeper.sweep()

    assert report.failed == [first.grants[0].id]
    assert report.expired == [second.grants[0].id]


def test_a_request_cancelled_while_it_is_decided_gives_nothing(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S65: it is looked at again in the transaction of the intent."""
    asked = company.ask(SRE, REDRIVE)
    app = company.app
    decide, done = app.guard.policy.decide, list[object]()

    def cancel(*arguments: object) -> object:
        decision = decide(*arguments)  # type: ignore[arg-type]  # handed on as it came
        if decision.verdict == "permit" and len(done) == 1:
            app.runner.cancel(asked.request.id, asked.request.speaker)
        if decision.verdict == "permit":
            done.append(decision)
        return decision

    monkeypatch.setattr(app.guard.policy, "decide", cancel)
    company.approve(asked, MANAGER)

    assert company.view(asked.request.id).status is Status.CANCELLED
    assert not company.grants()


def test_a_damaged_record_keeps_no_other_grant_from_ending(company: Company) -> None:
    """S39: the row of another one cannot be read any more; it ends too, by what the log says."""
    first, second = two_grants(company)
    company.restarted()
    with sqlite3.connect(company.home / "govagents.db") as connection:
        name = second.grants[0].id
        connection.execute("UPDATE \"grant\" SET owners = 'x' WHERE id = ?", (name,))
    company.pass_time(timedelta(hours=3))

    report = company.app.sweeper.sweep()

    assert report.expired == [first.grants[0].id, second.grants[0].id]
    assert not report.failed
    assert not company.holds(SRE, ROLE, SYSTEM)
    assert "is not what the log says (it cannot be read" in report.problems[0]
