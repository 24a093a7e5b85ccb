"""What a field of a world's files may hold.

Names of things are ASCII, so that two names which look alike are alike, on a screen and in a
policy. Text for people holds no control or bidirectional characters: showing it is harmless.
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from govagents.domain.event import OF_THE_LOG

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}")
_MOST_TEXT = 4000
_HIDDEN = frozenset({"Cc", "Cf", "Cs"})  # categories of characters; none of them can be printed


def name(text: str) -> str:
    """A name of something, or ValueError.

    >>> name("orders:read")
    'orders:read'
    """
    if not _NAME.fullmatch(text):
        message = "must be a name of ASCII letters, digits and . _ : / @ + - (128 at most)"
        raise ValueError(message)
    if text in OF_THE_LOG:
        message = "is a word the log uses itself: choose another name"
        raise ValueError(message)
    return text


def _line(text: str) -> str:
    if len(text) > _MOST_TEXT:
        message = f"must not be longer than {_MOST_TEXT} characters"
        raise ValueError(message)
    # what can be printed holds none: most lines need no second look
    if not text.isprintable() and any(unicodedata.category(one) in _HIDDEN for one in text):
        message = "must not hold control or bidirectional characters"
        raise ValueError(message)
    return text


Name = Annotated[str, AfterValidator(name)]
Line = Annotated[str, AfterValidator(_line)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]


class Record(BaseModel):
    """One thing in a file: no field too many, no type bent."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Span(Record):
    """A stretch of time; `end` not included."""

    start: AwareDatetime
    end: AwareDatetime

    @model_validator(mode="after")
    def _forwards(self) -> "Span":
        if self.end <= self.start:
            message = "must end after it starts"
            raise ValueError(message)
        return self


def midnight(day: date | None) -> datetime | None:
    """The instant at which a date stands for an end: 00:00Z of that day."""
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)
