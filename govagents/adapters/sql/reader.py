"""The log as it lies in a store, read without believing anything, for `audit verify`.

It opens the database read-only and by itself, takes rows as they come, and works where
`open_records` would refuse: a store that was tampered with is the one that most needs verifying.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from govagents.adapters.sql.choosing import database_of
from govagents.adapters.sql.database import Reading
from govagents.audit.checkpoint import Rejected, VerifyKey
from govagents.audit.trail import event_of
from govagents.audit.tree import Node
from govagents.audit.verify import Stored
from govagents.audit.walk import StoredEntry
from govagents.domain.event import Event
from govagents.errors import IntegrityError


@contextmanager
def stored_log(folder: Path) -> Iterator[Stored]:
    """Entries, nodes, checkpoints and key of the store in `folder`, read as they are asked for.

    Raises:
        ConfigurationError: there is no store.
        IntegrityError: a table of the log is gone or unreadable.
    """
    with opened(folder) as connection:
        yield Stored(
            entries=_entries(connection),
            nodes=_nodes(connection),
            checkpoints=_checkpoints(connection),
            key=key_in(connection),
        )


def misfiled(folder: Path) -> tuple[int, ...]:
    """Entries that are filed under something they are not about, so that looking it up misses them.

    The tree does not cover how an entry is filed; this does.
    """
    with opened(folder) as connection:
        rows = connection.execute("SELECT idx, about, leaf FROM entry ORDER BY idx")
        return tuple(index for index, about, leaf in rows if _about(leaf) not in {None, about})


def opened(folder: Path) -> AbstractContextManager[Reading]:
    """The database of the store in `folder`, to be read as it is at one instant.

    Raises:
        ConfigurationError: there is no store, or its database cannot be reached.
        IntegrityError: what was asked of it is gone or unreadable.
    """
    return database_of(folder).reading()


def event_in(leaf: object) -> Event | None:
    """The event behind what stands in a leaf's place; None if it is none."""
    try:
        return event_of(_bytes(leaf))
    except IntegrityError:
        return None  # `verify` has more to say about it


def key_in(connection: Reading) -> VerifyKey | None:
    """The log's key, as the store's own row has it."""
    row = connection.execute("SELECT vkey FROM store").fetchone()
    key = VerifyKey.parse(str(row[0])) if row else None
    return None if isinstance(key, Rejected) else key


def _entries(connection: Reading) -> Iterator[StoredEntry]:
    for index, leaf, kept in connection.execute("SELECT idx, leaf, hash FROM entry ORDER BY idx"):
        yield StoredEntry(index, _bytes(leaf), _bytes(kept))


def _nodes(connection: Reading) -> Iterator[Node]:
    query = "SELECT level, idx, hash FROM node ORDER BY level, idx"
    for level, index, kept in connection.execute(query):
        yield Node(level, index, _bytes(kept))


def _checkpoints(connection: Reading) -> Iterator[str]:
    for (note,) in connection.execute("SELECT note FROM checkpoint ORDER BY size"):
        yield note if isinstance(note, str) else ""


def _bytes(value: object) -> bytes:
    """SQLite lets anything stand in any column."""
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else b""


def _about(leaf: object) -> str | None:
    event = event_in(leaf)
    return None if event is None else event.about
