"""What triage found before anybody read the words."""

from dataclasses import dataclass
from enum import StrEnum


class Screened(StrEnum):
    """Whether there is anything to read."""

    CLEAR = "clear"
    REFUSED = "refused"


@dataclass(frozen=True)
class Screening:
    """`reasons` are short codes; with `CLEAR` they are remarks and stop nothing."""

    result: Screened
    reasons: tuple[str, ...] = ()
