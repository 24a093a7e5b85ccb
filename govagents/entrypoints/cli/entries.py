"""Entries of the log, as a list."""

from collections import deque
from collections.abc import Sequence
from typing import TypeAlias

from govagents.domain.event import Event
from govagents.domain.ids import GrantId
from govagents.entrypoints.cli.session import Session
from govagents.entrypoints.cli.wording import time_of

Entry: TypeAlias = tuple[int, Event]


def show_entries(session: Session, entries: Sequence[Entry]) -> None:
    """One a line: which, what, when, who for whom, about what, with which result."""
    if not entries:
        session.screen.line("no entries")
        return
    session.screen.table(
        ("entry", "what", "when", "agent", "for", "about", "result"),
        [
            (
                str(index),
                event.kind,
                time_of(event.at),
                event.agent,
                event.principal,
                event.about,
                event.decision,
            )
            for index, event in entries
        ],
    )


def newest_entries(session: Session, about: str | None, most: int) -> tuple[Entry, ...]:
    """The last `most` entries, of one request or grant or of all."""
    if about is not None:
        with session.app.records.begin() as tx:
            grant = tx.grants.get(GrantId(about))
            return tx.log.of(about if grant is None else grant.request)[-most:]
    from govagents.audit.trail import event_of
    from govagents.wiring import stored_log

    with stored_log(session.app.home) as stored:
        newest = deque(stored.entries, maxlen=most)
    return tuple((entry.index, event_of(entry.leaf)) for entry in newest)
