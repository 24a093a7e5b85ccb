"""Answers, grants and words in the store held against the log, without believing either.

What the guard, the sweeper and a fact sheet read are rows; the log says what was written there.

Rules:
1. Every answer kept is one that an entry recorded, and the other way round.
2. Every grant kept is what its last entry recorded, and each grant of the log is kept. Nothing but
   its status, cause, end and attempts changes in its life, so every earlier entry must fit it too:
   an edit stays visible when what was edited has since been written to the log.
3. Ending again what a target did not confirm writes no entry, so a grant that is being ended may
   differ from its last entry in how often, why and how far, and in nothing else.
4. Whatever cannot be read is named, and hides nothing else.
5. Requests and words are those the log names: `unbacked_words`.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from govagents.adapters.sql.answers import SqlAnswers
from govagents.adapters.sql.grants import SqlGrants
from govagents.adapters.sql.reader import event_in, opened
from govagents.adapters.sql.requests import SqlRequests
from govagents.adapters.sql.store import Store
from govagents.adapters.sql.unbacked_words import Words, said_in
from govagents.domain.canonical import digest
from govagents.domain.event import Event
from govagents.domain.grant import GIVING, LIVE, Grant
from govagents.domain.ids import GrantId, RequestId
from govagents.domain.request import Status

_BEGUN, _SHOWN, _ENDING, _OVER = range(4)
_LIFE = {
    "grant.intended": _BEGUN,
    "grant.applied": _BEGUN,
    "grant.not_applied": _BEGUN,
    "grant.verified": _SHOWN,
    "grant.ending": _ENDING,
    "grant.end_failed": _ENDING,
}
"""How far an entry says a grant is: by kind, for one that is ended while being given has both."""


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
            grants = _Grants(SqlGrants(session, Store(session)), logged)
            requests = SqlRequests(session, Store(session))
            words = Words(requests, logged.received, logged.said)  # (5)
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


class _Entry(NamedTuple):
    number: int
    event: Event


class _Logged(NamedTuple):
    """Answers by their digest, the entries of a grant by its id, and what `Words` asks for."""

    answers: dict[str, _Entry]
    grants: dict[str, list[_Entry]]
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
        except Exception as error:  # noqa: BLE001  # (4)
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
    kept: SqlGrants
    logged: _Logged

    def difference(self, name: str) -> str | None:
        """(2)."""
        entries = self.logged.grants.get(name)
        if entries is None:
            return f"the grant `{name}` is not in the log"
        try:
            grant = self.kept.get(GrantId(name))
            bad = entries[-1] if grant is None else _unlike(grant, entries)
        except Exception as error:  # noqa: BLE001  # (4)
            return f"the grant `{name}` cannot be read: {type(error).__name__}"
        if grant is None:
            return f"entry {entries[-1].number}: the grant `{name}` is gone"
        return f"the grant `{name}` is not what entry {bad.number} says" if bad else None


def _unlike(grant: Grant, entries: Sequence[_Entry]) -> _Entry | None:
    """The first entry that does not fit, or the last where the grant went on without one."""
    for entry in entries:
        if entry.event.digests.get("grant") not in {
            digest(then) for then in _at(entry.event, grant)
        }:
            return entry
    last = max(entries, key=lambda entry: (_far(entry.event), entry.number))
    if last.event.digests.get("grant") == digest(grant):
        return None
    return None if _far(last.event) == _ENDING and grant.status in LIVE - GIVING else last  # (3)


def _at(event: Event, grant: Grant) -> tuple[Grant, ...]:
    """What `grant` may have been when `event` was written."""
    far = _far(event)
    if far == _OVER:
        return (grant,)
    if far == _ENDING:
        cause = event.reason.partition(" ")[2]
        then = replace(grant, cause="" if cause == "none" else cause, attempts=1, ended=None)
        then = replace(then, status=Status(event.decision))
        return replace(then, absolute=False), replace(then, absolute=True)
    given = replace(grant, cause="", attempts=0, ended=None, absolute=False)
    return (replace(given, status=Status.ACTIVE if far == _SHOWN else Status.ACTIVATING),)


def _far(event: Event) -> int:
    return _LIFE.get(event.kind, _OVER)


def _logged(connection: sqlite3.Connection) -> _Logged:
    found = _Logged({}, {}, {}, {})
    for index, leaf in connection.execute("SELECT idx, leaf FROM entry ORDER BY idx"):
        event = event_in(leaf)
        if event is None or not _sound(event):
            continue  # `verify` has more to say about it
        if event.kind.startswith("answer."):
            found.answers[event.digests.get("answer", "")] = _Entry(index, event)
        elif event.kind.startswith("grant."):
            grant = event.reason.partition(" ")[0]
            found.grants.setdefault(grant, []).append(_Entry(index, event))
        elif event.kind == "request.received":
            found.received.setdefault(event.about, str(event.digests.get("request")))
        elif (said := said_in(event)) is not None:
            found.said[said] = event.about
    return found


def _sound(event: Event) -> bool:
    """(4) A changed entry may hold anything."""
    texts = (event.kind, event.about, event.principal, event.decision, event.reason)
    return all(isinstance(text, str) for text in texts) and isinstance(event.digests, dict)
