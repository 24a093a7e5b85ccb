"""Requests, the words said about them, and what each node found.

Words are kept apart from everything else, under a salted digest: who erases them leaves the log
whole, and nobody can guess what they were from the digest.
"""

from datetime import datetime
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import bindparam, func, insert, select, update
from sqlmodel import Field, Session

from govagents.adapters.sql.columns import TABLES, Blob, Instant, Row
from govagents.adapters.sql.sealed import touch
from govagents.adapters.sql.store import Store
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.request import Request, Status
from govagents.domain.text import Untrusted
from govagents.errors import InputError, IntegrityError, UnknownNameError

_SALT_BYTES = 16
# Words may hold what UTF-8 cannot, such as half a surrogate pair from a terminal.
_KEEP_ALL = "surrogatepass"


class RequestRow(Row, table=True):
    """One request; `n` is the order in which they came."""

    __tablename__ = "request"
    id: str = Field(primary_key=True)
    n: int = Field(unique=True)
    speaker: str = Field(index=True)
    asked_for: str | None = None
    at: datetime = Field(sa_type=Instant)
    text_digest: str
    status: str = Field(index=True)
    note: str = ""
    changed: datetime = Field(sa_type=Instant)


class TextRow(Row, table=True):
    """One thing somebody said. Erased: no salt, no body."""

    __tablename__ = "text"
    digest: str = Field(primary_key=True)
    request: str = Field(index=True)
    part: int
    speaker: str
    salt: bytes | None = Field(default=None, sa_type=Blob)
    body: bytes | None = Field(default=None, sa_type=Blob)


class FindingRow(Row, table=True):
    """One node's finding, never changed."""

    __tablename__ = "finding"
    n: int | None = Field(default=None, primary_key=True)
    request: str = Field(index=True)
    key: str
    digest: str
    body: bytes = Field(sa_type=Blob)


# made once: to make a statement takes longer than to ask the database
_REQUEST, _TEXT = TABLES.tables["request"], TABLES.tables["text"]
_FINDING = TABLES.tables["finding"]
_OF_NAME = _REQUEST.c.id == bindparam("id_")
_ONE, _BECAME = select(_REQUEST).where(_OF_NAME), update(_REQUEST).where(_OF_NAME)
_EVERY = select(_REQUEST.c.id).order_by(_REQUEST.c.n)
_SOME = _EVERY.where(_REQUEST.c.status.in_(bindparam("statuses", expanding=True)))
_SAID = select(_TEXT).where(_TEXT.c.digest == bindparam("digest_"))
_PARTS = select(func.count()).select_from(_TEXT).where(_TEXT.c.request == bindparam("request_"))
_WORDS = (
    select(_TEXT)
    .where(_TEXT.c.request == bindparam("request_"), _TEXT.c.speaker == bindparam("speaker_"))
    .order_by(_TEXT.c.part)
)
_FOUND = select(_FINDING.c.key, _FINDING.c.body).where(_FINDING.c.request == bindparam("request_"))
_LATEST = (
    select(_FINDING.c.body)
    .where(_FINDING.c.request == bindparam("request_"), _FINDING.c.key == bindparam("key_"))
    .order_by(_FINDING.c.n.desc())
    .limit(1)
)


class SqlFindings:
    """`ports.Findings`."""

    def __init__(self, session: Session) -> None:
        """One transaction's view."""
        self._session = session

    def add(self, request: RequestId, key: str, body: bytes) -> str:
        """Keep a finding; its SHA-256."""
        digest = sha256(body).hexdigest()
        row = {"request": request, "key": key, "digest": digest, "body": body}
        made = self._session.connection().execute(insert(_FINDING).values(**row))
        touch(self._session, "finding", *(made.inserted_primary_key or ()), new=True)
        return digest

    def latest(self, request: RequestId, key: str) -> bytes | None:
        """The newest finding under `key`."""
        return self._session.execute(_LATEST, {"request_": request, "key_": key}).scalar()

    def all(self, request: RequestId) -> tuple[tuple[str, bytes], ...]:
        """Every finding, oldest first."""
        rows = self._session.execute(_FOUND.order_by(_FINDING.c.n), {"request_": request})
        return tuple((key, body) for key, body in rows)


class SqlRequests:
    """`ports.Requests`."""

    def __init__(self, session: Session, store: Store) -> None:
        """One transaction's view."""
        self._session, self._store = session, store
        self._read: dict[RequestId, SqlRow[Any]] = {}

    def add(
        self, speaker: IdentityId, asked_for: IdentityId | None, at: datetime, text: str
    ) -> Request:
        """A new draft.

        Raises:
            InputError: there are no words in it.
        """
        if not text.strip():
            message = "the request is empty: say in a sentence what is needed"
            raise InputError(message)
        name = RequestId(self._store.draw("req"))
        while self.get(name) is not None:
            name = RequestId(self._store.draw("req"))
        digest = self.say(name, speaker, text)
        request = Request(name, speaker, asked_for, at, digest)
        row = {
            "id": name,
            "n": self._store.row.drawn,
            "speaker": speaker,
            "asked_for": asked_for,
            "at": at,
            "text_digest": digest,
            "status": Status.DRAFT.value,
            "note": "",
            "changed": at,
        }
        self._session.execute(insert(_REQUEST), row)
        touch(self._session, "request", name, new=True)
        return request

    def get(self, request: RequestId) -> Request | None:
        """The request, or None if there is none of that name."""
        row = self._found(request)
        if row is None:
            return None
        asked_for = None if row.asked_for is None else IdentityId(row.asked_for)
        return Request(request, IdentityId(row.speaker), asked_for, row.at, row.text_digest)

    def status(self, request: RequestId) -> Status:
        """How far it is.

        Raises:
            UnknownNameError: there is no such request.
        """
        return Status(self._row(request).status)

    def set_status(
        self, request: RequestId, status: Status, *, at: datetime, note: str = ""
    ) -> None:
        """How far it is now, and a word on why.

        Raises:
            UnknownNameError: there is no such request.
        """
        self._row(request)
        became = {"id_": request, "status": status.value, "note": note, "changed": at}
        self._session.execute(_BECAME, became)
        del self._read[request]
        touch(self._session, "request", request)

    def note(self, request: RequestId) -> str:
        """Why it has its status.

        Raises:
            UnknownNameError: there is no such request.
        """
        note: str = self._row(request).note
        return note

    def since(self, request: RequestId) -> datetime:
        """When it got its status.

        Raises:
            UnknownNameError: there is no such request.
        """
        changed: datetime = self._row(request).changed
        return changed

    def list(self, statuses: frozenset[Status] | None = None) -> tuple[RequestId, ...]:
        """Names, oldest first."""
        if statuses is None:
            return tuple(RequestId(name) for name in self._session.scalars(_EVERY))
        wanted = {"statuses": sorted(statuses)}
        return tuple(RequestId(name) for name in self._session.scalars(_SOME, wanted))

    def say(self, request: RequestId, speaker: IdentityId, text: str) -> str:
        """Keep words; the digest under which the log may name them."""
        salt, body = token_bytes(_SALT_BYTES), text.encode(errors=_KEEP_ALL)
        digest = _digest(salt, body)
        row = {
            "digest": digest,
            "request": request,
            "part": self._session.execute(_PARTS, {"request_": request}).scalar_one(),
            "speaker": speaker,
            "salt": salt,
            "body": body,
        }
        self._session.execute(insert(_TEXT), row)
        touch(self._session, "text", digest, new=True)
        return digest

    def words(self, request: RequestId) -> tuple[Untrusted, ...]:
        """What the speaker said, oldest first; nobody else's words, whatever they said about it.

        Raises:
            UnknownNameError: there is no such request.
            IntegrityError: words were changed or taken out.
        """
        asked = {"request_": request, "speaker_": self._row(request).speaker}
        rows = self._session.execute(_WORDS, asked).all()
        if not rows or rows[0].digest != self._row(request).text_digest:
            raise _changed(request)
        return tuple(_read(row) for row in rows)

    def said(self, digest: str) -> Untrusted:
        """What lies under one digest, whoever said it; empty if erased.

        Raises:
            UnknownNameError: nothing ever lay there.
            IntegrityError: the words were changed.
        """
        row = self._session.execute(_SAID, {"digest_": digest}).first()
        if row is None:
            message = f"no words lie under `{digest}`"
            raise UnknownNameError(message)
        return _read(row)

    def erase(self, request: RequestId) -> None:
        """Destroys all words about a request, and the salts that could prove a guess."""
        gone = update(_TEXT).where(_TEXT.c.request == request).values(salt=None, body=None)
        self._session.execute(gone)
        of_request = select(_TEXT.c.digest).where(_TEXT.c.request == request)
        for digest in self._session.execute(of_request).scalars():
            touch(self._session, "text", digest)
        self._session.info["erased"] = True

    def _found(self, request: RequestId) -> SqlRow[Any] | None:
        """Its row, which nobody else changes before this transaction has ended."""
        if request not in self._read:
            row = self._session.execute(_ONE, {"id_": request}).first()
            if row is None:
                return None
            self._read[request] = row
        return self._read[request]

    def _row(self, request: RequestId) -> SqlRow[Any]:
        row = self._found(request)
        if row is None:
            message = f"there is no request `{request}`: `request list` shows what there is"
            raise UnknownNameError(message)
        return row


def _digest(salt: bytes, body: bytes) -> str:
    return sha256(salt + body).hexdigest()


def _read(row: SqlRow[Any]) -> Untrusted:
    if row.body is None and row.salt is None:
        return Untrusted("")
    if row.body is None or row.salt is None or _digest(row.salt, row.body) != row.digest:
        raise _changed(row.request)
    return Untrusted(row.body.decode(errors=_KEEP_ALL))


def _changed(request: str) -> IntegrityError:
    return IntegrityError(f"the words of `{request}` are not what was said: run `audit verify`")
