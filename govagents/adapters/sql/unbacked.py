"""Answers, grants and words in the store held against the log, without believing either.

What the guard, the sweeper and a fact sheet read are rows; the log says what was written there.

Rules:
1. Every answer kept is one that an entry recorded, and the other way round.
2. Every grant kept is what its entries recorded (`audit.life`), and each grant of the log is kept.
3. Whatever cannot be read is named, and hides nothing else.
4. Requests and words are those the log names: `unbacked_words`.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from govagents.adapters.sql.answers import SqlAnswers
from govagents.adapters.sql.grant_rows import GrantRows
from govagents.adapters.sql.reader import event_in, opened
from govagents.adapters.sql.requests import SqlRequests
from govagents.adapters.sql.store import Store
from govagents.adapters.sql.unbacked_words import Words, said_in
from govagents.audit.life import Entry, unlike
from govagents.domain.canonical import digest
from govagents.domain.event import Event
from govagents.domain.ids import GrantId, RequestId


def unbacked(folder: Path) -> tuple[str, ...]:
    """What only one of the store and the log says of requests, words, answers and grants.

    Raises:
        ConfigurationError: there is no store.
        IntegrityError: a table is gone or unreadable.
    """
    with opened(folder) as connection:
        connection.execute("BEGIN")  # ORDER: rows and entries of one instant
        logged = _logged(connection)
        answered = {str(name) for (name,) in connection.execute("SELECT request FROM answer")}
        given = {str(name) for (name,) in connection.execute('SELECT id FROM "grant"')}
        engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
        with Session(engine) as session:
            answers = _Answers(SqlAnswers(session, Store(session)), logged)
            grants = _Grants(GrantRows(session, Store(session)), logged)
            requests = SqlRequests(session, Store(session))
            words = Words(requests, logged.received, logged.said)  # (4)
            about = sorted(answered | {event.about for _, event in logged.answers.values()})
            return (
                *(said for name in about for said in answers.differences(name)),
                *(
                    said
                    for name in sorted(given | set(logged.grants))
                    if (said := grants.difference(name))
                ),
                *words.differences(connection),
            )


class _Logged(NamedTuple):
    """Answers by their digest, the entries of a grant by its id, and what `Words` asks for."""

    answers: dict[str, Entry]
    grants: dict[str, list[Entry]]
    received: dict[str, str]
    said: dict[str, str]


@dataclass(frozen=True)
class _Answers:
    kept: SqlAnswers
    logged: _Logged

    def differences(self, request: str) -> Iterator[str]:
        """(1)."""
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

    def difference(self, name: str) -> str | None:
        """(2)."""
        entries = self.logged.grants.get(name)
        if entries is None:
            return f"the grant `{name}` is not in the log"
        try:
            grant = self.kept.get(GrantId(name))
            bad = entries[-1] if grant is None else unlike(grant, entries)
        except Exception as error:  # noqa: BLE001  # (3)
            return f"the grant `{name}` cannot be read: {type(error).__name__}"
        if grant is None:
            return f"entry {entries[-1].number}: the grant `{name}` is gone"
        return f"the grant `{name}` is not what entry {bad.number} says" if bad else None


def _logged(connection: sqlite3.Connection) -> _Logged:
    found = _Logged({}, {}, {}, {})
    for index, leaf in connection.execute("SELECT idx, leaf FROM entry ORDER BY idx"):
        event = event_in(leaf)
        if event is None or not _sound(event):
            continue  # `verify` has more to say about it
        if event.kind.startswith("answer."):
            found.answers[event.digests.get("answer", "")] = Entry(index, event)
        elif event.kind.startswith("grant."):
            grant = event.reason.partition(" ")[0]
            found.grants.setdefault(grant, []).append(Entry(index, event))
        elif event.kind == "request.received":
            found.received.setdefault(event.about, str(event.digests.get("request")))
        elif (said := said_in(event)) is not None:
            found.said[said] = event.about
    return found


def _sound(event: Event) -> bool:
    """(3) A changed entry may hold anything."""
    texts = (event.kind, event.about, event.principal, event.decision, event.reason)
    return all(isinstance(text, str) for text in texts) and isinstance(event.digests, dict)
