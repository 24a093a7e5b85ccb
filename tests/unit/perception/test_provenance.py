"""Each field says its source, its trust and its time; what nobody said is unknown (S10)."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from govagents.domain.ids import IdentityId, PermissionId, RequestId, TicketId
from govagents.domain.observation import Source, Trust
from govagents.domain.request import Need, Request, Understanding, Window
from govagents.domain.text import Span
from govagents.perception.provenance import observed

AT = datetime(2026, 11, 23, 9, 17, tzinfo=UTC)
ADA, ZOE = IdentityId("ada"), IdentityId("zoe")
ASKED = Request(RequestId("req_1"), ADA, None, AT, "digest")
SAID = Span(0, 4)
NOTHING = Understanding(ADA, ADA, (), None, None, None)
UNKNOWN = (Source.UNKNOWN, Trust.UNKNOWN)
CLAIM = (Source.WORDS, Trust.CLAIM)


def seen(known: Understanding, request: Request = ASKED) -> dict[str, tuple[Source, Trust]]:
    return {each.field: (each.source, each.trust) for each in observed(request, known, at=AT)}


def test_every_field_is_labelled_and_the_unsaid_is_unknown_when_the_words_say_nothing() -> None:
    """S10: no field is left out, and none gets a default."""
    by_authentication = (Source.AUTHENTICATION, Trust.FACT)

    assert seen(NOTHING) == {
        "speaker": by_authentication,
        "beneficiary": by_authentication,
        "needs": UNKNOWN,
        "window": UNKNOWN,
        "purpose": UNKNOWN,
        "ticket": UNKNOWN,
        "cited": UNKNOWN,
        "narrowed": CLAIM,
        "warnings": CLAIM,
        "unaccounted": CLAIM,
        "unread": CLAIM,
    }


def test_no_field_of_an_understanding_goes_without_a_label() -> None:
    """S10: whoever adds a field adds where it comes from."""
    assert {each.name for each in fields(Understanding)} == set(seen(NOTHING))


@pytest.mark.parametrize(
    ("field", "known"),
    [
        ("needs", replace(NOTHING, needs=(Need(PermissionId("a:b:read"), 90, SAID),))),
        ("window", replace(NOTHING, window=Window(AT, AT + timedelta(hours=1)))),
        ("purpose", replace(NOTHING, purpose=SAID)),
        ("beneficiary", replace(NOTHING, beneficiary=ZOE)),
    ],
)
def test_one_field_alone_is_a_claim_when_the_words_say_it(field: str, known: Understanding) -> None:
    """S10."""
    assert seen(known) == seen(NOTHING) | {field: CLAIM}


@pytest.mark.parametrize(
    ("ticket", "cited", "label"),
    [
        ("INC-1", ("INC-1",), (Source.TICKETS, Trust.FACT)),
        (None, ("INC-1",), CLAIM),
        (None, (), UNKNOWN),
    ],
    ids=["confirmed", "merely-cited", "none"],
)
def test_a_ticket_is_a_fact_only_when_the_ticket_system_confirmed_it(
    ticket: str | None, cited: tuple[str, ...], label: tuple[Source, Trust]
) -> None:
    """S10: a number in the words proves nothing."""
    known = replace(
        NOTHING,
        ticket=None if ticket is None else TicketId(ticket),
        cited=tuple(TicketId(each) for each in cited),
    )

    assert seen(known)["ticket"] == label
    assert seen(known)["cited"] == (CLAIM if cited else UNKNOWN)


def test_who_it_is_for_is_the_speakers_own_word_when_given_by_flag() -> None:
    """S10."""
    flagged = replace(ASKED, asked_for=ZOE)

    assert seen(replace(NOTHING, beneficiary=ZOE), flagged)["beneficiary"] == (
        Source.FLAG,
        Trust.FACT,
    )


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=5), timedelta(days=40)])
def test_the_time_is_when_it_was_read_whenever_that_was(later: timedelta) -> None:
    """S10: not a constant, nor the request's own time for what was answered later."""
    at = AT + later

    assert {each.at for each in observed(ASKED, NOTHING, at=at)} == {at}
