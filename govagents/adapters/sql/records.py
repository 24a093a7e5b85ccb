"""The store: one folder with the database or where it is, the log's key, and nobody else let in.

Rules:
1. The folder is its owner's alone (0700), database and key too (0600).
2. A store is made whole: tables, settings and the first log entry in one transaction. A crash on
   the way leaves something that `create_records` finishes and `open_records` refuses.
3. Whether a store is a demo is its first log entry; a setting that says otherwise is tampering.
4. One unit of work at a time in a thread: a second `begin` inside the first joins it. If it fails,
   the whole unit fails, even where its error was caught.
5. A store of an earlier schema is brought up to this one where that only adds something
   (`earlier`); any other is refused, with what to do.
6. INVARIANT (taking back never waits): a store without its key can be opened to write entries that
   nobody signs; the first unit of work that has the key again signs them. Tables that the log
   replaces are made anew then (`mending`).
"""

import os
import stat
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from sqlalchemy import Engine
from sqlmodel import Session

from govagents.adapters.sql.choosing import database_of, new_database
from govagents.adapters.sql.columns import TABLES
from govagents.adapters.sql.database import Database
from govagents.adapters.sql.earlier import bring_up, unread
from govagents.adapters.sql.either import has_table
from govagents.adapters.sql.mending import mend
from govagents.adapters.sql.sealed import touch
from govagents.adapters.sql.store import SCHEMA, SqlSettings, StoreRow
from govagents.adapters.sql.transaction import Cache, SqlTransaction
from govagents.audit.checkpoint import Signer, new_seed
from govagents.audit.sealing import schema_told
from govagents.audit.trail import event_of
from govagents.domain.event import Event
from govagents.errors import ConfigurationError, IntegrityError, StateError

KEY = "log.key"
CREATED = "store.created"
_NAME_BYTES = 4
_UNSIGNED = (
    "restore it from a copy; until then nothing can be given, and what is ended stands in the log "
    "unsigned"
)


class SqlRecords:
    """`ports.Records`."""

    def __init__(
        self, database: Database, engine: Engine, signer: Signer | None, unsigned: str = ""
    ) -> None:
        """For `open_records` and `create_records`, which check first.

        `with_what_is_written` is called at the end of each unit of work that writes anything.
        """
        self.database, self._engine, self._signer = database, engine, signer
        self.unsigned = unsigned
        self.mended: tuple[str, ...] = ()
        self._cache = Cache()
        self.with_what_is_written: Callable[[SqlTransaction], None] = _nothing_more
        self._here = threading.local()

    @property
    def folder(self) -> Path:
        """The store's."""
        return self.database.folder

    @contextmanager
    def begin(self) -> Iterator[SqlTransaction]:
        """One unit of work, serialised with all others.

        Raises:
            StateError: another process kept the store busy.
            IntegrityError: the store is damaged.
        """
        outer: SqlTransaction | None = getattr(self._here, "open", None)
        if outer is not None:  # (4)
            with _dooming(outer):
                yield outer
            return
        with self.database.translated(), Session(self._engine, expire_on_commit=False) as session:
            with session.begin():
                session.connection()  # ORDER: the lock comes first, not with the first statement
                tx = SqlTransaction(session, self._signer, self._cache)
                self._here.open = tx
                try:
                    yield tx
                    _refuse_doomed(session)
                    self._complete(tx)
                finally:
                    self._here.open = None
            if session.info.get("erased"):
                self.database.forget(self._engine)

    def make(self, *, demo: bool, at: datetime) -> None:
        """(2) Everything in an empty database that makes it a store."""
        if self._signer is None:
            raise ConfigurationError(self.unsigned)
        with self.begin() as tx:
            connection = tx.session.connection()
            TABLES.create_all(connection)
            self.database.furnish(connection)
            name = self._signer.name.partition("/")[2]
            row = StoreRow(name=name, vkey=str(self._signer.key))
            tx.session.add(row)
            tx.session.flush()
            touch(tx.session, "store", row.id, new=True)
            SqlSettings(tx.session).fix("demo", demo)
            tx.log.append(_created(row, demo=demo, at=at))  # (3)

    def _complete(self, tx: SqlTransaction) -> None:
        if tx.wrote():
            self.with_what_is_written(tx)
        tx.seal()

    @property
    def vkey(self) -> str:
        """The log's public key, for auditors."""
        with self.begin() as tx:
            return tx.store.row.vkey

    @property
    def demo(self) -> bool:
        """Whether this store was made as a demo."""
        with self.begin() as tx:
            return tx.settings.get("demo") is True

    def close(self) -> None:
        """Gives the file back."""
        self._engine.dispose()


def create_records(
    folder: Path, *, demo: bool, at: datetime, name: str | None = None, address: str | None = None
) -> SqlRecords:
    """A new store in `folder`, made: see `new_records`."""
    records = new_records(folder, name=name, address=address)
    records.make(demo=demo, at=at)
    return records


def new_records(folder: Path, *, name: str | None = None, address: str | None = None) -> SqlRecords:
    """A store to be made. Its `name` (eight hex digits) decides what ids it will give out.

    `address`: of the PostgreSQL that its database is in; None = a file in the folder.

    Raises:
        StateError: there is a store already.
        ConfigurationError: the folder is open to others, or the database cannot be reached.
        InputError: the address cannot be used.
    """
    _make_folder(folder)
    database = new_database(folder, address)
    database.create()
    engine = database.open()
    if has_table(database, engine, StoreRow.__tablename__):
        engine.dispose()
        message = f"there is a store in {database.where} already: use it, or choose another"
        raise StateError(message)
    return SqlRecords(
        database, engine, Signer(_origin(name or token_hex(_NAME_BYTES)), _seed(folder))
    )


def open_records(folder: Path, *, unsigned: bool = False) -> SqlRecords:
    """The store in `folder`; `unsigned` = also without its key, to take back (6).

    Its own `unsigned` then says why it has none, and `mended` what was gone and is there again.

    Raises:
        ConfigurationError: there is none, it is of another schema, its key is gone, or others may
            write to it.
        IntegrityError: what it says about itself is not what its log says.
    """
    database = database_of(folder)
    database.check()  # (1)
    engine = database.open()
    try:
        _check_schema(database, engine)
        mended = _mended(database, engine) if unsigned else ()
        records = _signing(database, engine, _checked_row(database, engine), unsigned=unsigned)
        records.mended = mended
        return records  # noqa: TRY300  # what fails above gives the file back
    except BaseException:
        engine.dispose()
        raise


def _mended(database: Database, engine: Engine) -> tuple[str, ...]:
    """(6)."""
    with database.translated(), Session(engine) as session, session.begin():
        return mend(session)


def _signing(database: Database, engine: Engine, row: StoreRow, *, unsigned: bool) -> SqlRecords:
    """(6)."""
    try:
        return SqlRecords(database, engine, _signer(database.folder, row))
    except ConfigurationError as error:
        if not unsigned:
            raise
        return SqlRecords(database, engine, None, str(error))


def _check_schema(database: Database, engine: Engine) -> None:
    folder = database.folder
    if not has_table(database, engine, StoreRow.__tablename__):  # (2)
        if has_table(database, engine, "entry"):
            message = f"the store in `{folder}` lost its own row: restore it from a copy"
            raise IntegrityError(message)
        message = f"the store in `{folder}` was never finished: {database.again}"
        raise ConfigurationError(message)
    with database.translated(), Session(engine) as session, session.begin():
        schema = bring_up(session)
        if schema != SCHEMA:  # (5)
            message = f"the store in `{folder}` {unread(schema)}"
            raise ConfigurationError(message)


def _checked_row(database: Database, engine: Engine) -> StoreRow:
    with database.translated(), Session(engine) as session:
        row = session.get(StoreRow, 1)
        if row is None:
            message = f"the store in `{database.folder}` lost its own row: restore it from a copy"
            raise IntegrityError(message)
        _check_demo(session)
        session.expunge(row)
    return row


def _signer(folder: Path, row: StoreRow) -> Signer:
    """What signs for the store.

    Raises:
        ConfigurationError: its key is gone, cannot be read, or is another's.
    """
    key = folder / KEY
    if not key.is_file():
        message = f"the log's key `{key}` is gone: {_UNSIGNED}"
        raise ConfigurationError(message)
    signer = Signer(_origin(row.name), _read_seed(key))
    if str(signer.key) != row.vkey:
        message = f"`{key}` is not the key of this store's log: {_UNSIGNED}"
        raise ConfigurationError(message)
    return signer


def _check_demo(session: Session) -> None:
    """(3)."""
    query = "SELECT leaf FROM entry WHERE idx = 0"
    leaf = session.connection().exec_driver_sql(query).scalar()
    first = event_of(bytes(leaf or b"{}"))
    said = _kind(demo=SqlSettings(session).get("demo") is True)
    if first.kind != CREATED or first.decision != said:
        message = f"the store says it is a {said} store, its log does not: run `audit verify`"
        raise IntegrityError(message)


def _created(row: StoreRow, *, demo: bool, at: datetime) -> Event:
    return Event(
        kind=CREATED,
        at=at,
        agent="none",
        principal="operator",
        subject="none",
        about=row.name,
        policy="none",
        evaluation="none",
        decision=_kind(demo=demo),
        reason=schema_told(SCHEMA),
        ttl=timedelta(0),
        digests={"vkey": sha256(row.vkey.encode()).hexdigest()},
    )


def _kind(*, demo: bool) -> str:
    return "demo" if demo else "live"


def _origin(name: str) -> str:
    return f"govagents/{name}"


def _make_folder(folder: Path) -> None:
    """(1)."""
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o700)
        folder.chmod(0o700)  # whatever the umask
    if not any(folder.iterdir()):
        folder.chmod(0o700)
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        message = f"`{folder}` is open to others: run `chmod 700 {folder}` or choose another folder"
        raise ConfigurationError(message)


def _seed(folder: Path) -> bytes:
    """A new key, kept; or the one a crash left behind."""
    key = folder / KEY
    if not key.exists():
        descriptor = os.open(key, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(b64encode(new_seed()) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        key.chmod(0o600)
    return _read_seed(key)


def _read_seed(key: Path) -> bytes:
    try:
        seed = b64decode(key.read_bytes())
    except (OSError, ValueError) as error:
        message = f"the log's key `{key}` cannot be read: {error}; {_UNSIGNED}"
        raise ConfigurationError(message) from error
    if len(seed) != 32:  # noqa: PLR2004  # RFC 8032
        message = f"`{key}` holds no log key: {_UNSIGNED}"
        raise ConfigurationError(message)
    return seed


def _nothing_more(tx: SqlTransaction) -> None:
    """What is written is written alone."""


@contextmanager
def _dooming(tx: SqlTransaction) -> Iterator[None]:
    try:
        yield
    except BaseException:
        tx.session.info["doomed"] = True
        raise


def _refuse_doomed(session: Session) -> None:
    if session.info.get("doomed"):
        message = "a part of this unit of work failed: nothing of it was kept"
        raise StateError(message)
