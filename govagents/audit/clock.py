"""How far the latest instant that a sweep has seen may be set back: to what the log itself tells.

Rules:
1. It is set to the later of the clock and the latest instant at which an entry was written, so that
   whoever sets a clock back and then this gains no time that the log knows to be over.
2. An entry of something that lapsed tells nothing: it was written at the latest instant seen.
3. That it was set, by whom, from what and to what, is an entry.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from govagents.audit.trail import event_of
from govagents.domain.canonical import instant
from govagents.domain.event import Event
from govagents.domain.ids import IdentityId

_LAPSED = "request.lapsed"


def told_by(leaves: Iterable[bytes], now: datetime) -> datetime:
    """(1) (2) The latest instant that log or clock tells of.

    Raises:
        IntegrityError: an entry cannot be read.
    """
    events = map(event_of, leaves)
    return max([now, *(event.at for event in events if event.kind != _LAPSED)])


def set_back(who: IdentityId, before: datetime | None, after: datetime, *, at: datetime) -> Event:
    """(3) `before` None = what stood there could not be read."""
    stood = "unreadable" if before is None else instant(before)
    return Event(
        kind="clock.set_back",
        at=at,
        agent="none",
        principal=who,
        subject="none",
        about="clock",
        policy="none",
        evaluation="none",
        decision="applied",
        reason=f"{stood} {instant(after)}",
        ttl=timedelta(0),
        digests={},
    )
