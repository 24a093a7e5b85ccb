"""Clocks: the machine's, a demo store's own, and one that stands at a given instant."""

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from govagents.action.elapsed import Uptime
from govagents.domain.canonical import instant
from govagents.errors import InputError
from govagents.ports import Records, Transaction

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def uptime() -> Uptime | None:
    """How long this machine has run: nobody can set that. None = it cannot tell."""
    with suppress(OSError, AttributeError):
        run = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
        return Uptime(_BOOT.read_text(encoding="ascii").strip(), run)
    return None


class MachineClock:
    """The only reader of the machine's time."""

    def now(self) -> datetime:
        """The present, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class FixedClock:
    """Stands still: a plan's `--now`, and tests."""

    at: datetime

    def now(self) -> datetime:
        """Always the same."""
        return self.at


@dataclass(frozen=True)
class DemoClock:
    """A demo store's own time: kept in the store, moved only forwards and only by `--now`.

    One that was moved `to` an instant tells it from then on. The store learns of it with the first
    thing that is written at that time, in the same transaction, or when `keep` is called: who is
    killed before has moved nothing.
    """

    records: Records
    to: datetime | None = None

    def now(self) -> datetime:
        """Where it stands."""
        with self.records.begin() as tx:
            stands = self._stands(tx)
        return stands if self.to is None else max(stands, self.to)

    def moved(self, to: datetime) -> "DemoClock":
        """The same clock, set forward.

        Raises:
            InputError: `to` lies before where it stands.
        """
        with self.records.begin() as tx:
            stands = self._stands(tx)
        if to < stands:
            message = f"the demo clock stands at {instant(stands)}: it cannot go back"
            raise InputError(message)
        return replace(self, to=to)

    def keep(self) -> None:
        """Let it stand in the store where it stands here."""
        with self.records.begin() as tx:
            self.keep_in(tx)

    def keep_in(self, tx: Transaction) -> None:
        """The same, as a part of what is done at that time."""
        if self.to is not None and self.to > self._stands(tx):
            tx.settings.set("clock", instant(self.to))

    def _stands(self, tx: Transaction) -> datetime:
        return datetime.fromisoformat(str(tx.settings.get("clock")))
