"""SQLite as the database of record, and what is done there in another way than in PostgreSQL.

Rules:
1. One writer at a time: every unit of work begins with BEGIN IMMEDIATE, so that what it read is
   still true when it writes (deferred transactions lose updates and break separation of duties).
2. A commit is on the disk before it returns (WAL, synchronous=FULL).
3. The log's tables take new rows and nothing else: triggers refuse UPDATE and DELETE.
4. The file is its owner's alone (0600).
5. What SQLite complains of is said in our words, without the statement: busy, damaged, not
   writable. A broken constraint is no damage but a fault of ours, and stays what it is.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from govagents.adapters.unwritable import unwritable
from govagents.errors import GovAgentsError, IntegrityError, StateError

WAIT_SECONDS = 10
_OF_THE_STORE = frozenset({OperationalError, DatabaseError})
"""(5) The driver's errors about the file, not about what was asked: a table is gone, say."""
APPEND_ONLY = ("entry", "node", "checkpoint")
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # SECURITY: without it, erased words stay readable in free pages of the file
    "PRAGMA secure_delete = ON",
    # SECURITY: a planted view or trigger may not call functions with side effects
    "PRAGMA trusted_schema = OFF",
)


def create_file(file: Path) -> None:
    """An empty file only its owner can read, whatever the umask; an existing one stays."""
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))  # (4)
        file.chmod(0o600)


def open_engine(file: Path) -> Engine:
    """Connections to an existing file, set up as the rules say."""
    url = URL.create("sqlite", database=str(file))
    engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def seal_log(connection: Connection) -> None:
    """(3) Makes the log's tables append-only."""
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
            )


def forget(engine: Engine) -> None:
    """Empties the write-ahead file, so that what was erased is in no file any more."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


@contextmanager
def translated() -> Iterator[None]:
    """(5) Our errors instead of the driver's.

    Raises:
        StateError: another process kept the store busy.
        IntegrityError: the file is damaged or lacks a part, or somebody tried to change the log.
        ConfigurationError: the file cannot be opened or written.
    """
    try:
        yield
    except DBAPIError as error:
        ours = _ours(str(error.orig))
        if ours is None and type(error) in _OF_THE_STORE:
            ours = IntegrityError(
                f"the store is damaged: {error.orig}; `govagents doctor` says how it stands, "
                "restore it from a copy"
            )
        if ours is None:
            raise
        raise ours from error


def _set_up(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # (1) the driver must not begin by itself
    for pragma in _PRAGMAS:
        connection.execute(pragma)  # (2)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # (1)


def _ours(complaint: str) -> GovAgentsError | None:
    match complaint:
        case text if "locked" in text:
            return StateError(
                f"the store is busy: somebody has been writing for {WAIT_SECONDS} s; try again"
            )
        case text if "append-only" in text:
            return IntegrityError("the log is append-only: an entry was about to be changed")
        case text if "malformed" in text or "not a database" in text:
            return IntegrityError(f"the store is damaged: {text}; restore it from a copy")
        case text if "readonly" in text or "unable to open" in text or "disk" in text:
            return unwritable(text)
    return None
