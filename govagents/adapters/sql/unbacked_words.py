"""Requests and words in the store held against the log, without believing either.

Rules:
1. Every request kept is the one that the log saw received, and the other way round.
2. Words lie under the digest of their salt and themselves, or are erased, both together.
3. What a request, an answer or an entry names as said lies there, said about that request.
4. Whatever cannot be read is named, and hides nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from govagents.adapters.sql.database import Reading
from govagents.adapters.sql.either import whole
from govagents.adapters.sql.requests import SqlRequests
from govagents.domain.canonical import digest
from govagents.domain.event import Event
from govagents.domain.ids import RequestId


class Received(NamedTuple):
    """The entry that saw a request come, and the digest it has of it."""

    number: int
    digest: str


@dataclass(frozen=True)
class Words:
    """`received`: by the id of the request; `said`: request by the digest of words."""

    kept: SqlRequests
    received: Mapping[str, Received]
    said: Mapping[str, str]
    tables = frozenset({"request", "text", "answer"})

    def differences(self, connection: Reading) -> Iterator[str]:
        """(1) to (4)."""
        names = {str(name) for (name,) in connection.execute("SELECT id FROM request")}
        for name in sorted(names | self.received.keys()):
            yield from self._request(name)
        about = {str(key): str(name) for key, name in connection.execute(_ABOUT)}
        asked = {str(key): str(name) for key, name in connection.execute(_NAMED)}
        for key, name in sorted({**asked, **self.said}.items(), key=lambda pair: pair[::-1]):
            if about.get(key) != name:
                yield f"{self._entry(name)}words said about `{name}` are gone"  # (3)
        for key, name, salt, body in connection.execute(whole(connection, _WORDS)):
            erased = salt is None and body is None
            if not erased and sha256((salt or b"") + (body or b"")).hexdigest() != key:
                yield f"{self._entry(name)}the words of `{name}` are not what was said"  # (2)

    def _request(self, name: str) -> Iterator[str]:
        try:
            request = self.kept.get(RequestId(name))
            found = None if request is None else digest(request)
        except Exception as error:  # noqa: BLE001  # (4)
            yield f"{self._entry(name)}the request `{name}` cannot be read: {type(error).__name__}"
            return
        if request is None:
            yield f"{self._entry(name)}the request `{name}` is gone"
        elif name not in self.received:
            yield f"the request `{name}` is not in the log"
        elif found != self.received[name].digest:
            yield f"{self._entry(name)}the request `{name}` is not what the log saw received"  # (1)

    def _entry(self, name: str) -> str:
        received = self.received.get(name)
        return "" if received is None else f"entry {received.number}: "


def said_in(event: Event) -> str | None:
    """The digest of the words that an entry names."""
    return event.digests.get("text") if event.kind == "request.answered" else None


_ABOUT = "SELECT digest, request FROM text"
_NAMED = (
    "SELECT text_digest, id FROM request "
    "UNION ALL SELECT reason_digest, request FROM answer WHERE reason_digest <> ''"
)
_WORDS = "SELECT digest, request, {salt}, {body} FROM text ORDER BY request, part"
