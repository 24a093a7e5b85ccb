"""Tickets in the words: what the ticket system says of them, not what the words say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from govagents.domain.identity import Identity
from govagents.domain.ids import TicketId
from govagents.domain.world import Ticket, World
from govagents.ports import Tickets

TICKET = re.compile(r"(?<![\w-])[A-Za-z]{2,10}-\d{2,8}(?![\w-])")


@dataclass(frozen=True)
class Cited:
    """`counts` is the one that is open and of the beneficiary; `found` are those that exist.

    `unknown` read like tickets (their letters are those of one that exists) and are none.
    """

    ids: tuple[TicketId, ...]
    found: tuple[Ticket, ...]
    counts: TicketId | None
    unknown: tuple[TicketId, ...] = ()


def cited(
    texts: Sequence[str], beneficiary: Identity | None, world: World, tickets: Tickets
) -> Cited:
    """The tickets in `texts`, in order of mention, as the ticket system knows them."""
    said = [TicketId(match.group().upper()) for text in texts for match in TICKET.finditer(text)]
    found = [ticket for name in dict.fromkeys(said) if (ticket := tickets.find(name)) is not None]
    counting = [item.id for item in found if item.open and _concerns(item, beneficiary, world)]
    ids = tuple(item.id for item in found)
    kinds = {name.partition("-")[0] for name in world.tickets}
    unknown = [
        name for name in dict.fromkeys(said) if name not in ids and name.partition("-")[0] in kinds
    ]
    return Cited(ids, tuple(found), next(iter(counting), None), tuple(unknown))


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
