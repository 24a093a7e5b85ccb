"""When access is asked for, read from the speaker's words and the instant they were written.

Spans are found here, dates are parsed by dateparser, everything is UTC.

1. A range with a day wins over an end, an end over a duration, a duration over a range without a
   day, that over a bare "today". Of two durations the one said with "for" wins, else the last.
2. What happened ("the last two hours", "every two minutes", "three days ago") is no window.
3. A clock time that has passed means the next day; a bare hour the next time a clock shows it, in
   working hours where a day is named. A day without a clock time ends at 18:00.
4. "That day" is the last day named before it.
5. What is said of time and not part of the window chosen leaves it open: `doubt`, and no window.
6. Words without an end ("for a while") are told apart from no words at all: nothing is guessed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from govagents.domain.canonical import instant
from govagents.domain.request import Window
from govagents.errors import InputError
from govagents.perception import clockwords as say
from govagents.perception.clockwords import Said
from govagents.perception.leftovers import far, leftover

LONGEST = timedelta(days=366)
_DAY = timedelta(days=1)
_OPENING, _NOON = 7, 12


@dataclass(frozen=True)
class Timed:
    """`window` None: no end named. `open_end`: an end was spoken of but not said."""

    window: Window | None
    spans: tuple[tuple[int, int], ...] = ()
    open_end: bool = False
    of_ticket: bool = False
    doubt: bool = False


@dataclass(frozen=True)
class _Found:
    rank: int
    start: int
    end: int
    window: Window


def read_window(text: str, at: datetime) -> Timed:
    """What `text`, written at `at`, says about when; every span is reported, one window is chosen.

    Raises:
        InputError: the end is not after the start, or lies more than a year away.
    """
    beyond = far(text)
    if beyond is not None:
        raise InputError(_too_long(beyond))
    said, text = text, Said.STAMP.sub(lambda match: " " * len(match.group()), text)
    found = [*_ranges(text, at), *_ends(text, at), *_durations(text, at), *_bare_days(text, at)]
    best = min(found, key=lambda item: (item.rank, -item.start), default=None)  # (1)
    odd = _odd(text, best, at)
    open_ends = [match.span() for match in Said.OPEN_END.finditer(text)]
    spans = tuple(sorted({*((item.start, item.end) for item in found), *open_ends, *odd}))
    of_ticket = Said.TICKET_WINDOW.search(text) is not None
    if best is None:
        doubt = bool(odd) and not of_ticket
        return Timed(None, spans, bool(open_ends), of_ticket, doubt)
    if odd:  # (5)
        return Timed(None, spans, doubt=True)
    _check(best.window, said[best.start : best.end])
    return Timed(best.window, spans, of_ticket=of_ticket)


def _odd(text: str, best: _Found | None, at: datetime) -> tuple[tuple[int, int], ...]:
    """(5)(2): outside the window chosen, its start, and clock times of what happened."""
    past = [
        match.span()
        for match in Said.RANGE.finditer(text)
        if Said.BEFORE_PAST.search(text[: match.start()])
    ]
    if best is None:
        return tuple(sorted({*leftover(text, past, until=False), *_days_ahead(text, at)}))
    start = Said.STARTING.search(text) if best.rank in _WITH_START else None
    starts = [] if start is None else [start.span()]
    own = (best.start, best.end)
    return leftover(text, [*past, *starts, own], until=best.rank == 1)


def _days_ahead(text: str, at: datetime) -> Iterator[tuple[int, int]]:
    """A day to come, and nothing said of an end."""
    for match in Said.DAY.finditer(text):
        day = _day(match.group(), text[: match.start()], at)
        past = Said.BEFORE_PAST.search(text[: match.start()])
        if day is not None and day > at and not past:
            yield match.span()


_WITH_START = frozenset({1, 2, 3})


def _check(window: Window, said: str) -> None:
    if window.end <= window.start:
        message = (
            f"`{' '.join(said.split())}` ends {instant(window.end)}, not after its start "
            f"{instant(window.start)}: name a later end"
        )
        raise InputError(message)
    if window.length > LONGEST:
        raise InputError(_too_long(said))


def _too_long(said: str) -> str:
    return f"`{' '.join(said.split())}` is longer than a year: name an end within 366 days"


def _ranges(text: str, at: datetime) -> Iterator[_Found]:
    for match in Said.HOURS.finditer(text):
        day = _day(match["day"], text[: match.start()], at)
        start, end = (_at(day or at, say.clock(match[name])) for name in ("clock1", "clock2"))
        if start < end:
            yield _Found(0, *match.span(), Window(start, end))
    for match in Said.RANGE.finditer(text):
        if Said.BEFORE_PAST.search(text[: match.start()]):  # (2)
            continue
        first, second = match["day1"], match["day2"] or match["day3"]
        day = _day(first or second, text[: match.start()], at)
        clock = say.clock(match["clock1"])
        start = _at(day or at, clock)
        if day is None and start + _DAY / 2 < at:
            start += _DAY
        last = _day(second, text[: match.start()], at) if first and second else None
        end = _at(last or start, say.clock(match["clock2"]))
        if end <= start and last is None:
            end += _DAY
        cued = bool(first or second or match["cue"])
        yield _Found(0 if cued else 4, *match.span(), Window(start, end))


def _ends(text: str, at: datetime) -> Iterator[_Found]:
    for match in Said.UNTIL.finditer(text):
        named = match["day"] or match["day0"] or match["after"]
        said, hour = (
            match["clock"] or match["clock0"] or match["part"],
            match["bare"] or match["hour"],
        )
        day = _day(named, text[: match.start()], at)
        if hour:
            end = _next_hour(day, at, say.number(hour))
        else:
            end = _at(day or at, say.clock(said) if said else say.going_home(named))
        if end <= at and (day is None or Said.NIGHT.match(named)):
            end += _DAY  # (3)
        rank = 1 if match["sure"] or said else 3
        yield _Found(rank, *match.span(), Window(_start_named(text, at), end))


def _durations(text: str, at: datetime) -> Iterator[_Found]:
    for match in Said.DURATION.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if Said.BEFORE_PAST.search(before) or Said.AFTER_PAST.match(after):  # (2)
            continue
        cued = bool(match["cue"]) or Said.TAIL.match(after) is not None
        start = _start_named(text, at)
        length = say.length(match)
        yield _Found(
            2 if cued else 3, *match.span(), Window(start, start + length, floating=start == at)
        )


def _bare_days(text: str, at: datetime) -> Iterator[_Found]:
    for match in Said.TODAY.finditer(text):
        week = Said.WEEK.search(match.group())
        end = _at(say.friday(at) if week else at, say.going_home(match.group()))
        if end <= at:
            end = _at(at, (24, 0))
        yield _Found(5, *match.span(), Window(at, end))


def _start_named(text: str, at: datetime) -> datetime:
    """The start said apart from the end: "starting tomorrow 20:00 for two hours"."""
    match = Said.STARTING.search(text)
    if match is None:
        return at
    day = _day(match["day"] or match["day1"], text[: match.start()], at)
    said = match["clock"] or match["clock0"] or match["clock1"]
    start = _at(day or at, say.clock(said) if said else (0, 0))
    if day is None and start <= at:  # (3)
        start += _DAY
    return start if start > at else at


def _day(said: str | None, before: str, at: datetime) -> datetime | None:
    """The day meant; for "that day" the last one named before."""
    if said is None:
        return None
    if Said.THAT_DAY.match(said):  # (4)
        named = [match.group() for match in Said.DAY.finditer(before)]
        earlier = [day for name in reversed(named) if (day := say.day(name, at)) is not None]
        return earlier[0] if earlier else at
    return say.day(said, at)


def _at(day: datetime, clock: tuple[int, int]) -> datetime:
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=clock[0], minutes=clock[1])


def _next_hour(day: datetime | None, at: datetime, hour: int) -> datetime:
    """(3): `6` said at 23:38 is six in the morning, `five` said at 10:29 five in the afternoon."""
    if day is not None:
        return _at(day, (hour + _NOON if hour < _OPENING else hour, 0))
    shown: Sequence[int] = (hour,) if hour > _NOON else (hour % _NOON, hour % _NOON + _NOON)
    choices = [_at(at + _DAY * ahead, (item, 0)) for ahead in (0, 1) for item in shown]
    return min(choice for choice in choices if choice > at)
