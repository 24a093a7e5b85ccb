"""When access is asked for, read from the speaker's words and the instant they were written.

Spans are found here, dates are parsed by dateparser; a window is UTC, whatever zone it was said in
(`zones.py`).

1. A range with a day wins over an end, an end over a duration, a duration over a range without a
   day, that over a bare "today". Of two durations the one said with "for" wins, else the last.
2. What happened ("the last two hours", "every two minutes", "three days ago") is no window.
3. A clock time that has passed means the next day; a bare hour the next time a clock shows it, in
   working hours where a day is named. A day without a clock time ends at 18:00.
4. "That day" is the last day named before it.
5. What is said of time and not part of the window chosen leaves it open: `apart`, and no window.
6. Words without an end ("for a while") are told apart from no words at all: nothing is guessed.
7. A range that is over is refused; one without a day or "from" that is over is a question.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from govagents.domain.canonical import instant
from govagents.domain.request import Window
from govagents.errors import InputError
from govagents.perception import clockwords as say
from govagents.perception import dates
from govagents.perception.clockwords import Said
from govagents.perception.days import day_meant, days_apart, parts_apart
from govagents.perception.leftovers import far, leftover, recurring, unread
from govagents.perception.ranges import amounts, moment, ranged, told
from govagents.perception.zones import Zone, meant, shown_on, without, zones_said

LONGEST = timedelta(days=366)
_DAY = timedelta(days=1)
_NEARLY_A_YEAR = timedelta(days=300)
_YEAR = re.compile(r"\d{4}")
_OPENING, _NOON = 7, 12


@dataclass(frozen=True)
class Timed:
    """`window` None: no end named. `open_end`: an end was spoken of but not said.

    `apart`: what makes the window a question.
    """

    window: Window | None
    spans: tuple[tuple[int, int], ...] = ()
    open_end: bool = False
    of_ticket: bool = False
    apart: tuple[tuple[int, int], ...] = ()

    @property
    def doubt(self) -> bool:
        """Whether words about time are left over."""
        return bool(self.apart)


@dataclass(frozen=True)
class _Found:
    rank: int
    start: int
    end: int
    window: Window
    cued: bool = False  # said with "for"
    unsure: bool = False


@dataclass(frozen=True)
class _Read:
    """What was found, what was chosen of it, where that stands, what is left over."""

    found: Sequence[_Found]
    best: _Found | None
    own: tuple[tuple[int, int], ...]
    odd: tuple[tuple[int, int], ...]


def read_window(text: str, at: datetime) -> Timed:
    """What `text`, written at `at`, says about when; every span is reported, one window is chosen.

    Raises:
        InputError: the end is not after the start, or lies more than a year away.
    """
    beyond = far(text)
    if beyond is not None:
        raise InputError(_too_long(beyond))
    said, text = text, Said.DOTTED.sub(lambda match: f"{match[1]}m  ", text)
    text = Said.LABEL.sub(lambda match: f"{match[1]} ", text)
    zones = zones_said(text)
    plain = Said.STAMP.sub(lambda match: " " * len(match.group()), without(text, zones))
    read, unclear = _in_zone(plain, zones, at)
    best, odd = read.best, _outermost([*read.odd, *unclear])
    open_ends = [match.span() for match in Said.OPEN_END.finditer(plain)]
    times = [*((item.start, item.end) for item in read.found), *(zone.span for zone in zones)]
    spans = tuple(sorted({*times, *open_ends, *odd}))
    of_ticket = Said.TICKET_WINDOW.search(plain) is not None
    if best is None:
        return Timed(None, spans, bool(open_ends), of_ticket, () if of_ticket else odd)
    if odd:  # (5)
        return Timed(None, spans, apart=odd)
    _check(best.window, said[best.start : best.end], at)
    return Timed(best.window, spans, of_ticket=of_ticket)


def _in_zone(
    text: str, zones: Sequence[Zone], at: datetime
) -> tuple[_Read, tuple[tuple[int, int], ...]]:
    """What is read by the clocks of the zone said, and what leaves open which zone that is."""
    read = _read(text, at)
    if read.best is None or read.best.window.floating:
        return read, ()
    said = meant(text, zones, read.own)
    if said.zone is None or said.zone.offset is None:
        return read, said.unclear
    read = _read(text, at.astimezone(timezone(said.zone.offset)))
    if read.best is None:
        return read, ()
    window = read.best.window
    start, end = (moment.astimezone(at.tzinfo) for moment in (window.start, window.end))
    best = replace(read.best, window=Window(start, end, floating=window.floating))
    shown = shown_on(said.zone, [moment for moment in (start, end) if moment != at])
    return replace(read, best=best), () if shown else (said.zone.span,)


def _read(text: str, at: datetime) -> _Read:
    found = [*_ranges(text, at), *_ends(text, at), *_durations(text, at), *_bare_days(text, at)]
    best = min(found, key=lambda item: (item.rank, -item.start), default=None)  # (1)
    if best is None:
        return _Read(found, None, (), _odd_alone(text, at))
    start = _starting(text) if best.rank in _WITH_START else None
    own = ((best.start, best.end), *(() if start is None else (start.span(),)))
    return _Read(found, best, own, _odd(text, best, found, at))


def _odd_alone(text: str, at: datetime) -> tuple[tuple[int, int], ...]:
    """(5): what is said of time where no window is."""
    days = days_apart(text, at, told(text, at), begins=(at,), length=None)
    left = leftover(text, told(text, at), until=False)
    numbers = unread(text, told(text, at), alone=True)
    return _outermost([*left, *days, *numbers, *_ends_unread(text)])


def _odd(
    text: str, best: _Found, found: Sequence[_Found], at: datetime
) -> tuple[tuple[int, int], ...]:
    """(5)(2): outside the window chosen, its start, and clock times of what happened."""
    start = _starting(text) if best.rank in _WITH_START else None
    own = [(best.start, best.end), *([] if start is None else [start.span()])]
    floats = best.rank in _LENGTHS
    begins = (best.window.start,) if floats else (best.window.start, best.window.end)
    days = days_apart(text, at, own, begins=begins, length=own[0] if floats else None)
    parts = parts_apart(text, at) if best.window.floating or best.rank == _TODAY else ()
    left = leftover(text, [*told(text, at), *own], until=best.rank == _END)
    unsure = [(best.start, best.end)] if best.unsure else []
    lengths = _lengths_apart(text, best, found)
    vague = [*_vague_start(text, best, start), *unsure, *recurring(text, own)]
    vague += unread(text, [*told(text, at), *own, *amounts(text)], alone=False)
    return _outermost([*left, *days, *parts, *lengths, *vague])


def _outermost(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    kept: list[tuple[int, int]] = []
    for low, high in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or high > kept[-1][1]:
            kept.append((low, high))
    return tuple(kept)


def _ends_unread(text: str) -> Iterator[tuple[int, int]]:
    """(6): "until the release" names an end that nobody here can date."""
    for match in Said.SOME_END.finditer(text):
        if not any(item.start() <= match.start() for item in Said.OPEN_END.finditer(text)):
            yield match.span()


def _lengths_apart(text: str, best: _Found, found: Sequence[_Found]) -> Iterator[tuple[int, int]]:
    """(1)(5): another length than the one chosen, or a length beside an end or a range."""
    for item in found:
        other = item.rank in _LENGTHS and not (item.start < best.end and best.start < item.end)
        same = best.rank in _LENGTHS and item.window.length == best.window.length
        near = min(abs(item.start - best.end), abs(best.start - item.end)) <= _BESIDE
        amount = Said.AMOUNT.search(text[: item.start])  # "extend the loan by two weeks"
        alone = Said.TAIL.match(text[item.end :]) or _NEEDED.search(text[: item.start])
        if other and not same and not amount and (item.cued or near or alone):
            yield (item.start, item.end)


def _vague_start(text: str, best: _Found, start: re.Match[str] | None) -> Iterator[tuple[int, int]]:
    """A day to start on and no hour: beside a length in hours, or "on Friday until 18:00"."""
    whole = best.window.length % _DAY == timedelta(0)
    if best.rank in _LENGTHS and start is not None and not _clock_of(start) and not whole:
        yield start.span()
    told = text[best.start : best.end]
    one_day = len(Said.DAY.findall(told)) == 1 and Said.DAY.match(told)
    if best.rank == _END and one_day and Said.ON.search(text[: best.start]):
        yield (best.start, best.end)
    if best.window.length > _NEARLY_A_YEAR and Said.DAY.search(told) and not _YEAR.search(told):
        yield (best.start, best.end)  # a date just past means the next year's, or is a mistake


_END, _TODAY = 1, 5
_WITH_START = frozenset({1, 2, 3})
_LENGTHS = frozenset({2, 3})
_BESIDE = 3
_NEEDED = re.compile(r"\b(?:need|want|take|rather|better|make\s+it|make\s+that)\s+$", re.IGNORECASE)


def _check(window: Window, said: str, at: datetime) -> None:
    if window.end <= window.start:
        message = (
            f"`{' '.join(said.split())}` ends {instant(window.end)}, not after its start "
            f"{instant(window.start)}: name a later end"
        )
        raise InputError(message)
    if window.end <= at:  # (7)
        ended = f"`{' '.join(said.split())}` is over: it ended {instant(window.end)}"
        raise InputError(f"{ended}, and it is {instant(at)}: name a window to come")
    if window.length > LONGEST:
        raise InputError(_too_long(said))


def _too_long(said: str) -> str:
    return f"`{' '.join(said.split())}` is longer than a year: name an end within 366 days"


def _ranges(text: str, at: datetime) -> Iterator[_Found]:
    for match in Said.HOURS.finditer(text):
        day = day_meant(match["day"], text[: match.start()], at)
        start, end = (moment(day or at, say.clock(match[name])) for name in ("clock1", "clock2"))
        if start < end:
            yield _Found(0, *match.span(), Window(start, end))
    past, changed = told(text, at), amounts(text)
    for match in Said.RANGE.finditer(text):
        if match.span() in past:
            continue
        window, sure = ranged(match, text, at)
        named = match["day1"] or match["day2"] or match["day3"]
        cued = bool(named or match["cue"])
        amount = any(low < match.end() and match.start() < high for low, high in changed)
        if amount and not named:
            continue
        if not named and (window.end <= at or window.start + _DAY / 2 < at):
            sure = sure and (cued or window.end > at)  # (7)
            window = Window(window.start + _DAY, window.end + _DAY)  # (3)
        yield _Found(0 if cued else 4, *match.span(), window, unsure=amount or not sure)


def _ends(text: str, at: datetime) -> Iterator[_Found]:
    for match in Said.UNTIL.finditer(text):
        named = match["day"] or match["day0"] or match["after"]
        said, hour = (
            match["clock"] or match["clock0"] or match["part"],
            match["bare"] or match["hour"],
        )
        day = day_meant(named, text[: match.start()], at)
        if named and day is None:  # "until 12/25": no such day
            continue
        if hour:
            end = _next_hour(day, at, say.number(hour))
        else:
            end = moment(day or at, say.clock(said) if said else say.going_home(named))
        if end <= at and (day is None or Said.NIGHT.match(named)):
            end += _DAY  # (3)
        rank = 1 if match["sure"] or said else 3
        yield _Found(rank, *match.span(), Window(_start_named(text, at), end))


def _durations(text: str, at: datetime) -> Iterator[_Found]:
    start = _start_named(text, at)
    for group in _joined(text):
        cued = bool(group[0]["cue"])
        tail = Said.TAIL.match(text[group[-1].end() :]) is not None
        length = sum(map(say.length, group), timedelta())
        window = Window(start, start + length, floating=start == at)
        yield _Found(2 if cued or tail else 3, group[0].start(), group[-1].end(), window, cued=cued)


def _joined(text: str) -> Iterator[list[re.Match[str]]]:
    """Lengths, "1 hour 30 minutes" as one; (2) not those of what happened or is yet to begin."""
    group: list[re.Match[str]] = []
    for match in Said.DURATION.finditer(text):
        before = text[: match.start()]
        if Said.BEFORE_PAST.search(before) or Said.AFTER_PAST.match(text[match.end() :]):  # (2)
            continue
        if Said.YET_TO_BEGIN.search(before) or say.next_period(match, text):
            continue
        if group and _adds(group[-1], match, text):
            group.append(match)
            continue
        if group:
            yield group
        group = [match]
    if group:
        yield group


def _adds(first: re.Match[str], then: re.Match[str], text: str) -> bool:
    joined = re.fullmatch(r"\s*(?:and|und|et|y|&)?\s*", text[first.end() : then.start()])
    return joined is not None and not then["cue"] and say.unit(then) < say.unit(first)


def _bare_days(text: str, at: datetime) -> Iterator[_Found]:
    past = told(text, at)
    for match in Said.TODAY.finditer(text):
        if any(low <= match.start() < high for low, high in past):
            continue
        week = Said.WEEK.search(match.group())
        end = moment(dates.friday(at) if week else at, say.going_home(match.group()))
        if end <= at:
            end = moment(at, (24, 0))
        yield _Found(5, *match.span(), Window(at, end))


def _start_named(text: str, at: datetime) -> datetime:
    """The start said apart from the end: "starting tomorrow 20:00 for two hours"."""
    match = _starting(text)
    if match is None:
        return at
    day = day_meant(match["day"] or match["day1"] or match["day0"], text[: match.start()], at)
    said = _clock_of(match)
    start = moment(day or at, say.clock(said) if said else (0, 0))
    if day is None and start <= at:  # (3)
        start += _DAY
    return start if start > at else at


def _starting(text: str) -> re.Match[str] | None:
    """Not what others start: "two joiners start on 1 December"."""
    starts = (item for item in Said.STARTING.finditer(text) if not _others(text, item))
    return next(starts, None)


def _others(text: str, match: re.Match[str]) -> bool:
    if not re.match(r"starts?\b", match.group(), re.IGNORECASE):
        return False
    before = Said.LAST_WORD.search(text[: match.start()])
    return before is not None and before[1].casefold() not in Said.WHAT_STARTS


def _clock_of(start: re.Match[str]) -> str | None:
    return start["clock"] or start["clock0"] or start["clock1"]


def _next_hour(day: datetime | None, at: datetime, hour: int) -> datetime:
    """(3): `6` said at 23:38 is six in the morning, `five` said at 10:29 five in the afternoon."""
    if day is not None:
        return moment(day, (hour + _NOON if hour < _OPENING else hour, 0))
    shown: Sequence[int] = (hour,) if hour > _NOON else (hour % _NOON, hour % _NOON + _NOON)
    choices = [moment(at + _DAY * ahead, (item, 0)) for ahead in (0, 1) for item in shown]
    return min(choice for choice in choices if choice > at)
