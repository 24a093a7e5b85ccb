"""Telling people outside of the store what lies in their inbox.

Rules:
1. INVARIANT (taking back never waits): nothing of this is part of a sweep. What is told is told
   when it is committed, no transaction is open while the courier is at it, and whoever sweeps again
   and again does not wait for it.
2. A try is noted before it is made: two processes do not tell the same at once, and who dies in the
   middle tells it twice rather than never.
3. It is tried again after 1, 4 and 16 minutes, then every hour, `MOST_TRIES` times in all; what is
   refused is tried no more. What is a day old is not sent: it may be over by now.
4. Where the courier cannot be reached the rest waits for the next round; those that were tried
   least come first, so that one that always fails holds up no other.
5. What a courier answers is a stranger's: it is cut, on one line, with control characters visible.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from govagents.action.lapse import LAPSE, latest
from govagents.action.targets import harmless
from govagents.domain.notice import Posted
from govagents.errors import TargetRefusedError
from govagents.ports import Clock, Courier, Records, Transaction

MOST_TRIES = 8
MOST_AT_ONCE = 20
_LONGEST = timedelta(hours=1)


def wait_after(tries: int) -> timedelta:
    """(3).

    >>> [int(wait_after(tries).total_seconds()) // 60 for tries in range(7)]
    [0, 1, 4, 16, 60, 60, 60]
    """
    return min(timedelta(minutes=4 ** min(tries - 1, 4)), _LONGEST) if tries else timedelta(0)


def given_up(posted: Posted) -> bool:
    """(3)."""
    return not posted.sent and posted.tries >= MOST_TRIES


def undelivered(tx: Transaction, now: datetime) -> tuple[Posted, ...]:
    """(3) What was tried in vain, of the last day."""
    return tuple(each for each in tx.unsent(latest(tx, now) - LAPSE) if each.failure)


@dataclass(frozen=True)
class Posting:
    """`courier` None = nobody is told outside of the store."""

    records: Records
    courier: Courier | None
    clock: Clock
    machine: Clock

    def post(self) -> tuple[str, ...]:
        """Tell what is due; sentences on what could not be told."""
        return tuple(self._told(self.courier)) if self.courier is not None else ()

    def _told(self, courier: Courier) -> Iterator[str]:
        for posted in self._due()[:MOST_AT_ONCE]:
            begun = self._begun(posted)
            if begun is None:
                continue
            notice = posted.notice
            try:
                courier.deliver(notice)
            except Exception as error:  # noqa: BLE001  # whatever a way out raises, it is kept
                refused = isinstance(error, TargetRefusedError)
                failure = harmless(error) or type(error).__name__
                tries = MOST_TRIES if refused else begun.tries
                self._save(replace(begun, failure=failure, tries=tries))
                yield f"`{notice.person}` was not told about `{notice.about}`: {failure}"
                if not refused:
                    return  # (4)
            else:
                self._save(replace(begun, failure="", sent=True))

    def _due(self) -> list[Posted]:
        with self.records.begin() as tx:
            waiting = tx.unsent(latest(tx, self.clock.now()) - LAPSE)
        moment = self.machine.now().timestamp()
        due = [each for each in waiting if not given_up(each) and _is_time(each, moment)]
        return sorted(due, key=lambda each: (each.tries, each.notice.number))

    def _begun(self, posted: Posted) -> Posted | None:
        """(2) None = somebody else was first."""
        begun = replace(posted, tries=posted.tries + 1, tried=int(self.machine.now().timestamp()))
        with self.records.begin() as tx:
            if posted not in tx.unsent(posted.notice.at):
                return None
            tx.save_posted(begun)
        return begun

    def _save(self, posted: Posted) -> None:
        with self.records.begin() as tx:
            tx.save_posted(posted)


def _is_time(posted: Posted, moment: float) -> bool:
    """(3) A last try that lies ahead of the clock puts nothing off."""
    if posted.tried is None:
        return True
    return not 0 <= moment - posted.tried < wait_after(posted.tries).total_seconds()
