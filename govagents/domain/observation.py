"""Where each thing a decision rests on came from, so that nobody takes words for facts."""

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
    CATALOG = "catalog"
    USAGE = "usage log"
    RECORDS = "database of record"
    POLICIES = "policy files"
    UNKNOWN = "unknown"


class Trust(StrEnum):
    """FACT: from a system of record. CLAIM: from words, resolved but believed only so far."""

    FACT = "fact"
    CLAIM = "claim"
    UNKNOWN = "unknown"


class Topic(StrEnum):
    """What kind of thing was observed, in the order in which it is shown."""

    REQUEST = "request"
    IDENTITY = "identity"
    AUTHORIZATION = "authorization"
    RESOURCE = "resource"
    BEHAVIOUR = "behaviour"
    EVENT = "event"
    POLICY = "policy"


@dataclass(frozen=True)
class Observation:
    """One field with its provenance: who says so, how far it is believed, when it was looked at.

    `value` is None for what the understanding holds already, and for the unknown.
    """

    field: str
    source: Source
    trust: Trust
    at: datetime
    topic: Topic = Topic.REQUEST
    value: str | None = None


@dataclass(frozen=True)
class Look:
    """One look at one source: everything it says, or does not say, of one topic."""

    topic: Topic
    source: Source
    at: datetime

    def says(self, field: str, value: str | None) -> Observation:
        """A fact of that source; None = it says nothing, and that is all that is known.

        INVARIANT (unknown stays unknown): nothing stands in for what no source says.
        """
        if value is None:
            return Observation(field, Source.UNKNOWN, Trust.UNKNOWN, self.at, self.topic)
        return Observation(field, self.source, Trust.FACT, self.at, self.topic, value)
