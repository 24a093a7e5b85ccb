"""Tickets in the words: what the ticket system says of them, not what the words say."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govagents.domain.identity import Identity
from govagents.domain.ids import TicketId
from govagents.domain.world import Ticket, World
from govagents.ports import Tickets

TICKET = re.compile(r"(?<![\w-])[A-Za-z]{2,10}-\d{2,8}(?![\w-])")


@dataclass(frozen=True)
class Cited:
    """`counts` is the one that is open and of the beneficiary; `found` are those that exist.

    `unknown` read like tickets (their letters are those of one that exists) and are none. `doubt`
    says why it is unclear which one is meant.
    """

    ids: tuple[TicketId, ...]
    found: tuple[Ticket, ...]
    counts: TicketId | None
    unknown: tuple[TicketId, ...] = ()
    doubt: tuple[str, ...] = ()


def cited(
    texts: Sequence[str], beneficiary: Identity | None, world: World, tickets: Tickets
) -> Cited:
    """The tickets in `texts`, in order of mention, as the ticket system knows them.

    What is said not to be meant, or to be done with, is not cited. Where a later text names one
    that counts, it is meant. Two that count, or none but closed ones, leave open which is.
    """
    said = dict.fromkeys(name for text in texts for name in _meant(text))
    found = {name: ticket for name in said if (ticket := tickets.find(name)) is not None}
    counting = {
        name: item.id
        for name, item in found.items()
        if item.open and _concerns(item, beneficiary, world)
    }
    last = [
        [counting[name] for name in dict.fromkeys(_meant(text)) if name in counting]
        for text in texts
    ]
    meant = next((names for names in reversed(last) if names), [])
    kinds = {name.partition("-")[0] for name in world.tickets}
    ids = tuple(item.id for item in found.values())
    unknown = tuple(name for name in said if name not in ids and name.partition("-")[0] in kinds)
    closed = [] if counting else [item.id for item in found.values() if not item.open]
    doubt = tuple(_doubt(unknown, meant, closed))
    return Cited(ids, tuple(found.values()), meant[0] if len(meant) == 1 else None, unknown, doubt)


def _meant(text: str) -> Iterator[TicketId]:
    for match in TICKET.finditer(text):
        if not (_NOT.search(text[: match.start()]) or _DONE.match(text, match.end())):
            yield TicketId(match.group().upper())


_NOT = re.compile(
    r"\b(?:not|no\s+longer|instead\s+of|nothing\s+to\s+do\s+with|rather\s+than|except|nor)\s+"
    r"(?:(?:for|about|on|to\s+do\s+with|the|ticket|incident|change)\s+){0,3}$",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\s+(?:is|was|has\s+been|got)\s+(?:\w+ly\s+|already\s+|all\s+)?"
    r"(?:done|closed|solved|resolved|finished|over|fixed|cancelled)\b",
    re.IGNORECASE,
)


def _doubt(
    unknown: Sequence[TicketId], meant: Sequence[TicketId], closed: Sequence[TicketId]
) -> Iterator[str]:
    if unknown:
        said = " and ".join(f"no ticket `{name}`" for name in unknown)
        yield f"{said} in the ticket system"
    if len(meant) > 1:
        yield " and ".join(f"`{name}`" for name in meant) + " are both open"
    yield from (f"`{name}` is closed" for name in closed)


def _concerns(ticket: Ticket, identity: Identity | None, world: World) -> bool:
    """It concerns its assignee and the assignee's team; a non-human has its owner's team."""
    if identity is None or ticket.assignee is None:
        return False
    person = identity
    if identity.nonhuman is not None:
        person = world.identities.get(identity.nonhuman.owner, identity)
    assignee = world.identities.get(ticket.assignee)
    if ticket.assignee in {identity.id, person.id}:
        return True
    if assignee is None or assignee.person is None or person.person is None:
        return False
    return (assignee.person.department, assignee.person.team) == (
        person.person.department,
        person.person.team,
    )
