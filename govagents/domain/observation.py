"""Where each fact of a request came from, so that nobody takes words for facts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Source(StrEnum):
    """`UNKNOWN` = nobody said; it stays unknown and is never filled with a default."""

    AUTHENTICATION = "authentication"
    FLAG = "flag"
    WORDS = "words"
    DIRECTORY = "directory"
    TICKETS = "ticket system"
    UNKNOWN = "unknown"


class Trust(StrEnum):
    """FACT: from a system of record. CLAIM: from words, resolved but believed only so far."""

    FACT = "fact"
    CLAIM = "claim"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Observation:
    """One field of an understanding with its provenance."""

    field: str
    source: Source
    trust: Trust
    at: datetime
