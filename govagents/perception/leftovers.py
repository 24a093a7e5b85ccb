"""What is said about time and no window accounts for: then the window is a question, not a guess.

1. Dates in digits, clock times and starts ("from ...", "starting ...") must be part of the window
   chosen, or belong to what happened.
2. "Next Monday for two hours" and "in two weeks for a day" name no clock time to start at.
3. Two ends that differ, "until Friday but at most 2h", are one too many.
4. A length below nothing, and yesterday as a time of access, are no window.
"""

import re
from collections.abc import Sequence

from govagents.perception.clockwords import Said

_TOKEN = re.compile(
    rf"\b(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}|(?:[01]?\d|2[0-4]):[0-5]\d"
    rf"|(?:1[0-2]|0?[1-9])\s?(?:am|pm))\b"
    rf"|\b(?:starting|starts?(?=\s+(?:on|at|from|\d))|beginning)\s+(?:on\s+|at\s+|from\s+)?"
    rf"(?:{Said.DATES}|{Said.CLOCK}|\d{{1,2}})\b",
    re.IGNORECASE,
)
_START_ONLY = re.compile(
    rf"(?<!until\s)(?<!till\s)(?<!by\s)\b(?:{Said.DATES})(?:\s+at\s+\d{{1,2}})?\s+for\s+(?:an?|\d+|\w+)\s?(?:{Said.UNITS})\b"
    rf"|\bin\s+(?:an?|\d+|\w+)\s+(?:{Said.UNITS})\s+for\s+(?:an?|\d+|\w+)\s?(?:{Said.UNITS})\b",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    rf"\b(?:at\s+most|max(?:imum)?|no\s+more\s+than|not\s+more\s+than)\s+(?:an?|\d+|\w+)\s?(?:{Said.UNITS})\b",
    re.IGNORECASE,
)
_NO_WINDOW = re.compile(
    rf"(?<![\w)])[-−]\d+(?:[.,]\d+)?\s?(?:{Said.UNITS})\b"
    r"|\b(?:for|from|starting|during)\s+(?:yesterday|gestern|ayer|hier)\b(?!['’])"
    r"|\b(?:yesterday|gestern|ayer)(?=\s*[.!]?\s*$)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:was|were|did|had|what|who|which|how|went|since|until|till|broke|sent|ran|of)\b"
    r"|\w+ed\s+(?:\w+\s+)?yesterday",
    re.IGNORECASE,
)
_FAR = re.compile(
    r"\b(?:for|until|till|up\s+to)\s+(?:(?:an?|the|one|two|three|several|\d+)\s+)?"
    r"(?:decades?|centur(?:y|ies)|millenni\w+|lifetimes?|eternity|end\s+of\s+(?:all\s+)?(?:time|days)\b"
    r"|year\s+\d{4,})"
    r"|\b\d{5,}-\d{2}-\d{2}\b"
    rf"|\b(?:until|till|to)\s+(?:\d{{1,2}}\s+)?(?:{Said.MONTHS})\s+\d{{5,}}\b"
    r"|\b(?:until|till)\s+\d{5,}\b",
    re.IGNORECASE,
)


def far(text: str) -> str | None:
    """The words that name an end beyond every calendar: a decade, the end of time, the year 12000.

    >>> far("the logs for a decade")
    'for a decade'
    """
    found = _FAR.search(text)
    return None if found is None else found.group()


def leftover(
    text: str, accounted: Sequence[tuple[int, int]], *, until: bool
) -> tuple[tuple[int, int], ...]:
    """Spans about time outside `accounted`; `until`: the window chosen ends where "until" says."""
    told = _TOLD.search(text) is not None
    found = [  # (4)
        match.span()
        for match in _NO_WINDOW.finditer(text)
        if not (told and match.group().casefold() in {"yesterday", "gestern", "ayer"})
    ]
    found += [span for span in _spans(_TOKEN, text) if not _covered(span, accounted)]  # (1)
    found += [  # (2)
        span for span in _spans(_START_ONLY, text) if not _inside(span[0], accounted)
    ]
    if until:  # (3)
        found += [span for span in _spans(_AT_MOST, text) if not _covered(span, accounted)]
    return tuple(sorted(found))


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [
        match.span()
        for match in pattern.finditer(text)
        if not Said.BEFORE_PAST.search(text[: match.start()])
        and not Said.AFTER_PAST.match(text[match.end() :])
    ]


def _covered(span: tuple[int, int], accounted: Sequence[tuple[int, int]]) -> bool:
    return any(low < span[1] and span[0] < high for low, high in accounted)


def _inside(at: int, accounted: Sequence[tuple[int, int]]) -> bool:
    return any(low <= at < high for low, high in accounted)
