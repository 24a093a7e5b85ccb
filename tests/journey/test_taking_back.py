"""Ending access needs the grant's own record and a known actor, and nothing else."""

import shutil
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

import pytest

from govagents.domain.grant import Effect, EffectKind
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.domain.request import Status
from govagents.errors import (
    ConfigurationError,
    StateError,
    TargetUnavailableError,
    UnknownNameError,
)
from govagents.ports import Connector, Order
from govagents.testing.company import Company

SRE = "samuel.adeyemi"
REDRIVE = "Redrive the tracking dlq, 2h"
MANAGER = "arjun.mehta"
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"


def broken() -> NoReturn:
    """Stands where the guard would be made."""
    message = "neither policies nor anything else can be loaded"
    raise ConfigurationError(message)


class Down(Connector):
    """A target that answers nothing while `down`; otherwise the real one."""

    scheme = "down"

    def __init__(self, behind: Connector) -> None:
        self.behind, self.down = behind, True

    @classmethod
    def at(cls, address: str, folder: object) -> "Down":
        raise TypeError(address, folder)

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        self._up()
        return self.behind.holders(system, role)

    def grant(self, order: Order) -> None:
        self._up()
        self.behind.grant(order)

    def revoke(self, order: Order) -> None:
        self._up()
        self.behind.revoke(order)

    def _up(self) -> None:
        if self.down:
            message = "no answer"
            raise TargetUnavailableError(message)


def given(company: Company) -> str:
    return company.approve(company.ask(SRE, REDRIVE), MANAGER).grants[0].id


def test_a_grant_ends_when_everything_but_its_record_is_broken(company: Company) -> None:
    """S38 S39: no policy, no catalog, no model, no memory, no facts: it ends all the same."""
    given(company)
    app = company.app
    shutil.rmtree(app.home / "policies")
    shutil.rmtree(app.home / "memory", ignore_errors=True)
    (app.home / "checkpoints.db").unlink()
    company.pass_time(timedelta(hours=3))

    report = replace(company.app.sweeper, guard=broken).sweep()

    assert len(report.expired) == 1
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_a_grant_that_would_not_end_is_tried_until_the_target_confirms(company: Company) -> None:
    """S39: visible as revoke_failed meanwhile."""
    given(company)
    company.pass_time(timedelta(hours=3))
    targets = company.app.guard.targets
    assert targets.otherwise is not None
    down = Down(targets.otherwise)
    expiry = replace(company.app.guard.expiry, targets=replace(targets, otherwise=down))
    sweeper = replace(company.app.sweeper, expiry=expiry)

    report = sweeper.sweep()
    assert report.failed == [grant.id for grant in company.grants(Status.REVOKE_FAILED)]
    assert report.failed
    assert company.holds(SRE, ROLE, SYSTEM)

    down.down = False
    sweeper.sweep()
    assert company.grants(Status.EXPIRED)
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_the_role_stays_until_the_last_reference_ends(company: Company) -> None:
    """S39: two grants of one role; ending the first leaves the second whole."""
    first = company.approve(company.ask(SRE, REDRIVE), MANAGER)
    company.pass_time(timedelta(hours=1))
    second = company.approve(company.ask(SRE, REDRIVE), MANAGER)

    company.pass_time(timedelta(hours=1, minutes=30))
    company.sweep()
    assert company.view(first.request.id).status is Status.EXPIRED
    assert company.holds(SRE, ROLE, SYSTEM)

    company.pass_time(timedelta(hours=1))
    company.sweep()
    assert company.view(second.request.id).status is Status.EXPIRED
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_what_was_held_before_stays_when_a_grant_ends(company: Company) -> None:
    """S38: a standing holding is a reference to respect."""
    target = company.app.guard.targets.of(SystemId(SYSTEM))
    target.grant(Order(SystemId(SYSTEM), RoleId(ROLE), IdentityId(SRE), "from before"))
    given(company)

    company.pass_time(timedelta(hours=3))
    company.sweep()

    assert company.grants(Status.EXPIRED)
    assert company.holds(SRE, ROLE, SYSTEM)


def test_an_owners_revoke_ignores_other_references(company: Company) -> None:
    grant = given(company)
    target = company.app.guard.targets.of(SystemId(SYSTEM))
    target.grant(Order(SystemId(SYSTEM), RoleId(ROLE), IdentityId(SRE), "from elsewhere"))
    company.pass_time(timedelta(minutes=1))
    second = company.approve(company.ask(SRE, REDRIVE), MANAGER)

    company.app.guard.end(company.grants()[0].id, actor=IdentityId("arjun.mehta"), cause="revoked")

    assert grant != second.grants[0].id
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_ending_an_ended_grant_changes_nothing(company: Company) -> None:
    grant = company.approve(company.ask(SRE, REDRIVE), MANAGER).grants[0]
    company.app.guard.end(grant.id, actor=IdentityId(SRE), cause="given_back")
    with company.app.records.begin() as tx:
        size = tx.log.size()

    again = company.app.guard.end(grant.id, actor=IdentityId(SRE), cause="revoked")

    assert again is Status.REVOKED
    with company.app.records.begin() as tx:
        assert tx.log.size() == size


def test_a_stranger_ends_nothing(company: Company) -> None:
    grant = company.approve(company.ask(SRE, REDRIVE), MANAGER).grants[0]

    with pytest.raises(UnknownNameError, match=r"`mallory` is not known"):
        company.app.guard.end(grant.id, actor=IdentityId("mallory"), cause="revoked")

    assert company.holds(SRE, ROLE, SYSTEM)


def test_somebody_without_a_say_ends_nothing(company: Company) -> None:
    """S44: a colleague is known, and it is not hers to end."""
    grant = company.approve(company.ask(SRE, REDRIVE), MANAGER).grants[0]

    with pytest.raises(StateError, match=r"is not for `aisha\.rahman` to end"):
        company.app.guard.end(grant.id, actor=IdentityId("aisha.rahman"), cause="revoked")

    assert company.holds(SRE, ROLE, SYSTEM)


def test_a_grant_is_applied_once_when_it_is_run_again(company: Company) -> None:
    """S64: the guard answers a repeat with the same grants and writes nothing new."""
    asked = company.approve(company.ask(SRE, REDRIVE), MANAGER)
    with company.app.records.begin() as tx:
        size = tx.log.size()

    again = company.app.guard.grant(asked.request.id)

    assert again == Effect(
        EffectKind.GIVEN,
        (asked.grants[0].id,),
        ("already given",),
        asked.grants[0].decision,
    )
    with company.app.records.begin() as tx:
        assert tx.log.size() == size


def test_all_is_taken_back_when_a_target_does_not_show_what_was_given(company: Company) -> None:
    """S18: a mismatch is undone, never explained away."""

    class Deaf(Down):
        """Accepts everything and does nothing."""

        def grant(self, order: Order) -> None:
            assert order.subject

    targets = company.app.guard.targets
    assert targets.otherwise is not None
    deaf = Deaf(targets.otherwise)
    deaf.down = False
    asked = company.ask(SRE, REDRIVE)
    app = company.app
    guard = replace(app.guard, targets=replace(targets, otherwise=deaf))
    company._app = replace(
        app,
        runner=replace(app.runner, services=replace(app.services, guard=guard)),
    )

    after = company.approve(asked, MANAGER)

    assert after.status is Status.BLOCKED
    assert not company.grants(Status.ACTIVE)
    assert not company.holds(SRE, ROLE, SYSTEM)
