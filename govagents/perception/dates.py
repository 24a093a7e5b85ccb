"""The day a name names, in English, French, Spanish and German; dateparser parses the dates."""

import re
from datetime import datetime, timedelta

import dateparser

from govagents.perception.clockwords import Said
from govagents.perception.words import fold

_MONTHS = 12
_SETTINGS = {
    "PREFER_DATES_FROM": "future", "DATE_ORDER": "DMY", "PREFER_DAY_OF_MONTH": "first",
    "RETURN_AS_TIMEZONE_AWARE": False,
}  # fmt: skip


def day(said: str, at: datetime) -> datetime | None:
    """The day `said` names, seen from `at`; None where there is no such day."""
    said = re.sub(r"^coming\s+", "", said, flags=re.IGNORECASE)
    folded = re.sub(r"^(?:the|this|next|on)\s+", "", " ".join(fold(said).split()))
    numbers = re.fullmatch(r"\d{1,2}[./](\d{1,2})[./]?(?:\d{4})?", folded)
    if numbers is not None and not 1 <= int(numbers[1]) <= _MONTHS:
        return None
    if re.match(r"end of|eod|cob|close of", folded):
        return _end_of(folded, at)
    if re.fullmatch(Said.TODAY_SAID.replace("’", "'"), folded):
        return at
    if re.fullmatch(Said.TOMORROW, folded):
        said = "tomorrow"
    if folded == "day after tomorrow":
        return at + timedelta(days=2)
    base = at.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    settings = {**_SETTINGS, "RELATIVE_BASE": base}
    spoken = re.sub(r"(?<=\d)(?:st|nd|rd|th|er|\.)?\s+(?:of |de )?", " ", said.strip())
    parsed = dateparser.parse(spoken, languages=["en", "fr", "es", "de"], settings=settings)
    return None if parsed is None else _nearest(folded, parsed, base).replace(tzinfo=at.tzinfo)


def _nearest(folded: str, parsed: datetime, base: datetime) -> datetime:
    """The next "3rd" where this month's has passed; today where the words name today's date."""
    if parsed < base and re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)", folded):
        later = base.replace(day=1) + timedelta(days=32)
        return later.replace(day=min(parsed.day, _end_of("month", later).day))
    if (parsed.month, parsed.day, parsed.year) == (base.month, base.day, base.year + 1):
        return parsed if re.search(r"\d{4}", folded) else base
    return parsed


def friday(at: datetime) -> datetime:
    """The last working day of the week of `at`; at a weekend, the next one's."""
    return at + timedelta(days=(4 - at.weekday()) % 7)


def _end_of(folded: str, at: datetime) -> datetime:
    if "week" in folded:
        return friday(at)
    if "month" in folded:
        return (at.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return at
