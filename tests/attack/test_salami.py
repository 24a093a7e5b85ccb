"""Somebody takes in slices what would be refused as a whole (S70).

Holds: an identity, perhaps an agent, and the patience for several requests. Wants: both sides of a
duty that is separated, or more unasked than the budget for that allows. Does: asks for each side by
itself while the other still waits, or in windows beside each other of which one then slides into
the other; asks again and again for what is given automatically.

Judged is the union over all that a person and all their agents hold, or have asked for, in an
overlapping window, and once more at the moment of giving. Pieces of what was denied:
`test_denial_evasion.py`; person and agent: `test_policy_ways_around.py`.

Open: the same permission by another role, after a break, with an approver's yes each time.
"""

from datetime import timedelta

import pytest

from govagents.adapters import facts, sources
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.testing.company import Company

BUYER, ANALYST = "aisha.rahman", "mateus.oliveira"
RAISE = "I need to raise purchase orders in the fleet erp for 2h"
APPROVE = "I need to approve purchase orders in the fleet erp"
BOTH = "I need to raise purchase orders and approve purchase orders in the fleet erp for 2h"
READ = "I want to see transit times per lane for 2h"


def agreed(company: Company, request: View) -> View:
    """Everybody says yes who is asked."""
    assert request.decision is not None
    for person in request.decision.approvers:
        if company.view(request.request.id).status is Status.PENDING:
            company.approve(request, person)
    return company.view(request.request.id)


def test_the_other_side_while_one_waits_is_refused(company: Company) -> None:
    """S70: nobody has agreed to anything yet, and the two are denied as the whole is."""
    assert company.plan(BUYER, BOTH).status is Status.DENIED
    one = company.ask(BUYER, RAISE)

    other = company.ask(BUYER, f"{APPROVE} for 2h")

    assert (one.status, other.status) == (Status.PENDING, Status.DENIED)


def test_the_other_side_while_one_waits_is_asked_about_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: two requests of which nobody sees that they belong together."""
    monkeypatch.setattr(sources, "_asked", lambda *_: ())
    company.ask(BUYER, RAISE)

    assert company.ask(BUYER, f"{APPROVE} for 2h").status is Status.PENDING


def slid(company: Company) -> tuple[View, View]:
    """The two sides in windows that do not meet; then one is agreed to when the other runs."""
    sliding = company.ask(BUYER, RAISE)
    fixed = company.ask(BUYER, f"{APPROVE} today 12:00-13:00")
    assert (sliding.status, fixed.status) == (Status.PENDING, Status.PENDING)
    agreed(company, fixed)
    company.pass_time(timedelta(hours=3, minutes=10))
    company.sweep()
    return company.view(fixed.request.id), agreed(company, sliding)


def test_a_window_that_slides_into_the_other_side_is_refused(company: Company) -> None:
    """S65 S70: two hours begin when they are given, and are judged as they then lie."""
    fixed, sliding = slid(company)

    assert fixed.status is Status.ACTIVE
    assert sliding.status is not Status.ACTIVE
    assert len(company.grants()) == 1


def test_a_window_that_slides_is_given_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: what is held in the window as it lies now is not looked at."""
    monkeypatch.setattr(facts, "holdings", lambda *_, **__: ())

    fixed, sliding = slid(company)

    assert (fixed.status, sliding.status) == (Status.ACTIVE, Status.ACTIVE)


def automatic(company: Company) -> Status:
    """Asked, and given back at once, so that it can be asked for again."""
    asked = company.ask(ANALYST, READ)
    for grant in asked.grants:
        company.app.guard.end(grant.id, actor=IdentityId(ANALYST), cause="given_back")
    return asked.status


def test_more_unasked_than_the_budget_is_refused(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S70: the third slice of a budget of two goes to a person, though each by itself is small."""
    monkeypatch.setattr(facts, "AUTOMATIC", 2)

    assert [automatic(company) for _ in range(3)] == [
        Status.ACTIVE,
        Status.ACTIVE,
        Status.PENDING,
    ]


def test_more_unasked_than_the_budget_is_given_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts, "_automatic_left", lambda *_: 2)

    assert [automatic(company) for _ in range(3)] == [Status.ACTIVE] * 3
