"""A PostgreSQL as the database of record, and what is done there in another way than in SQLite.

Rules:
1. One writer at a time: a unit of work is SERIALIZABLE and locks one table before it looks at any,
   so what it read is still true when it writes, and none is ever told to try again. Whoever only
   verifies reads one instant of the store, and waits for nobody.
2. A commit is on the disk before it returns, whatever the server or the account are set to.
3. The log's tables take new rows and nothing else: triggers refuse UPDATE, DELETE and TRUNCATE.
4. Tables lie in a schema of the store's own, which no others may write to.
5. What the server complains of is said in our words, without the statement.
6. SECURITY: the address holds no password, and libpq takes nothing but one from its environment;
   what an address leaves open is settled here. TLS is verified unless the address says `sslmode`.
7. Nothing hangs: connecting, waiting for others, a statement, and a process that stands still in
   the middle of a unit of work all have an end.
8. A connection that was lost is made anew by the next unit of work.

Address: of libpq, `postgresql://USER@HOST:PORT/DATABASE` or `service=NAME`. The password stands in
a passfile (`~/.pgpass`, or `passfile=` with a whole path), where the server asks for one at all.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import psycopg
from psycopg import conninfo
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, PendingRollbackError, ProgrammingError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, Pool, QueuePool

from govagents.adapters.sql import answers, lives
from govagents.adapters.sql.columns import TABLES
from govagents.adapters.sql.database import Reading, Rows
from govagents.adapters.sql.engine import APPEND_ONLY, WAIT_SECONDS
from govagents.adapters.sql.private import refuse_writable
from govagents.errors import (
    ConfigurationError,
    GovAgentsError,
    IntegrityError,
    StateError,
)

SCHEMA = "govagents"
_FORM = "`postgresql://USER@HOST:PORT/DATABASE`, or `service=NAME`"
_NEEDED, _SECRET = ("host", "dbname", "user"), ("password", "sslpassword")
_UNLESS_SAID = {"sslmode": "verify-full", "connect_timeout": "5"}
_SESSION = {
    "search_path": f"{SCHEMA},pg_temp",  # (4) a temporary table comes last
    "synchronous_commit": "on",  # (2)
    "lock_timeout": f"{WAIT_SECONDS}s",  # (7)
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "11min",  # longer than any target is waited for
    "tcp_keepalives_idle": "10",  # a machine that is gone is noticed sooner
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "default_transaction_read_only": "off",
}
_SETTLED = {  # (6)
    "target_session_attrs": "read-write",
    "client_encoding": "utf8",
    "application_name": "govagents",
    "options": " ".join(f"-c {name}={value}" for name, value in _SESSION.items()),
    "tcp_user_timeout": "10000",  # milliseconds; the others are seconds
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
}
_BEGIN = "BEGIN ISOLATION LEVEL SERIALIZABLE"
_ONE_WRITER = f"{_BEGIN}; LOCK TABLE store IN EXCLUSIVE MODE"
"""(1) Locking takes no snapshot: what is read is as the one before left it."""

_ONE_MAKER = f"{_BEGIN}; SELECT pg_advisory_xact_lock(hashtext('{SCHEMA}'))"
_ONE_INSTANT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_NO_TABLE, _LOST = "42P01", "08006"
_AT_ONCE = 2000
"""So many rows are fetched at a time."""
_OTHERS = f"""
SELECT what, pg_get_userbyid(grantee) FROM (
    SELECT format('SCHEMA %I', nspname) AS what, nspowner AS owner, (aclexplode(nspacl)).*
    FROM pg_namespace WHERE nspname = '{SCHEMA}'
    UNION ALL
    SELECT format('TABLE %I.%I', '{SCHEMA}', relname), relowner, (aclexplode(relacl)).*
    FROM pg_class WHERE relnamespace = to_regnamespace('{SCHEMA}')
) AS granted
WHERE grantee <> owner AND privilege_type NOT IN ('SELECT', 'USAGE') ORDER BY 1, 2 LIMIT 1
"""  # noqa: S608  # a constant of ours
_REFUSE = f"""
CREATE FUNCTION {SCHEMA}.refuse() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$
"""
_PUBLIC = "unknown (OID=0)"


@dataclass(frozen=True)
class Postgres:
    """The store of `folder`; `address` = with all that it leaves open `settled`."""

    folder: Path
    address: str

    @property
    def where(self) -> str:
        """Without the user, which is nobody's business."""
        given = conninfo.conninfo_to_dict(self.address)
        if "service" in given:
            return f"the database of service `{given['service']}`"
        return f"the database `{given['dbname']}` at `{given['host']}:{given['port']}`"

    @property
    def in_folder(self) -> bool:
        """It is not: the server has its own copies."""
        return False

    @property
    def again(self) -> str:
        """The folder is there before the store is, so that no log is without its key."""
        return "remove that folder, and run `govagents init` again"

    def create(self) -> None:
        """(4) The schema.

        Raises:
            ConfigurationError: the database cannot be reached, or is not for texts of all kinds.
        """
        with self.translated(), closing(self._connect()) as connection:
            row = connection.execute("SHOW server_encoding").fetchone()
            if row != ("UTF8",):
                message = f"{self.where} is not UTF8: make one with `createdb -E UTF8 -T template0`"
                raise ConfigurationError(message)
            found = connection.execute("SELECT to_regnamespace(%s) IS NULL", (SCHEMA,)).fetchone()
            if found == (True,):  # whoever may not make it may have had it made
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")

    def check(self) -> None:
        """Raises ConfigurationError where others may write to the folder."""
        refuse_writable(self.folder)

    def open(self) -> Engine:
        """(1) (4) (8) What is wrong with it is said by the first connection."""
        engine = self._engine(QueuePool, _begin)
        event.listen(engine, "first_connect", self._refuse_others)
        return engine

    def furnish(self, connection: Connection) -> None:
        """(3), and the indexes that SQLite has in words of its own."""
        connection.exec_driver_sql(_REFUSE)
        for table in APPEND_ONLY:
            for verb, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
                connection.exec_driver_sql(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"FOR EACH {each} EXECUTE FUNCTION {SCHEMA}.refuse()"
                )
        for statement in (answers.ON_POSTGRES, lives.ON_POSTGRES):
            connection.exec_driver_sql(statement)

    def forget(self, engine: Engine) -> None:  # noqa: ARG002  # SQLite's way needs it
        """Writes the table of words anew. What the server archives or copies is its keeper's."""
        with closing(self._connect()) as connection:
            connection.execute("VACUUM (FULL) text")

    @contextmanager
    def translated(self) -> Iterator[None]:
        """(5).

        Raises:
            StateError: another process kept the store busy, or this one stood still.
            IntegrityError: the store lacks a part, or somebody tried to change the log.
            ConfigurationError: the database cannot be reached or written.
        """
        try:
            yield
        except PendingRollbackError as error:  # whoever noticed that it was lost went on
            raise _unreachable("the connection was lost", self.where) from error
        except (DBAPIError, psycopg.Error) as error:
            orig = error.orig if isinstance(error, DBAPIError) else error
            ours = self._said(orig) if isinstance(orig, psycopg.Error) else None
            if ours is None:
                raise
            raise ours from error

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """(1).

        Raises:
            ConfigurationError: the database cannot be reached.
            IntegrityError: what was asked of it is gone.
        """
        engine = self._engine(NullPool, _look)
        with (
            self.translated(),
            engine.connect() as connection,
            connection.begin(),
            ExitStack() as left,
        ):
            yield _Instant(connection, left)

    def _engine(self, pool: type[Pool], begin: Callable[[Connection], None]) -> Engine:
        engine = create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            poolclass=pool,
            pool_pre_ping=True,  # (8)
            use_native_hstore=False,
        )
        event.listen(engine, "begin", begin)
        return engine

    def _connect(self) -> "psycopg.Connection":
        return psycopg.connect(self.address, autocommit=True)

    def _refuse_others(self, connection: "psycopg.Connection", _entry: ConnectionPoolEntry) -> None:
        """(4)."""
        other = connection.execute(_OTHERS).fetchone()
        if other is not None:
            what, whom = other
            whom = "PUBLIC" if whom == _PUBLIC else f'"{whom}"'
            message = (
                f"others may write to the store in {self.where}: "
                f"run `REVOKE ALL ON {what} FROM {whom}` there"
            )
            raise ConfigurationError(message)

    def _said(self, error: psycopg.Error) -> GovAgentsError | None:
        words = " ".join((error.diag.message_primary or str(error)).split())
        return _ours(error.sqlstate or _LOST, words, self.where)


@dataclass(frozen=True)
class _Instant:
    """Queries side by side, of each of which no more is fetched than is looked at."""

    connection: Connection
    left: ExitStack

    def execute(self, query: str, /) -> Rows:
        """Its rows."""
        raw: psycopg.Connection | None = self.connection.connection.dbapi_connection  # type: ignore[assignment]  # its driver
        if raw is None:
            raise PendingRollbackError
        cursor = self.left.enter_context(raw.cursor(name=token_hex(8)))
        cursor.itersize = _AT_ONCE
        return cursor.execute(query.encode())


def connection_of(reading: Reading) -> Connection:
    """What a session needs that reads the same instant."""
    if not isinstance(reading, _Instant):
        message = f"this is no reading of a PostgreSQL: {reading!r}"
        raise TypeError(message)
    return reading.connection


def settled(address: str) -> str:
    """(6) The address with all that it leaves open.

    Raises:
        ConfigurationError: it is none, or holds a password, or lacks a part.
    """
    try:
        given = conninfo.conninfo_to_dict(address)
    except psycopg.Error:
        message = f"the database's address is none of PostgreSQL: {_FORM}"
        raise ConfigurationError(message) from None  # the cause quotes the address
    if any(given.get(name) for name in _SECRET):
        message = (
            "the database's address holds a password: write it into a passfile, such as "
            "`~/.pgpass`, and leave it out"
        )
        raise ConfigurationError(message)
    service = bool(given.get("service"))
    missing = [name for name in _NEEDED if not service and not given.get(name)]
    if missing:
        message = f"the database's address says no {missing[0]}: {_FORM}"
        raise ConfigurationError(message)
    passfile = given.get("passfile")
    if passfile and not Path(str(passfile)).is_absolute():
        message = f"the passfile `{passfile}` of the database's address needs its whole path"
        raise ConfigurationError(message)
    of_a_host = {} if service else {"hostaddr": "", "port": "5432"}
    return conninfo.make_conninfo("", **{**_UNLESS_SAID, **of_a_host, **given, **_SETTLED})


def _say_where() -> None:
    """An index over some rows only is over the same ones here."""
    for table in TABLES.tables.values():
        for index in table.indexes:
            index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]


_say_where()


def _begin(connection: Connection) -> None:
    """(1) A store that has no table yet is about to be made, or lost it."""
    try:
        connection.exec_driver_sql(_ONE_WRITER)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != _NO_TABLE:
            raise
        connection.exec_driver_sql(_ONE_MAKER)


def _look(connection: Connection) -> None:
    connection.exec_driver_sql(_ONE_INSTANT)


def _ours(state: str, said: str, where: str) -> GovAgentsError | None:
    """(5) By SQLSTATE or its class; a broken constraint is a fault of ours, and stays that."""
    if "append-only" in said:
        return IntegrityError("the log is append-only: an entry was about to be changed")
    say = _SAY.get(state) or _SAY.get(state[:2])
    return None if say is None else say(said, where)


def _busy(_said: str, _where: str) -> GovAgentsError:
    return StateError(
        f"the store is busy: somebody has been writing for {WAIT_SECONDS} s; try again"
    )


def _stood_still(_said: str, _where: str) -> GovAgentsError:
    return StateError("this process stood still in the middle of writing: try again")


def _there(_said: str, where: str) -> GovAgentsError:
    return StateError(f"there is a store in {where} already: use it, or choose another")


def _unwritable(said: str, _where: str) -> GovAgentsError:
    return ConfigurationError(f"the store cannot be written: {said}; mend that first")


def _unreachable(said: str, where: str) -> GovAgentsError:
    return ConfigurationError(
        f"{where} of the store cannot be reached: {said}; when it is there again, see what became "
        "of what was done last before you repeat it"
    )


def _damaged(said: str, _where: str) -> GovAgentsError:
    return IntegrityError(
        f"the store is damaged: {said}; `govagents doctor` says how it stands, "
        "restore it from a copy"
    )


_SAY: Mapping[str, Callable[[str, str], GovAgentsError]] = {
    **dict.fromkeys(("55P03", "57014", "40"), _busy),
    "25P03": _stood_still,
    **dict.fromkeys(("42P06", "42P07", "42710", "42723"), _there),
    **dict.fromkeys(("42501", "25006", "53", "58"), _unwritable),
    **dict.fromkeys(("08", "57", "28", "3D"), _unreachable),
    **dict.fromkeys(("42", "3F", "XX"), _damaged),
}
