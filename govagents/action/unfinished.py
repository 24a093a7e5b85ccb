"""Which requests are to be gone on with: judged by the log, never by a graph's checkpoint.

A process may die after a request or an answer was written and before its graph ran, or in the
middle of a run. Each step is in the log before its checkpoint, so the log knows how far it came.

Rules:
1. What is closed, blocked or over is left alone, whatever is missing in its run.
2. So is what has remembered its ending, and what a run failed on: that needs a person.
3. An answer that no later step has heard is to be gone on with.
4. A request waits rightly where the step that calls for a person came last and its status says so.
5. Everything else was cut short, or is being run at this moment: which of the two, its turn tells.
6. What was gone on with three times and came not one step further is given up.
"""

from collections.abc import Sequence
from enum import StrEnum

from govagents.domain.ids import RequestId
from govagents.domain.request import Status
from govagents.ports import Transaction

RESUMED = "request.resumed"
UNDER_WAY = frozenset(
    {
        Status.DRAFT,
        Status.NEEDS_INFO,
        Status.PENDING,
        Status.APPROVED,
        Status.ACTIVATING,
        Status.ACTIVE,
    }
)
"""(1)."""

TRIES = 3
_FAILED, _FINISHED = "request.blocked", "step.remember"
_HEARD = {
    "request.answered": "step.clarify",
    "answer.approved": "step.ask",
    "answer.denied": "step.ask",
}
_WAITING = frozenset(
    {
        ("step.recall", Status.NEEDS_INFO),
        ("step.decide", Status.PENDING),
        ("step.grant", Status.PENDING),
    }
)


class Resumption(StrEnum):
    """What going on with a request came to; BUSY = somebody else is at it."""

    RESUMED = "resumed"
    BUSY = "busy"
    FAILED = "failed"


def unfinished(tx: Transaction, request: RequestId) -> bool:
    """Whether this request's run has still to go on."""
    status = tx.requests.status(request)
    return status in UNDER_WAY and left_undone(status, _kinds(tx, request))


def given_up(tx: Transaction, request: RequestId) -> bool:
    """(6)."""
    kinds = _kinds(tx, request)
    last = max((place for place, kind in enumerate(kinds) if _moves(kind)), default=-1)
    return kinds[last + 1 :].count(RESUMED) >= TRIES


def left_undone(status: Status, kinds: Sequence[str]) -> bool:
    """The same from what it rests on: the status, and the kinds of all entries, oldest first.

    >>> left_undone(Status.DRAFT, ["request.received"])
    True
    >>> left_undone(Status.PENDING, ["request.received", "step.decide"])
    False
    >>> left_undone(Status.PENDING, ["request.received", "step.decide", "answer.approved"])
    True
    """
    if status not in UNDER_WAY or _FINISHED in kinds:  # (1) (2)
        return False
    moved = [kind for kind in kinds if _moves(kind)]
    if moved and moved[-1] == _FAILED:  # (2)
        return False
    unheard = any(
        kind in _HEARD and _HEARD[kind] not in moved[place:] for place, kind in enumerate(moved)
    )
    return unheard or not moved or (moved[-1], status) not in _WAITING  # (3) (4) (5)


def _moves(kind: str) -> bool:
    """Whether an entry of this kind tells of the run itself."""
    return kind.startswith("step.") or kind == _FAILED or kind in _HEARD


def _kinds(tx: Transaction, request: RequestId) -> list[str]:
    return [event.kind for _, event in tx.log.of(request)]
