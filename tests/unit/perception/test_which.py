"""Two tickets that count, a closed one, and two lengths leave open which is meant (S60)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from govagents.domain.ids import TicketId
from govagents.domain.world import Ticket, World
from govagents.perception import windows
from govagents.perception.tickets import Cited, cited
from govagents.perception.windows import read_window
from tests.unit.perception.company import WORLD

_AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
_WHO = next(item for item in WORLD.identities.values() if item.person is not None)


def _ticket(name: str, state: str) -> Ticket:
    return Ticket(TicketId(name), "incident", "a broken shelf", state, _WHO.id)


class _Desk:
    """A ticket system of three."""

    def __init__(self) -> None:
        held = [_ticket("INC-11", "open"), _ticket("INC-12", "open")]
        held.append(_ticket("INC-13", "closed"))
        self.held = {item.id: item for item in held}

    def find(self, ticket: TicketId) -> Ticket | None:
        return self.held.get(ticket)


def _cited(*texts: str) -> Cited:
    world: World = replace(WORLD, tickets=_Desk().held)
    return cited(texts, _WHO, world, _Desk())


@pytest.mark.parametrize(
    ("texts", "counts", "doubts"),
    [
        (["for INC-11"], "INC-11", 0),
        (["for INC-11, not INC-12"], "INC-11", 0),
        (["for INC-11, has nothing to do with INC-12"], "INC-11", 0),
        (["INC-11 is done, now INC-12"], "INC-12", 0),
        (["INC-11 and INC-12"], None, 1),
        (["INC-11 and INC-12", "INC-12"], "INC-12", 0),
        (["not INC-11"], None, 0),
        (["for INC-13"], None, 1),
        (["for INC-99"], None, 1),
    ],
)
def test_a_ticket_counts_when_it_alone_is_meant(
    texts: list[str], counts: str | None, doubts: int
) -> None:
    """S60: else it is asked which."""
    found = _cited(*texts)

    assert (found.counts, len(found.doubt)) == (counts, doubts)


@pytest.mark.parametrize(
    "text", ["2h. I need 3h for the logs", "the logs for less than 2h", "the logs, 2h. 3h"]
)
def test_no_window_is_read_when_two_lengths_differ_or_one_is_no_more_than_a_bound(
    text: str,
) -> None:
    """S60."""
    timed = read_window(text, _AT)

    assert timed.window is None
    assert timed.apart


def test_the_wrong_length_would_be_read_when_nothing_looked_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60."""
    monkeypatch.setattr(windows, "_lengths_apart", lambda text, best, found: iter(()))

    assert read_window("2h. I need 3h for the logs", _AT).window is not None
