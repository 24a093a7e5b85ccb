"""Days named beside a window: the one it begins or ends on, one that is past, or one left over.

1. A day is accounted for where the window begins or ends on it; today also where it begins now.
2. A part of today is accounted for while it lasts, and past once it is over.
3. A day of what happened ("failed on Friday", "left on the 13th") or of a deadline that is told
   apart from the length says nothing about access.
4. A weekday that names today's, and "next Friday" within this week, may be either of two days.
5. Whatever stands directly beside the length belongs to it: then (3) excuses nothing.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from govagents.perception import dates
from govagents.perception.clockwords import Said
from govagents.perception.happened import happened

_WEEK = timedelta(days=7)
_PARTS = (  # hours a part of the day begins and ends
    (re.compile(r"morning|matin|mañana|vormittag|\bmorgen$", re.IGNORECASE), 0, 12),
    (re.compile(r"afternoon|midi|tarde|nachmittag", re.IGNORECASE), 12, 18),
    (re.compile(r"evening|night|soir|noche|abend|nacht", re.IGNORECASE), 18, 30),
)
_PART_OF_TODAY = re.compile(
    r"\b(?:this\s+(?:morning|afternoon|evening)|tonight|overnight|at\s+night"
    r"|in\s+the\s+(?:morning|afternoon|evening)|cet\s+après[- ]midi|ce\s+(?:soir|matin)"
    r"|esta\s+(?:tarde|noche|mañana)|heute\s+(?:vormittag|nachmittag|abend|nacht)"
    r"|in\s+der\s+nacht|am\s+(?:nachmittag|abend))\b",
    re.IGNORECASE,
)
_DEADLINE = re.compile(
    r"\b(?:by|before|due(?:\s+(?:on|by))?|deadline\s+(?:is|on))\s+$", re.IGNORECASE
)
_ADJECTIVE = re.compile(
    r"^\s+(?!(?:for|at|from|until|till|to|and|or|after|before|through|between|in|on|by|as|is|please|i|we"
    r"|morning|afternoon|evening|night|noon|an?|one|two|three|half)\b)[a-z]",
)
_RELATIVE = re.compile(r"^(?:the\s+)?(?:this|next|coming)\s+", re.IGNORECASE)
_NEXT = re.compile(r"^(?:the\s+)?next\s+", re.IGNORECASE)
_WEEKDAY = re.compile(rf"^(?:(?:this|next|coming)\s+)?(?:{Said.WEEKDAYS})$", re.IGNORECASE)
_NEAR = re.compile(r"[\s,;:.(–-]*(?:on\s+|for\s+|am\s+|le\s+|el\s+)?", re.IGNORECASE)


def day_meant(said: str | None, before: str, at: datetime) -> datetime | None:
    """The day meant; for "that day" the last one named before."""
    if said is None:
        return None
    if Said.THAT_DAY.match(said):
        named = [match.group() for match in Said.DAY.finditer(before)]
        earlier = [day for name in reversed(named) if (day := dates.day(name, at)) is not None]
        return earlier[0] if earlier else at
    return dates.day(said, at)


def days_apart(
    text: str,
    at: datetime,
    accounted: Sequence[tuple[int, int]],
    *,
    begins: tuple[datetime, ...],
    length: tuple[int, int] | None,
) -> Iterator[tuple[int, int]]:
    """Days and parts of today that no window has: it lies on the days `begins` names.

    `length`: where a length without a start of its own stands.
    """
    dates = {moment.date() for moment in begins}
    for match in Said.DAY.finditer(text):
        day = day_meant(match.group(), text[: match.start()], at)
        inside = any(low <= match.start() < high for low, high in accounted)
        if day is None:
            odd = not inside and _WANTED.search(text[: match.start()]) is not None
        elif _either_of_two(match.group(), day, at):  # (4)
            odd = inside or not _excused(text, match.span(), length)
        else:
            ahead = day.date() > at.date() and day.date() not in dates  # (1)
            odd = ahead and not inside and not _excused(text, match.span(), length)
        if odd:
            yield match.span()


_WANTED = re.compile(r"\b(?:until|till|til|from|on|starting|for|by)\s+(?:the\s+)?$", re.IGNORECASE)


def parts_apart(text: str, at: datetime) -> Iterator[tuple[int, int]]:
    """(2): parts of today to come, which a window that begins now would not keep to."""
    for match in _PART_OF_TODAY.finditer(text):
        begin, end = next((low, high) for rx, low, high in _PARTS if rx.search(match.group()))
        hour = at.hour + 24 if at.hour + 24 < end else at.hour
        ahead = hour < begin or (hour >= end and match.group().casefold().startswith("in "))
        if ahead and not happened(text, match.span()):
            yield match.span()


def _either_of_two(said: str, day: datetime, at: datetime) -> bool:
    """(4)."""
    if _WEEKDAY.match(said) is None:
        return False
    if _RELATIVE.match(said) is None:
        return day - at > _WEEK - timedelta(days=1) and day.weekday() == at.weekday()
    soon = day.date() < (at + timedelta(days=7 - at.weekday())).date()
    return _NEXT.match(said) is not None and soon


def _excused(text: str, span: tuple[int, int], length: tuple[int, int] | None) -> bool:
    """(3)(5)."""
    before, after = text[: span[0]], text[span[1] :]
    if Said.BEFORE_PAST.search(before):
        return True
    beside = None if length is None else _between(text, span, length)
    if beside is not None:
        return bool(set(beside) & set(",;.:")) and happened(text, span)
    if _DEADLINE.search(before) is not None:
        return True
    named = re.search(r"\bthe\s+$", before, re.IGNORECASE) is not None
    return (named and _ADJECTIVE.match(after) is not None) or happened(text, span)


def _between(text: str, one: tuple[int, int], other: tuple[int, int]) -> str | None:
    """What stands between a day and a length beside each other; None where more does."""
    (_, end), (start, _) = sorted((one, other))
    return text[end:start] if _NEAR.fullmatch(text[end:start]) else None
