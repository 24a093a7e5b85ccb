"""An order to give without an answer, which its target carries out when all is over (S38 S39).

The process that gave it has ended by then, so nothing but the store remembers.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from govagents.action import giving, late, sweeper
from govagents.action.late import EVERY, LOOKED_FOR, awaited
from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.domain.request import Status
from govagents.domain.world import Assignment
from govagents.errors import OutcomeUnknownError
from govagents.ports import Connector, Order
from govagents.testing.company import Company
from tests.journey.standing_in import watched

SRE, MANAGER = "samuel.adeyemi", "arjun.mehta"
REDRIVE = "Redrive the tracking dlq, 2h"
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"


@dataclass
class Silent(Connector):
    """Takes an order to give, and answers nothing; the rest is the real target's."""

    behind: Connector
    taken: list[Order] = field(default_factory=list)

    scheme = "silent"

    @classmethod
    def at(cls, address: str, folder: Path) -> "Silent":
        raise TypeError(address, folder)

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        return self.behind.holders(system, role)

    def grant(self, order: Order) -> None:
        self.taken.append(order)
        message = "no answer"
        raise OutcomeUnknownError(message)

    def revoke(self, order: Order) -> None:
        self.behind.revoke(order)


def unanswered(company: Company) -> tuple[Grant, Order]:
    """A giving that was blocked and taken back; its process has ended, its order has not."""
    target = watched(company)
    silent = target.behind = Silent(target.behind)
    company.approve(company.ask(SRE, REDRIVE), MANAGER)
    company.restarted().sweep()
    (grant,) = company.grants(Status.REVOKED)
    assert not company.holds(SRE, ROLE, SYSTEM)
    return grant, silent.taken[0]


def carry_out(company: Company, order: Order) -> None:
    """What the target does after all."""
    company.app.guard.targets.of(order.system).grant(order)
    assert company.holds(SRE, ROLE, SYSTEM)


def kinds(company: Company, grant: Grant) -> list[str]:
    with company.app.records.begin() as tx:
        return [event.kind for _, event in tx.log.of(grant.request)]


def ask_again(company: Company) -> Grant:
    (grant,) = company.approve(company.ask(SRE, REDRIVE), MANAGER).grants
    assert grant.status is Status.ACTIVE
    return grant


def test_access_ends_when_a_late_order_of_ours_had_put_it_there(company: Company) -> None:
    """It was on the target before, and yet nobody else's: no reference to respect."""
    _, order = unanswered(company)
    carry_out(company, order)

    second = ask_again(company)
    company.pass_time(EVERY + timedelta(minutes=1))
    company.sweep()
    during = company.holds(SRE, ROLE, SYSTEM)
    company.pass_time(timedelta(hours=3))
    company.sweep()

    assert second.held_before == ()
    assert during, "what another grant gives is not taken with what came late"
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_access_stays_for_good_when_the_shipped_line_is_gone(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: what we ordered ourselves counts as held before, and is left at the end."""
    _, order = unanswered(company)
    carry_out(company, order)
    monkeypatch.setattr(giving, "awaited", lambda *_: False)
    monkeypatch.setattr(sweeper, "to_look_for", lambda *_: ())

    second = ask_again(company)
    company.pass_time(timedelta(hours=3))
    company.sweep()

    assert second.held_before == (SYSTEM,)
    assert company.holds(SRE, ROLE, SYSTEM)


@pytest.mark.parametrize("looked", [True, False])
def test_what_shows_up_late_is_taken_back_when_a_sweep_looks(
    looked: bool, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an entry and a notice to the owners, once; without the shipped step it stays."""
    grant, order = unanswered(company)
    if not looked:
        monkeypatch.setattr(sweeper, "to_look_for", lambda *_: ())
    carry_out(company, order)
    company.pass_time(LOOKED_FOR - timedelta(hours=1))

    report = company.app.sweeper.sweep()
    company.sweep()

    assert company.holds(SRE, ROLE, SYSTEM) is not looked
    assert [grant.id in problem for problem in report.problems] == [True] * looked
    assert kinds(company, grant).count("guard.late") == looked
    with company.app.records.begin() as tx:
        told = [text for _, _, text in tx.notices(grant.owners[0]) if "after its end" in text]
    assert len(told) == looked


@pytest.mark.parametrize(
    ("before", "after", "looked"),
    [
        (timedelta(days=28), timedelta(days=1), True),
        (timedelta(days=30), timedelta(days=1), False),
        (timedelta(days=3), timedelta(hours=23), False),
    ],
)
def test_what_shows_up_after_days_is_taken_back_too(
    before: timedelta, after: timedelta, looked: bool, company: Company
) -> None:
    """It is looked for once a day, for a month after its end."""
    _, order = unanswered(company)
    company.pass_time(before)
    company.sweep()
    carry_out(company, order)

    company.pass_time(after)
    company.sweep()

    assert company.holds(SRE, ROLE, SYSTEM) is not looked


def test_what_shows_up_after_days_stays_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: until the role is asked for again, which may be never."""
    monkeypatch.setattr(late, "FAR_BACK", LOOKED_FOR)
    _, order = unanswered(company)
    company.pass_time(timedelta(days=3))
    carry_out(company, order)

    company.sweep()

    assert company.holds(SRE, ROLE, SYSTEM)


def test_an_order_is_awaited_when_neither_log_nor_file_accounts_for_it(company: Company) -> None:
    """Standing access, as long as it is held, is the company's, and what was applied is over."""
    grant, _ = unanswered(company)
    applied = ask_again(company)
    company.pass_time(timedelta(hours=3))
    company.sweep()
    now = company.app.clock.now()
    standing = Assignment(grant.beneficiary, grant.role, "by hand")
    past = replace(standing, expires=now)

    with company.app.records.begin() as tx:
        world, ended = tx.world(), tx.grants.get(applied.id)
        assert ended is not None
        assert ended.status is Status.EXPIRED
        found = [
            awaited(tx, each, replace(world, assignments=held), now)
            for each, held in ((grant, ()), (grant, (past,)), (grant, (standing,)), (ended, ()))
        ]

    assert found == [True, True, False, False]
