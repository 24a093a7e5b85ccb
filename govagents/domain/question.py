"""One clarifying question, and what resolving the words came to."""

from dataclasses import dataclass
from enum import StrEnum

from govagents.domain.observation import Observation
from govagents.domain.request import Need, Understanding


class About(StrEnum):
    """The fact that is missing."""

    PERMISSION = "permission"
    ROLE = "role"
    SYSTEM = "system"
    BENEFICIARY = "beneficiary"
    WINDOW = "window"
    TICKET = "ticket"
    PURPOSE = "purpose"
    HUMAN = "human"


@dataclass(frozen=True)
class Option:
    """`id` is a catalog or directory id, `label` what a person reads."""

    id: str
    label: str


@dataclass(frozen=True)
class Question:
    """Asked once, answered in the speaker's words or by an option's number."""

    about: About
    text: str
    options: tuple[Option, ...] = ()


class Clarity(StrEnum):
    """What resolving came to."""

    CLEAR = "clear"
    UNCLEAR = "unclear"
    NO_MATCH = "no_match"


@dataclass(frozen=True)
class Resolution:
    """`understanding` holds what is known so far; `question` is set when `clarity` is UNCLEAR.

    `observed` says of each field of the understanding where it came from. `open` are the needs that
    were read and neither chosen nor dropped yet.
    """

    clarity: Clarity
    understanding: Understanding
    question: Question | None = None
    observed: tuple[Observation, ...] = ()
    open: tuple[Need, ...] = ()
