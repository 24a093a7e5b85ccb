"""Entries of the log, as a list."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from govagents.domain.event import Event
from govagents.domain.ids import GrantId
from govagents.entrypoints.cli.session import EndingSession, Opened
from govagents.entrypoints.cli.wording import day_of, time_of_day
from govagents.errors import UnknownNameError

Entry: TypeAlias = tuple[int, Event]


@dataclass(frozen=True)
class Wanted:
    """Which entries; a field that is None asks for nothing. `kind` is a beginning, `grant.`."""

    agent: str | None = None
    principal: str | None = None
    accountable: str | None = None
    subject: str | None = None
    kind: str | None = None

    def __call__(self, entry: Entry) -> bool:
        """Whether this is one of them."""
        event = entry[1]
        pairs = (
            (self.agent, event.agent),
            (self.principal, event.principal),
            (self.accountable, event.accountable),
            (self.subject, event.subject),
        )
        return event.kind.startswith(self.kind or "") and all(
            wanted in {None, found} for wanted, found in pairs
        )


def show_entries(session: Opened, entries: Sequence[Entry]) -> None:
    """One a line, day by day: which, when, what, which agent, on whose word, about what.

    Beside a word that is no person's stands, in brackets, the person who answers for it.
    """
    if not entries:
        session.screen.line("no entries")
    for day, of_day in groupby(entries, key=lambda entry: day_of(entry[1].at)):
        session.screen.heading(f"log, {day} UTC")
        session.screen.table(
            ("", "when", "what", "agent", "for", "about"),
            [(str(index), *_row(event)) for index, event in of_day],
        )


def newest_entries(
    session: EndingSession, about: str | None, most: int, wanted: Wanted
) -> tuple[Entry, ...]:
    """The last `most` entries that are wanted, of one request or grant or of all."""
    return tuple(deque(filter(wanted, _entries(session, about)), maxlen=most))


def _entries(session: EndingSession, about: str | None) -> Iterable[Entry]:
    from govagents.audit.trail import event_of
    from govagents.wiring import stored_log

    if about is not None:
        with session.records.begin() as tx:
            grant = tx.grants.get(GrantId(about))
            found = tx.log.of(about if grant is None else grant.request)
        if not found:
            message = (
                f"the log has no entry about `{about}`: `govagents audit show` shows the newest"
            )
            raise UnknownNameError(message)
        yield from found
        return
    with stored_log(session.ending.settings.home) as stored:
        for entry in stored.entries:
            yield entry.index, event_of(entry.leaf)


def _row(event: Event) -> tuple[str, ...]:
    what = event.kind if event.decision == "none" else f"{event.kind} {event.decision}"
    word = event.principal
    if event.accountable != word:
        word = f"{word} ({event.accountable})"
    return (time_of_day(event.at), what, event.agent, word, event.about)
