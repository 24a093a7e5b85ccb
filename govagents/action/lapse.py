"""What nobody answered, or went on with, for a day is over, whether or not a sweeper ran.

Rules:
1. A draft, an open question and a request that waits for an approval lapse `LAPSE` after they came
   to be so. At that very instant it is too late to answer.
2. Now is the later of the clock and the latest instant ever seen: a clock set back gives nobody
   more time.
3. It lapses once: whoever comes second finds it closed and writes no entry.
4. What was agreed to but not given, for want of a sweeper or of the word of whoever it is for
   (`confirming`), or because its run died, lapses `LAPSE` after that or after the start of its
   window, whichever is later: what is scheduled ahead stays.
5. So does a giving that was cut short, `LAPSE` after it was begun. What it left on a target is
   whoever lapses it to take back: a grant that is being given for a request that is over is due.
6. What asks for more of something that has ended is over at once, while it waits for a person or a
   sweeper; one whose run has still to go on is left to it.
"""

from datetime import UTC, datetime, timedelta

from govagents.action.confirming import waits_for_confirmation
from govagents.action.entries import lapsed
from govagents.action.extending import in_vain
from govagents.action.unfinished import unfinished
from govagents.domain.ids import RequestId
from govagents.domain.proposal import Proposal
from govagents.domain.request import Status
from govagents.errors import GovAgentsError
from govagents.findings import sealed
from govagents.ports import Transaction

LAPSE = timedelta(hours=24)
START_A_SWEEPER = (
    "nothing would end this grant: no sweeper was seen in the last two minutes; "
    "start one with `govagents sweep --every 30s`"
)
"""What the guard notes where only a sweeper is wanting."""

_UNANSWERED = frozenset({Status.DRAFT, Status.PENDING, Status.NEEDS_INFO})
_CUT = frozenset({Status.ACTIVATING})
_UNGIVEN = frozenset({Status.APPROVED, Status.BLOCKED}) | _CUT
WAITING = _UNANSWERED | _UNGIVEN
"""(1) (4) (5) What may lapse; of what is blocked only what waits for so little."""


def waits_for_sweeper(tx: Transaction, request: RequestId) -> bool:
    """Whether it is blocked and a sweeper is all it wants."""
    blocked = tx.requests.status(request) is Status.BLOCKED
    return blocked and tx.requests.note(request) == START_A_SWEEPER


def overdue(tx: Transaction, request: RequestId, now: datetime) -> bool:
    """Whether it waited too long, and nobody closed it yet.

    Raises:
        IntegrityError: it is not yet given, and its proposal is not what the log says.
    """
    since = _since(tx, request)
    if since is None:
        return False
    return since + LAPSE <= latest(tx, now) or _in_vain(tx, request, now)


def lapse(tx: Transaction, request: RequestId, now: datetime) -> bool:
    """Close it if it waited too long; whether it did."""
    found = tx.requests.get(request)
    if found is None or not overdue(tx, request, now):
        return False
    at, ungiven = latest(tx, now), tx.requests.status(request) in _UNGIVEN
    reason = "ungiven" if ungiven else "unanswered"
    reason = "ended" if _in_vain(tx, request, now) else reason
    tx.requests.set_status(request, Status.LAPSED, at=at, note=_note(tx, request, now))
    tx.log.append(lapsed(found, at=at, reason=reason))
    return True


def _in_vain(tx: Transaction, request: RequestId, now: datetime) -> bool:
    """(6)."""
    return in_vain(tx, request, latest(tx, now)) and not unfinished(tx, request)


def _note(tx: Transaction, request: RequestId, now: datetime) -> str:
    status = tx.requests.status(request)
    if status in _CUT:
        return "its giving was cut short, and what it left on a target is taken back"
    if _in_vain(tx, request, now):
        return "what it would extend has ended"
    if waits_for_confirmation(tx, request):
        return "nobody confirmed it"
    if _cut_short(tx, request):
        return "its run was cut short"
    return "nothing gave it in time" if status in _UNGIVEN else "nobody answered"


def _since(tx: Transaction, request: RequestId) -> datetime | None:
    """From when its time is counted; None = it cannot lapse (3)."""
    status = tx.requests.status(request)
    if status in _UNANSWERED or status in _CUT:
        return tx.requests.since(request)  # (1) (5)
    waits = waits_for_sweeper(tx, request) or waits_for_confirmation(tx, request)
    if status is not Status.APPROVED and not waits:
        return None
    proposal = sealed(tx, request, "proposal", Proposal)
    since = tx.requests.since(request)
    return since if proposal is None else max(since, proposal.window.start)  # (4)


def latest(tx: Transaction, now: datetime) -> datetime:
    """(2); an instant that cannot be read counts as never seen."""
    seen = tx.settings.get("latest_instant")
    try:
        moment = datetime.fromisoformat(seen) if isinstance(seen, str) else now
    except ValueError:
        return now
    return max(now, moment.replace(tzinfo=moment.tzinfo or UTC))


def _cut_short(tx: Transaction, request: RequestId) -> bool:
    """Whether it was not a person that kept it waiting; a log that cannot be read is no reason."""
    try:
        return unfinished(tx, request)
    except GovAgentsError:
        return False
