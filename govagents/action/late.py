"""Orders to give that were never seen carried out: a target may still do it when all is over.

Rules:
1. An order is awaited where a grant has ended and the log does not say that it was ever applied:
   whatever its target answered, and also where its process died before there was an answer.
2. What shows up so is no holding from before, however late; what the company's files name, or was
   held before that grant, is.
3. For a day after the end a sweep looks, every 15 minutes; what shows up is taken back (`Expiry`).
"""

from datetime import datetime, timedelta

from govagents.domain.grant import LIVE, Grant
from govagents.domain.outcome import Trouble
from govagents.domain.world import World
from govagents.errors import IntegrityError
from govagents.ports import Transaction

LOOKED_FOR = timedelta(days=1)
EVERY = timedelta(minutes=15)
LATE = "guard.late"
"""The entry of what showed up."""

_MARK = "late_looked"


def awaited(tx: Transaction, grant: Grant, world: World, now: datetime) -> bool:
    """(1) (2) Whether what its targets show of an ended grant would be its own late order."""
    return grant.status not in LIVE and not _named(world, grant, now) and not _applied(tx, grant)


def to_look_for(tx: Transaction, now: datetime) -> tuple[Grant, ...]:
    """(3) Whose targets are looked at now, which is noted as done."""
    mark, moment = tx.settings.get(_MARK), int(now.timestamp())
    if isinstance(mark, int) and 0 <= moment - mark < EVERY.total_seconds():
        return ()
    found = tx.grants.ended(now - LOOKED_FOR)
    if not found:
        return ()
    world = tx.world()
    tx.settings.set(_MARK, moment)
    return tuple(grant for grant in found if awaited(tx, grant, world, now))


def not_let_go(tx: Transaction, now: datetime) -> tuple[Grant, ...]:
    """What showed up so within the last day and could not be taken back, as the log says."""
    return tuple(grant for grant in tx.grants.ended(now - LOOKED_FOR) if _stays(tx, grant))


def _stays(tx: Transaction, grant: Grant) -> bool:
    told = [event.reason.split(" ") for _, event in tx.log.of(grant.request) if event.kind == LATE]
    own = [codes for codes in told if codes[0] == grant.id]
    return bool(own) and own[-1][-1] in set(Trouble)


def _named(world: World, grant: Grant, now: datetime) -> bool:
    """(2) Whether it is standing access."""
    return any(
        (each.identity, each.role) == (grant.beneficiary, grant.role)
        and (each.expires is None or each.expires > now)
        for each in world.assignments
    )


def _applied(tx: Transaction, grant: Grant) -> bool:
    """(1) What cannot be read says nothing, and keeps no other grant from being looked for."""
    try:
        events = [event for _, event in tx.log.of(grant.request)]
    except IntegrityError:
        return False
    return any(
        event.kind == "grant.applied" and event.reason.partition(" ")[0] == grant.id
        for event in events
    )
