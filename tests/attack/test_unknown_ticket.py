"""Somebody names a ticket that nobody opened, or one that is not theirs to go by.

Holds: an identity, and any words. Wants: what policy gives under a ticket. Does: makes a number up,
spells it like a real one, or says that the answer to the question is that number again.

Open: whoever may write the ticket system's file opens tickets.
"""

import pytest

from govagents.adapters.sources import RecordedTickets
from govagents.domain.ids import TicketId
from govagents.domain.request import Status
from govagents.domain.world import Ticket
from govagents.entrypoints.cli.plan_json import understanding_of
from govagents.testing.company import Company

SPEAKER = "viktor.horvath"
WORK = "look at and requeue the parked nordkraft edi msgs, 4h"


@pytest.mark.parametrize("ticket", ["INC-9999", "INC-44O8", "inc-99999999999"])
def test_a_ticket_that_does_not_exist_is_refused(company: Company, ticket: str) -> None:
    """S44 S73: it is asked about, and supplies no fact."""
    plan = company.plan(SPEAKER, f"{ticket}: {WORK}")

    assert understanding_of(plan).ticket is None
    assert plan.status in {Status.NEEDS_INFO, Status.DRAFT}
    assert plan.decision is None or plan.decision.verdict.value != "permit"


def test_a_made_up_ticket_named_again_in_the_answer_is_refused(company: Company) -> None:
    asked = company.ask(SPEAKER, f"INC-9999: {WORK}")
    assert asked.question is not None

    again = company.answer(asked, "INC-9999")

    assert again.status is Status.NEEDS_INFO
    assert not company.grants()


def test_a_made_up_ticket_is_a_fact_when_it_is_not_looked_up(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: a number is enough."""
    find = RecordedTickets.find

    def any_number(tickets: RecordedTickets, ticket: TicketId) -> Ticket | None:
        return find(tickets, TicketId("INC-4408"))

    monkeypatch.setattr(RecordedTickets, "find", any_number)

    plan = company.plan(SPEAKER, f"INC-9999: {WORK}")

    assert understanding_of(plan).ticket is not None
