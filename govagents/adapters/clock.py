"""Clocks: the machine's, a demo store's own, and one that stands at a given instant."""

from dataclasses import dataclass
from datetime import UTC, datetime

from govagents.domain.canonical import instant
from govagents.errors import InputError
from govagents.ports import Records


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
    """A demo store's own time: kept in the store, moved only forwards and only by `--now`."""

    records: Records

    def now(self) -> datetime:
        """Where it stands."""
        with self.records.begin() as tx:
            return datetime.fromisoformat(str(tx.settings.get("clock")))

    def move(self, to: datetime) -> None:
        """Set it forward.

        Raises:
            InputError: `to` lies before where it stands.
        """
        with self.records.begin() as tx:
            stands = datetime.fromisoformat(str(tx.settings.get("clock")))
            if to < stands:
                message = f"the demo clock stands at {instant(stands)}: it cannot go back"
                raise InputError(message)
            tx.settings.set("clock", instant(to))
