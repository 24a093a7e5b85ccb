"""A target that may not answer: each call is waited for so long and no longer.

Rules:
1. A call that has not come back in time is left alone in its thread. An order may have been carried
   out or not; a reading says nothing.
2. A system that left a call hanging is asked again only after a pause, and not at all while
   `MOST_LEFT` calls hang. So it holds up whoever ends many grants once, and no other system ever.
3. INVARIANT (access ends only when the target confirms): while an order to give hangs, no reading
   of that role counts, for the order may yet be carried out. While any order about somebody's
   role hangs, that role is not given to them.
4. A connector that leaves (`SystemExit` and its like) leaves its own thread, never this program: it
   has not answered.
5. Who holds a role is a set of names, which is read within the limit, too: of anything else `in`
   may say anything, at any time.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from pathlib import Path
from time import monotonic
from typing import Generic, NamedTuple, TypeVar

from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.errors import OutcomeUnknownError, TargetError, TargetUnavailableError
from govagents.ports import Connector, Order

MOST_LEFT = 60
_PAUSES = 6
"""(2) A pause is so many times the limit."""

_T = TypeVar("_T")


class Kind(Enum):
    """What a target is asked for."""

    READING = auto()
    GIVING = auto()
    TAKING = auto()


class Asked(NamedTuple):
    """A call; `subject` is None where somebody only looks."""

    kind: Kind
    system: SystemId
    role: RoleId
    subject: IdentityId | None = None


class Hanging(NamedTuple):
    """A call that was left alone, at `since` on a clock that only counts."""

    asked: Asked
    since: float


@dataclass(eq=False)
class Waiting(Generic[_T]):
    """One call in a thread of its own, which no process waits for when it ends; `done` = back.

    `unanswered` = what it comes to when the call left.
    """

    call: Callable[[], _T]
    unanswered: type[TargetError] = TargetUnavailableError
    done: threading.Event = field(default_factory=threading.Event)
    _found: list[_T] = field(default_factory=list)
    _raised: list[Exception] = field(default_factory=list)

    def within(self, limit: timedelta) -> bool:
        """Begin, and wait; whether it came back."""
        threading.Thread(target=self._run, daemon=True).start()
        return self.done.wait(limit.total_seconds())

    def outcome(self) -> _T:
        """What it returned, or raises what it raised."""
        for error in self._raised:
            raise error
        return self._found[0]

    def _run(self) -> None:
        try:
            self._found.append(self.call())
        except Exception as error:  # noqa: BLE001  # raised again where it is waited for
            self._raised.append(error)
        except BaseException as error:  # noqa: BLE001  # (4)
            self._raised.append(self.unanswered(f"it left with {type(error).__name__}"))
        self.done.set()


class Limited(Connector):
    """A connector, waited for no longer than `limit`."""

    scheme = "limited"

    def __init__(self, behind: Connector, limit: timedelta) -> None:
        """`behind` is the target itself."""
        self.behind, self.limits, self.limit = behind, behind.limits, limit
        self._left: list[tuple[Hanging, threading.Event]] = []
        self._lock = threading.Lock()

    @classmethod
    def at(cls, address: str, folder: Path) -> "Limited":
        """What connectors are opened by; this one stands before another.

        Raises:
            TypeError: always.
        """
        message = f"`{address}` of `{folder}` is opened by its own connector"
        raise TypeError(message)

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        """Who holds `role` now."""
        asked = Asked(Kind.READING, system, role)
        return self._ask(asked, lambda: _names(self.behind.holders(system, role)))

    def grant(self, order: Order) -> None:
        """Make it so."""
        asked = Asked(Kind.GIVING, order.system, order.role, order.subject)
        self._ask(asked, lambda: self.behind.grant(order))

    def revoke(self, order: Order) -> None:
        """Make it not so."""
        asked = Asked(Kind.TAKING, order.system, order.role, order.subject)
        self._ask(asked, lambda: self.behind.revoke(order))

    def _ask(self, asked: Asked, call: Callable[[], _T]) -> _T:
        with self._lock:
            self._left = [each for each in self._left if not each[1].is_set()]
            left = [hanging for hanging, _ in self._left if hanging.asked.system == asked.system]
        why_not = unasked(asked, left, now=monotonic(), limit=self.limit)
        if why_not is not None:
            raise TargetUnavailableError(why_not)
        reading = asked.kind is Kind.READING
        unanswered = TargetUnavailableError if reading else OutcomeUnknownError  # (1)
        waiting = Waiting(call, unanswered)
        if waiting.within(self.limit):
            return waiting.outcome()
        with self._lock:
            self._left.append((Hanging(asked, monotonic()), waiting.done))
        raise unanswered(f"no answer within {self.limit.total_seconds():g} s")


def unasked(asked: Asked, left: Sequence[Hanging], *, now: float, limit: timedelta) -> str | None:
    """Why a system is not asked at all, by the calls to it that hang; None = it is."""
    if len(left) >= MOST_LEFT:  # (2)
        return f"{len(left)} calls to it never came back: start this program anew"
    if any(_unsettled(asked, each.asked) for each in left):  # (3)
        return "an earlier order about that role has not come back and may yet be carried out"
    pause = _PAUSES * limit.total_seconds()
    if any(now - each.since < pause for each in left):  # (2)
        return f"it left a call hanging; it is asked again every {pause:g} s"
    return None


def _names(found: object) -> frozenset[IdentityId]:
    """(5)."""
    if not isinstance(found, set | frozenset) or not all(isinstance(each, str) for each in found):
        message = f"`holders` returned a {type(found).__name__}, not a set of names"
        raise TypeError(message)
    return frozenset(found)


def _unsettled(asked: Asked, earlier: Asked) -> bool:
    """(3)."""
    if asked.role != earlier.role or earlier.kind is Kind.READING:
        return False
    if asked.kind is Kind.READING:
        return earlier.kind is Kind.GIVING
    return asked.kind is Kind.GIVING and asked.subject == earlier.subject
