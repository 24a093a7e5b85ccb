"""What is within bounds for each alone, and not together, is asked of one store at the same moment.

Invariants 6 and 7: separation of duties, the budget for giving without being asked, one glass.
All have been permitted on the same facts before one of them is kept; so what stops the others is
that an intent is kept only while the facts are those it was permitted on.
"""

from collections import Counter

import pytest

from govagents.adapters.facts import AUTOMATIC
from govagents.adapters.sql.transaction import SqlTransaction
from govagents.domain.ids import RequestId
from govagents.domain.request import Status
from govagents.testing.company import Company
from tests.concurrency.crowd import CROWD, Gate, Typed, at_once
from tests.concurrency.held_up import Giving, held_up
from tests.concurrency.peace import wrong
from tests.journey.test_approvals import LANES, READER
from tests.journey.test_break_glass import SRE, VOLUMES

BOTH, OWNER = "mirela.popescu", "viktor.horvath"
PUSH, RELEASE = "I want to push code for 2h", "I need the go-live approval for 2h"
APART = {"cf-developer", "cf-release-manager"}


def without_version() -> None:
    """The defence taken away: nobody notices that facts have changed."""
    setattr(SqlTransaction, "version", lambda _: 0)  # noqa: B010  # in a process of its own


BROKEN = pytest.mark.parametrize("broken", [False, True], ids=["as shipped", "without the version"])


@BROKEN
def test_of_two_duties_kept_apart_one_is_given(company: Company, *, broken: bool) -> None:
    """S20 S64: each was agreed to; the author of a change does not release it."""
    requests = held_up(company, BOTH, OWNER, PUSH, RELEASE)
    half = 1 if broken else CROWD // 2  # without it, two of one request only collide in their name

    acts = [Giving(request) for request in requests for _ in range(half)]
    said = at_once(company.home, acts, Gate.INTENDING, without=[without_version] * broken)

    given = {grant.role for grant in company.grants(Status.ACTIVE)}
    assert given == APART if broken else (len(given) == 1 and given < APART)
    assert wrong(company, said) == []


@BROKEN
def test_what_is_given_unasked_stays_within_its_budget(company: Company, *, broken: bool) -> None:
    """Invariant 7: of sixteen that were all within it alone, as many as it holds."""
    company.sweep()
    company.restarted()
    people = AUTOMATIC + 1 if broken else CROWD  # one too many is harm enough

    act = Typed("ask", LANES, "--as", READER)
    said = at_once(company.home, [act] * people, Gate.INTENDING, without=[without_version] * broken)

    became = Counter(company.view(request).status for request in asked(company))
    given = people if broken else AUTOMATIC
    assert became == Counter({Status.ACTIVE: given, Status.PENDING: people - given})
    assert wrong(company, said) == []


@BROKEN
def test_one_glass_is_broken_at_a_time(company: Company, *, broken: bool) -> None:
    """Invariant 6: the others wait for a person, as if they had not asked for it."""
    company.sweep()
    company.restarted()

    people = 2 if broken else CROWD  # two are harm enough

    act = Typed("ask", VOLUMES, "--break-glass", "--as", SRE)
    said = at_once(company.home, [act] * people, Gate.INTENDING, without=[without_version] * broken)

    became = Counter(company.view(request).status for request in asked(company))
    given = people if broken else 1
    assert became == Counter({Status.ACTIVE: given, Status.PENDING: people - given})
    assert wrong(company, said) == []


def asked(company: Company) -> tuple[RequestId, ...]:
    """Every request."""
    with company.app.records.begin() as tx:
        return tx.requests.list()
