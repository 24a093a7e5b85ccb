"""How late it is at the least, also where somebody has set the machine's clock back.

Rules:
1. INVARIANT (access ends): the latest instant seen goes on while the machine runs. The first sweep
   after a start of the machine keeps by how much its clock is ahead of how long it has run; from
   then on it is at least as late as that and the time it has run since tell, whatever the clock
   says. A clock set back by a day lets nothing last for a day more.
2. One set ahead counts while it stands so, and what was seen then goes on counting; but nothing
   runs on from there: where a clock was an hour ahead and was set right, that is over in an hour.
3. Another start of the machine, or another machine, begins anew: there only what was seen counts.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from govagents.action.lapse import latest
from govagents.domain.canonical import Plain
from govagents.ports import Transaction

ANCHOR = "clock_anchor"
"""Under which name it is kept (1)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Uptime(NamedTuple):
    """How long the machine has run, sleep included, and the name of that run."""

    boot: str
    milliseconds: int


def at_least(tx: Transaction, now: datetime, uptime: Uptime | None) -> datetime:
    """The latest of clock, of what was seen, and of what the running time tells.

    `uptime` None = nobody knows, or the store's clock is not the machine's.
    """
    later = latest(tx, now)
    if uptime is None:
        return later
    told = _told(tx.settings.get(ANCHOR), uptime)
    if told is None:  # (1) (3)
        ahead = (now - _EPOCH) // _MILLISECOND - uptime.milliseconds
        tx.settings.set(ANCHOR, {"boot": uptime.boot, "ahead": ahead})
        return later
    return max(later, told)


def set_ahead(tx: Transaction, now: datetime, uptime: Uptime | None) -> timedelta:
    """By how much the clock was set ahead since then (1), as far as that is known."""
    told = None if uptime is None else _told(tx.settings.get(ANCHOR), uptime)
    return timedelta(0) if told is None else now - told


def begin_anew(tx: Transaction) -> None:
    """For an operator who set the clock right: the next sweep takes it as it is."""
    tx.settings.set(ANCHOR, None)


def _told(kept: Plain, uptime: Uptime) -> datetime | None:
    """What the running time tells; nothing where what was kept is of another run, or unreadable."""
    match kept:
        case {"boot": str(boot), "ahead": int(ahead)} if boot == uptime.boot:
            with suppress(OverflowError):
                return _EPOCH + (ahead + uptime.milliseconds) * _MILLISECOND
    return None
