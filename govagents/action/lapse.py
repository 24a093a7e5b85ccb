"""What nobody answered, or went on with, for a day is over, whether or not a sweeper ran.

Rules:
1. A draft, an open question and a request that waits for an approval lapse `LAPSE` after they came
   to be so. At that very instant it is too late to answer.
2. Now is the later of the clock and the latest instant ever seen: a clock set back gives nobody
   more time.
3. It lapses once: whoever comes second finds it closed and writes no entry.
"""

from datetime import UTC, datetime, timedelta

from govagents.action.entries import lapsed
from govagents.action.unfinished import unfinished
from govagents.domain.ids import RequestId
from govagents.domain.request import Status
from govagents.errors import GovAgentsError
from govagents.ports import Transaction

LAPSE = timedelta(hours=24)
WAITING = frozenset({Status.DRAFT, Status.PENDING, Status.NEEDS_INFO})
"""(1)."""


def overdue(tx: Transaction, request: RequestId, now: datetime) -> bool:
    """Whether it waited too long, and nobody closed it yet."""
    waits = tx.requests.status(request) in WAITING  # (3)
    return waits and tx.requests.since(request) + LAPSE <= latest(tx, now)  # (1)


def lapse(tx: Transaction, request: RequestId, now: datetime) -> bool:
    """Close it if it waited too long; whether it did."""
    found = tx.requests.get(request)
    if found is None or not overdue(tx, request, now):
        return False
    at = latest(tx, now)
    note = "its run was cut short" if _cut(tx, request) else "nobody answered"
    tx.requests.set_status(request, Status.LAPSED, at=at, note=note)
    tx.log.append(lapsed(found, at=at))
    return True


def latest(tx: Transaction, now: datetime) -> datetime:
    """(2); an instant that cannot be read counts as never seen."""
    seen = tx.settings.get("latest_instant")
    try:
        moment = datetime.fromisoformat(seen) if isinstance(seen, str) else now
    except ValueError:
        return now
    return max(now, moment.replace(tzinfo=moment.tzinfo or UTC))


def _cut(tx: Transaction, request: RequestId) -> bool:
    """Whether it was not a person that kept it waiting; a log that cannot be read is no reason."""
    try:
        return unfinished(tx, request)
    except GovAgentsError:
        return False
