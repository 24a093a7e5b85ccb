"""Orders to give that were never seen carried out: a target may still do it when all is over.

Rules:
1. An order is awaited where a grant has ended and the log does not say that it was ever applied:
   whatever its target answered, and also where its process died before there was an answer.
2. What shows up so is no holding from before, however late; what the company's files name, or was
   held before that grant, is.
3. For a day after the end a sweep looks, every 15 minutes, and for a month every day; what shows up
   is taken back (`Expiry`).
"""

from datetime import datetime, timedelta

from govagents.domain.grant import LIVE, Grant
from govagents.domain.outcome import Trouble
from govagents.domain.world import World
from govagents.errors import IntegrityError
from govagents.ports import Transaction

LOOKED_FOR = timedelta(days=1)
FAR_BACK = timedelta(days=30)
EVERY = timedelta(minutes=15)
LATE = "guard.late"
"""The entry of what showed up."""

_MARK, _MARK_FAR_BACK = "late_looked", "late_looked_far_back"


def awaited(tx: Transaction, grant: Grant, world: World, now: datetime) -> bool:
    """(1) (2) Whether what its targets show of an ended grant would be its own late order."""
    return grant.status not in LIVE and not _named(world, grant, now) and not _applied(tx, grant)


def to_look_for(tx: Transaction, now: datetime) -> tuple[Grant, ...]:
    """(3) Whose targets are looked at now, which is noted as done."""
    if not _is_time(tx, _MARK, EVERY, now):
        return ()
    far_back = _is_time(tx, _MARK_FAR_BACK, LOOKED_FOR, now)
    found = tx.grants.ended(now - (FAR_BACK if far_back else LOOKED_FOR))
    if not found:
        return ()
    world = tx.world()
    for mark in (_MARK, *([_MARK_FAR_BACK] if far_back else [])):
        tx.settings.set(mark, int(now.timestamp()))
    return tuple(grant for grant in found if awaited(tx, grant, world, now))


def _is_time(tx: Transaction, mark: str, every: timedelta, now: datetime) -> bool:
    last = tx.settings.get(mark)
    return not isinstance(last, int) or not 0 <= now.timestamp() - last < every.total_seconds()


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
