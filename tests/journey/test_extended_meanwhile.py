"""More time that is asked for while what it would extend ends, or twice (S39 S60).

Nothing comes back that somebody took back meanwhile, and nobody is asked for what cannot be given.
"""

from collections.abc import Callable

import pytest

from govagents.action import extending, giving, guard
from govagents.action.confirming import TO_CONFIRM
from govagents.action.giving import Giving
from govagents.action.guard import GuardedTargets
from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.errors import StateError
from govagents.steps import Keeper
from govagents.testing.company import Company
from tests.journey.breaking import HOLDER, OWNER
from tests.journey.test_extended import HOUR, held, only
from tests.journey.test_obligations import REDRIVE, obliged


def late_yes(company: Company, asked: View) -> None:
    """Whoever decides says yes when it is too late, and is told so."""
    with pytest.raises(StateError, match="has lapsed, what it would extend has ended: ask again"):
        company.approve(asked, OWNER)


def test_a_late_yes_gives_nothing_when_the_grant_has_ended(holding: Company) -> None:
    """S39: it is no extension then, and waits in nobody's inbox, with a sweep or without."""
    asked = holding.extend(only(holding), 9 * HOUR)
    assert holding.app.runner.approvers(asked.request.id) == (IdentityId(OWNER),)
    holding.pass_time(2 * HOUR)
    assert holding.app.runner.approvers(asked.request.id) == ()

    late_yes(holding, asked)

    assert holding.view(asked.request.id).status is Status.LAPSED
    (entry,) = [e for _, e in holding.view(asked.request.id).entries if e.kind == "request.lapsed"]
    assert entry.reason == "ended"


def test_what_it_extends_has_ended_before_whoever_gets_it_confirmed(company: Company) -> None:
    """S39 S59: nobody is asked any more to confirm what cannot be given."""
    obliged(company, "notify, step_up")
    first = company.approve(company.ask(HOLDER, REDRIVE), OWNER)
    company.app.runner.confirm(first.request.id, IdentityId(HOLDER))
    company.sweep()
    asked = company.approve(company.extend(only(company), HOUR), OWNER)
    assert asked.note == TO_CONFIRM
    company.pass_time(2 * HOUR)

    company.sweep()

    after = company.view(asked.request.id)
    assert (after.status, after.note) == (Status.LAPSED, "what it would extend has ended")


def revoked(company: Company, grant: Grant) -> None:
    company.app.guard.end(grant.id, actor=IdentityId(OWNER), cause="revoked")


def given_back(company: Company, grant: Grant) -> None:
    company.app.guard.end(grant.id, actor=IdentityId(HOLDER), cause="given_back")


@pytest.mark.parametrize("end", [revoked, given_back])
def test_what_was_taken_back_meanwhile_does_not_come_back(
    end: Callable[[Company, Grant], None], holding: Company
) -> None:
    """S39: also where whoever decides did not know."""
    first = only(holding)
    asked = holding.extend(first, HOUR)
    end(holding, first)

    late_yes(holding, asked)

    assert not held(holding)


def in_between(
    monkeypatch: pytest.MonkeyPatch, room: object, step: str, act: Callable[[], None]
) -> None:
    """`act` happens once, right after that step of giving."""
    real, left = getattr(room, step), [act]

    def then(*args: object) -> object:
        came = real(*args)
        if left:
            left.pop()()
        return came

    monkeypatch.setattr(room, step, then)


STEPS = [(Keeper, "keep"), (guard, "sealed_case"), (GuardedTargets, "_barred"), (Giving, "_drafts")]


@pytest.mark.parametrize(("room", "step"), STEPS)
def test_what_is_taken_back_while_more_is_given_does_not_come_back(
    room: object, step: str, holding: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S39: wherever its own way in is by then."""
    first = only(holding)
    asked = holding.extend(first, HOUR)
    in_between(monkeypatch, room, step, lambda: revoked(holding, first))

    late = holding.approve(asked, OWNER)

    assert (late.status, held(holding)) == (Status.DENIED, False)
    assert "not active any more: ask anew" in late.note


def not_looked(monkeypatch: pytest.MonkeyPatch, *rooms: object) -> None:
    for room in rooms:
        monkeypatch.setattr(room, "not_extended", lambda *_: None)


def test_what_was_taken_back_comes_back_without_the_shipped_line(
    holding: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm.

    removes: govagents/action/extending.py (an extension is given only)
    """
    not_looked(monkeypatch, guard, giving)
    first = only(holding)
    asked = holding.extend(first, HOUR)
    in_between(monkeypatch, Keeper, "keep", lambda: revoked(holding, first))

    holding.approve(asked, OWNER)

    assert held(holding)


def test_what_is_taken_back_at_the_door_comes_back_without_the_shipped_line(
    holding: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: asked once, before the facts were read, is not asked enough.

    removes: govagents/action/giving.py (this is asked again here)
    """
    not_looked(monkeypatch, giving)
    first = only(holding)
    asked = holding.extend(first, HOUR)
    in_between(monkeypatch, GuardedTargets, "_barred", lambda: revoked(holding, first))

    holding.approve(asked, OWNER)

    assert held(holding)


def test_it_is_asked_for_once_at_a_time(holding: Company) -> None:
    """S39: two of the same would both be given; of what goes on the last one is extended."""
    first = only(holding)
    asked = holding.extend(first, HOUR)
    for by in (HOUR, 2 * HOUR):
        with pytest.raises(StateError, match=f"`{asked.request.id}` asks for more time of `gr_"):
            holding.extend(first, by)
    (second,) = holding.approve(asked, OWNER).grants

    with pytest.raises(StateError, match=f"goes on as `{second.id}` until 2026-11-23T12:00:00Z"):
        holding.extend(first, 2 * HOUR)

    again = holding.extend(second, HOUR)
    holding.app.runner.cancel(again.request.id, IdentityId(HOLDER))
    assert holding.extend(second, HOUR).status is Status.PENDING


def two_alike(company: Company, monkeypatch: pytest.MonkeyPatch) -> View:
    """Two of the same, as an older release let them be asked for; one is given, one agreed to."""
    with monkeypatch.context() as patch:
        patch.setattr(extending, "_alone", lambda *_: None)
        one, other = (company.extend(only(company), HOUR) for _ in range(2))
    company.approve(one, OWNER)
    return company.approve(other, OWNER)


def test_one_of_two_alike_is_given(holding: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """S39: the door asks too."""
    other = two_alike(holding, monkeypatch)

    assert other.status is Status.DENIED
    assert "lasts until 2026-11-23T12:00:00Z already" in other.note
    assert len(holding.grants(Status.ACTIVE)) == 2


def test_both_of_two_alike_are_given_without_the_shipped_line(
    holding: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(extending, "_held_as_long", lambda *_: None)

    two_alike(holding, monkeypatch)

    assert len(holding.grants(Status.ACTIVE)) == 3
