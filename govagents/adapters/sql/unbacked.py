"""What lies in the store held against the log, without believing either.

What the guard, the sweeper and a fact sheet read are rows; the log says what was written there.

Rules:
1. Every answer kept is one that an entry recorded, and the other way round.
2. Every grant kept is what its entries recorded (`audit.life`), and each grant of the log is kept.
3. Whatever cannot be read is named, and hides nothing else.
4. Requests and words are those the log names: `unbacked_words`. So are findings, the company and
   its catalogs, and every table is there: `unbacked_tables`; the others are compared all the same.
5. What is filed as going on is what the log calls so. How the rest is filed: `unbacked_filing`.
6. A store of a schema that this release does not read is not compared, and said to be: its tables
   are others, so that they differ though nobody changed anything. Where an entry says which schema
   it has, that counts.
7. The schema is the one this release ships: `unbacked_shape`. Whatever no entry tells of is what
   was sealed when it was written: `unbacked_seals`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import DatabaseError
from typing import NamedTuple, Protocol

from sqlmodel import Session

from govagents.adapters.sql.answers import SqlAnswers
from govagents.adapters.sql.database import Reading
from govagents.adapters.sql.earlier import READ, unread
from govagents.adapters.sql.either import session_on, tables_in
from govagents.adapters.sql.grant_rows import GrantRows
from govagents.adapters.sql.reader import event_in, key_in, opened
from govagents.adapters.sql.requests import SqlRequests
from govagents.adapters.sql.store import SCHEMA, Store
from govagents.adapters.sql.unbacked_filing import Filing
from govagents.adapters.sql.unbacked_seals import unsealed
from govagents.adapters.sql.unbacked_shape import inconsistent, misshapen, schema_of
from govagents.adapters.sql.unbacked_tables import Tables
from govagents.adapters.sql.unbacked_words import Received, Words, said_in
from govagents.audit.life import Entry, unlike
from govagents.domain.canonical import digest
from govagents.domain.event import Event
from govagents.domain.ids import GrantId, RequestId
from govagents.errors import ConfigurationError


def unbacked(folder: Path) -> tuple[str, ...]:
    """What only one of the store and the log says.

    Raises:
        ConfigurationError: there is no store, or this release does not read its schema.
        IntegrityError: the log is gone, or a table is unreadable.
    """
    with opened(folder) as connection:
        logged = _logged(connection)
        if logged.tables.told not in READ:
            _refuse_unread(connection, folder)
        return differences(connection, logged)


def _refuse_unread(connection: Reading, folder: Path) -> None:
    """(6)."""
    try:
        if "store" not in tables_in(connection):
            return  # (4)
        kept = connection.execute('SELECT "schema" FROM store').fetchone()
    except DatabaseError:
        return  # (4)
    if kept is not None and isinstance(kept[0], int) and kept[0] not in READ:
        message = f"the store in `{folder}` {unread(kept[0])}"
        raise ConfigurationError(message)


def differences(connection: Reading, logged: "_Logged | None" = None) -> tuple[str, ...]:
    """The same, of a store that is open."""
    logged = logged or _logged(connection)
    schema = schema_of(connection, logged.tables.told)
    gone = logged.tables.gone(connection, schema)
    with session_on(connection) as session:
        found = [*gone.values(), *misshapen(connection, schema)]  # (7)
        found += logged.tables.differences(connection, gone)  # (4)
        for kept in _kept(session, logged):
            if not gone.keys() & kept.tables:
                found += kept.differences(connection)
        if not gone:
            found += logged.filing.differences(connection)
            found += _sealed(connection, schema)
        return tuple(found)


def _sealed(connection: Reading, schema: int) -> Iterator[str]:
    """(7)."""
    if schema < SCHEMA:
        return  # whoever opens it seals it
    try:
        yield from inconsistent(connection)
        yield from unsealed(connection, key_in(connection))
    except (ValueError, TypeError, DatabaseError) as error:
        yield f"something in the store cannot be read: {error}"


class _Kept(Protocol):
    """Rows to be held against the log, in these tables."""

    @property
    def tables(self) -> frozenset[str]: ...

    def differences(self, connection: Reading) -> Iterable[str]: ...


def _kept(session: Session, logged: "_Logged") -> tuple[_Kept, ...]:
    store = Store(session)
    return (
        _Answers(SqlAnswers(session, store), logged),
        _Grants(GrantRows(session, store), logged),
        _Going(logged),
        Words(SqlRequests(session, store), logged.received, logged.said),
    )


class _Logged(NamedTuple):
    """Answers by their digest, the entries of a grant by its id, and what others ask for."""

    tables: Tables
    filing: Filing
    answers: dict[str, Entry]
    grants: dict[str, list[Entry]]
    received: dict[str, Received]
    said: dict[str, str]


@dataclass(frozen=True)
class _Answers:
    kept: SqlAnswers
    logged: _Logged
    tables = frozenset({"answer"})

    def differences(self, connection: Reading) -> Iterator[str]:
        """(1)."""
        answered = {str(name) for (name,) in connection.execute("SELECT request FROM answer")}
        for name in sorted(answered | {each.event.about for each in self.logged.answers.values()}):
            yield from self._about(name)

    def _about(self, request: str) -> Iterator[str]:
        try:
            kept = {digest(answer): answer for answer in self.kept.of(RequestId(request))}
        except Exception as error:  # noqa: BLE001  # (3)
            yield f"an answer about `{request}` cannot be read: {type(error).__name__}"
            return
        for name in kept.keys() - self.logged.answers.keys():
            yield f"the answer of `{kept[name].person}` about `{request}` is not in the log"
        for name, entry in self.logged.answers.items():
            if entry.event.about == request and name not in kept:
                who = entry.event.principal
                yield f"entry {entry.number}: the answer of `{who}` about `{request}` is gone"


@dataclass(frozen=True)
class _Grants:
    kept: GrantRows
    logged: _Logged
    tables = frozenset({"grant"})

    def differences(self, connection: Reading) -> Iterator[str]:
        """(2)."""
        given = {str(name) for (name,) in connection.execute('SELECT id FROM "grant"')}
        for name in sorted(given | set(self.logged.grants)):
            if said := self._difference(name):
                yield said

    def _difference(self, name: str) -> str | None:
        entries = self.logged.grants.get(name)
        if entries is None:
            return f"the grant `{name}` is not in the log"
        try:
            grant = self.kept.get(GrantId(name))
            bad = entries[-1] if grant is None else unlike(grant, entries)
        except Exception as error:  # noqa: BLE001  # (3)
            what = f"the grant `{name}` cannot be read: {type(error).__name__}"
            return f"entry {entries[-1].number}: {what}"
        if grant is None:
            return f"entry {entries[-1].number}: the grant `{name}` is gone"
        return f"the grant `{name}` is not what entry {bad.number} says" if bad else None


@dataclass(frozen=True)
class _Going:
    logged: _Logged
    tables = frozenset({"going"})

    def differences(self, connection: Reading) -> Iterator[str]:
        """(5)."""
        filed = {str(name) for (name,) in connection.execute('SELECT "grant" FROM going')}
        for name, entries in self.logged.grants.items():
            if (
                not any(entry.event.kind == "grant.ended" for entry in entries)
                and name not in filed
            ):
                what = f"the grant `{name}` is not filed as going on: the next sweep mends that"
                yield f"entry {entries[0].number}: {what}"


def _logged(connection: Reading) -> _Logged:
    found = _Logged(Tables(), Filing(), {}, {}, {}, {})
    for index, leaf in connection.execute("SELECT idx, leaf FROM entry ORDER BY idx"):
        event = event_in(leaf)
        if event is None or not _sound(event):
            continue  # `verify` has more to say about it
        found.tables.note(index, event)
        found.filing.note(index, event)
        if event.kind.startswith("answer."):
            found.answers[event.digests.get("answer", "")] = Entry(index, event)
        elif event.kind.startswith("grant."):
            grant = event.reason.partition(" ")[0]
            found.grants.setdefault(grant, []).append(Entry(index, event))
        elif event.kind == "request.received":
            received = Received(index, str(event.digests.get("request")))
            found.received.setdefault(event.about, received)
        elif (said := said_in(event)) is not None:
            found.said[said] = event.about
    return found


def _sound(event: Event) -> bool:
    """(3) A changed entry may hold anything."""
    texts = (event.kind, event.about, event.principal, event.decision, event.reason)
    return all(isinstance(text, str) for text in texts) and isinstance(event.digests, dict)
