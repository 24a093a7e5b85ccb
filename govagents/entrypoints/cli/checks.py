"""One row of `govagents doctor`."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """NOTE is worth knowing and stops nothing."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `next` is a command; `write`, lines of `settings.toml`."""

    name: str
    health: Health
    text: str
    next: str = ""
    write: tuple[str, ...] = ()
