"""From one clock time to another: the days they lie on, and whether that is sure.

1. A day before both is the start's; one between them is the end's, and the start is today's; one
   behind both is said of both.
2. An end before its start is the next day's where no day is said of the end and a night of at most
   15 hours lies between: "tomorrow 22:00 to 02:00". Else it is not sure.
3. A range that has been on its day and that a verb of the past goes with is told, not asked for.
4. Numbers from one of which something is changed to the other ("change the score from 3 to 5") are
   amounts, no hours, where no day or minute is said with them.
"""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from govagents.domain.request import Window
from govagents.perception import clockwords as say
from govagents.perception.clockwords import Said
from govagents.perception.days import day_meant
from govagents.perception.happened import happened

_DAY = timedelta(days=1)
_NIGHT = timedelta(hours=15)
_DAYS = ("day1", "day2", "day3")


class Ranged(NamedTuple):
    """`sure` False: the words give an end before the start."""

    window: Window
    sure: bool


def ranged(match: re.Match[str], text: str, at: datetime) -> Ranged:
    """What a match of `RANGE` in `text`, written at `at`, spans."""
    before = text[: match.start()]
    days = [day_meant(match[name], before, at) for name in _DAYS]
    first, second, behind = days
    both = None if first or second else behind  # (1)
    start = moment(first or both or at, say.clock(match["clock1"]))
    last = second or behind
    end = moment(last or start, say.clock(match["clock2"]))
    two_days = first is not None and last is not None
    if end > start or two_days:
        known = sum(day is not None for day in days) == sum(
            match[name] is not None for name in _DAYS
        )
        return Ranged(Window(start, end), sure=known)  # "12/25" is no day
    night = Window(start, end + _DAY)
    return Ranged(night, sure=last is None and night.length <= _NIGHT)  # (2)


def told(text: str, at: datetime) -> list[tuple[int, int]]:
    """(3): ranges of what happened."""
    return [
        match.span()
        for match in Said.RANGE.finditer(text)
        if Said.BEFORE_PAST.search(text[: match.start()])
        or (ranged(match, text, at).window.end <= at and happened(text, match.span()))
    ]


def amounts(text: str) -> list[tuple[int, int]]:
    """(4).

    >>> text = "lower the score from 5 to 3 for 2h"
    >>> [text[a:b] for a, b in amounts(text)]
    ['from 5 to 3']
    """
    return [match.span("amount") for match in _AMOUNT.finditer(text)]


_AMOUNT = re.compile(
    r"\b(?:chang|rais|lower|set|increas|decreas|reduc|scal|bump|adjust|correct|mov|upgrad|resiz|lift|drop)\w*\b"
    r"[^.!?;:,\n]{1,60}?\b(?P<amount>from\s+\d{1,9}\s+to\s+\d{1,9})\b(?!\s?(?:[:.]\d|[ap]m\b|h\b|uhr\b))",
    re.IGNORECASE,
)


def moment(day: datetime, clock: tuple[int, int]) -> datetime:
    """A clock time on a day; 24:00 and later lie on the next."""
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=clock[0], minutes=clock[1])
