"""An owner's revoke ends all grants of the role, whoever dies before it is through (S38 S39)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NoReturn

import pytest

from govagents.action import extending
from govagents.action.expiry import Expiry
from govagents.action.giving import Giving
from govagents.domain.grant import Grant
from govagents.domain.ids import GrantId, IdentityId
from govagents.domain.request import Status
from govagents.ports import Transaction
from govagents.testing.company import Company
from tests.journey.breaking import HOLDER, OWNER, ROLE, SYSTEM

HOUR = timedelta(hours=1)


class Died(BaseException):
    """A process that is gone handles nothing."""


@contextmanager
def dying(company: Company) -> Iterator[pytest.MonkeyPatch]:
    """Whoever is in here dies; then somebody else opens the store."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Died):
        yield patch
    company.restarted()


def dies(*_: object, **__: object) -> NoReturn:
    raise Died


def revoked_in_part(company: Company, grant: Grant) -> None:
    """The owner's process dies when this grant has ended, and before another one is looked at."""
    shipped = Expiry._end

    def end(expiry: Expiry, *given: Any, absolute: bool) -> Status:  # noqa: ANN401  # passed on
        if absolute:
            dies()
        return shipped(expiry, *given, absolute=absolute)

    with dying(company) as patch:
        patch.setattr(Expiry, "_end", end)
        company.app.guard.end(grant.id, actor=IdentityId(OWNER), cause="revoked")


def given_in_part(company: Company, grant: Grant) -> None:
    """More time for it was agreed to; who gives it dies before the target is asked."""
    asked = company.extend(grant, HOUR)
    with dying(company) as patch:
        patch.setattr(Giving, "apply", dies)
        company.approve(asked, OWNER)


def given(company: Company, grant: Grant) -> None:
    company.approve(company.extend(grant, HOUR), OWNER)


def stand(company: Company) -> list[Status]:
    """How the grants do, by their ends."""
    return [each.status for each in sorted(company.grants(), key=lambda each: each.window.end)]


def swept(company: Company) -> list[Status]:
    """How they stand after two sweeps of another process."""
    company.sweep()
    company.restarted().sweep()
    return stand(company)


def held(company: Company) -> bool:
    return company.holds(HOLDER, ROLE, SYSTEM)


@pytest.mark.parametrize("more", [given, given_in_part])
def test_all_of_a_role_ends_when_who_revoked_it_died_after_the_first_grant(
    more: Callable[[Company, Grant], None],
    holding: Company,
) -> None:
    """S38 S39: also where the other one was just being given, by somebody who died too."""
    (first,) = holding.grants()
    more(holding, first)

    revoked_in_part(holding, first)

    assert stand(holding) == [Status.REVOKED, Status.REVOKING]
    assert swept(holding) == [Status.REVOKED] * 2
    assert [(each.cause, each.absolute) for each in holding.grants()] == [("revoked", True)] * 2
    assert not held(holding)
    for each in holding.grants():
        assert holding.view(each.request).status is Status.REVOKED


@pytest.mark.parametrize("more", [given, given_in_part])
def test_the_other_grant_is_active_after_a_revoke_without_the_shipped_line(
    more: Callable[[Company, Grant], None],
    holding: Company,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The harm: the owner ended it, and it goes on.

    removes: govagents/action/expiry.py (a revoke outlives its process)
    """

    def known_to_the_process_alone(
        _: Expiry, tx: Transaction, grant: Grant, __: IdentityId
    ) -> tuple[GrantId, ...]:
        names = tx.grants.names(frozenset({Status.ACTIVE, Status.ACTIVATING}), grant.beneficiary)
        return tuple(name for name in names if name != grant.id) if grant.absolute else ()

    monkeypatch.setattr(Expiry, "_order_along", known_to_the_process_alone)
    monkeypatch.setattr(extending, "_ran_out", lambda _: True)
    (first,) = holding.grants()
    more(holding, first)

    revoked_in_part(holding, first)

    assert swept(holding) == [Status.REVOKED, Status.ACTIVE]
    assert held(holding) is (more is given_in_part)


def given_back_meanwhile(company: Company) -> None:
    """More time was being given when its process died; then the holder gave back what he had."""
    (first,) = company.grants()
    given_in_part(company, first)
    company.app.guard.end(first.id, actor=IdentityId(HOLDER), cause="given_back")


def test_more_time_is_not_given_on_when_what_it_extends_was_ended(holding: Company) -> None:
    """S39: an interrupted giving asks again whether there is still something to extend."""
    given_back_meanwhile(holding)

    assert swept(holding) == [Status.REVOKED] * 2
    assert not held(holding)


def test_it_comes_back_by_a_giving_that_goes_on_without_the_shipped_line(
    holding: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm.

    removes: govagents/action/extending.py (an extension is given only)
    """
    monkeypatch.setattr(extending, "_ran_out", lambda _: True)
    given_back_meanwhile(holding)

    assert swept(holding) == [Status.REVOKED, Status.ACTIVE]
    assert held(holding)


def test_more_time_is_given_on_when_what_it_extends_only_ran_out(holding: Company) -> None:
    """S39: it was active when the giving began, and the role stayed for it."""
    (first,) = holding.grants()
    given_in_part(holding, first)
    holding.pass_time(timedelta(hours=2, minutes=1))

    assert swept(holding) == [Status.EXPIRED, Status.ACTIVE]
    assert held(holding)
