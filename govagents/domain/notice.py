"""Something a person is told, and how far telling them outside of the store has come."""

from dataclasses import dataclass
from datetime import datetime

from govagents.domain.ids import IdentityId


@dataclass(frozen=True)
class Notice:
    """`about` is the id of a request. `text` is ours, with names and words of others in it."""

    number: int
    person: IdentityId
    about: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Posted:
    """`tried`: when last, in seconds of the machine's clock. `failure`: what came of that."""

    notice: Notice
    tries: int = 0
    tried: int | None = None
    failure: str = ""
    sent: bool = False
