"""How times, lengths, people and statuses read. Plain strings: `output` makes them safe."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from govagents.domain.ids import IdentityId
from govagents.domain.request import Status, Window
from govagents.domain.world import World
from govagents.entrypoints.cli.output import Tone, Toned

TONE_OF: Mapping[Status, Tone] = MappingProxyType(
    {
        Status.DRAFT: Tone.QUIET,
        Status.NEEDS_INFO: Tone.WAIT,
        Status.PENDING: Tone.WAIT,
        Status.APPROVED: Tone.WAIT,
        Status.ACTIVATING: Tone.WAIT,
        Status.ACTIVE: Tone.GOOD,
        Status.EXPIRING: Tone.WAIT,
        Status.EXPIRED: Tone.QUIET,
        Status.REVOKING: Tone.WAIT,
        Status.REVOKED: Tone.QUIET,
        Status.REVOKE_FAILED: Tone.BAD,
        Status.DENIED: Tone.BAD,
        Status.RETURNED: Tone.WAIT,
        Status.CANCELLED: Tone.QUIET,
        Status.LAPSED: Tone.QUIET,
        Status.BLOCKED: Tone.BAD,
    }
)


def time_of(moment: datetime) -> str:
    """To the minute, in UTC.

    >>> time_of(datetime(2026, 11, 23, 9, tzinfo=UTC))
    '2026-11-23 09:00 UTC'
    """
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def day_of(moment: datetime) -> str:
    """The day in UTC.

    >>> day_of(datetime(2026, 11, 23, 9, tzinfo=UTC))
    '2026-11-23'
    """
    return f"{moment.astimezone(UTC):%Y-%m-%d}"


def time_of_day(moment: datetime) -> str:
    """To the second, in UTC, under a day that is said.

    >>> time_of_day(datetime(2026, 11, 23, 9, 0, 7, tzinfo=UTC))
    '09:00:07'
    """
    return f"{moment.astimezone(UTC):%H:%M:%S}"


def length_of(length: timedelta) -> str:
    """In days, hours and minutes; seconds only where there is nothing larger.

    >>> length_of(timedelta(hours=26, minutes=30)), length_of(timedelta(seconds=20))
    ('1 d 2 h 30 min', '20 s')
    """
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    counts = ((length.days, "d"), (hours, "h"), (minutes, "min"))
    parts = [f"{count} {unit}" for count, unit in counts if count]
    return " ".join(parts) or f"{seconds} s"


def window_of(window: Window) -> str:
    """From, until and how long.

    >>> start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    >>> window_of(Window(start, start + timedelta(hours=2)))
    '2026-11-23 09:00 to 11:00 UTC (2 h)'
    """
    start, end = window.start.astimezone(UTC), window.end.astimezone(UTC)
    end_text = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M} to {end_text} UTC ({length_of(window.length)})"


def name_of(identity: IdentityId, world: World) -> str:
    """The name with the id, or the id alone where nothing else is known."""
    known = world.identities.get(identity)
    if known is None or known.name in {"", identity}:
        return identity
    return f"{known.name} ({identity})"


def status_of(status: Status) -> Toned:
    """The word of the one vocabulary, in its colour."""
    return Toned(status.value, TONE_OF[status])


def count_of(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun.

    >>> count_of(1, "entry", "entries"), count_of(3, "role")
    ('1 entry', '3 roles')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
