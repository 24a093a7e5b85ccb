"""What is asked of either database, in words of the one behind a session or a reading."""

import sqlite3
from contextlib import AbstractContextManager, nullcontext

from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from govagents.adapters.sql.database import Database, Reading


def has_table(database: Database, engine: Engine, name: str) -> bool:
    """Whether it holds that table."""
    with database.translated(), engine.connect() as connection:
        return inspect(connection).has_table(name)


def changes(session: Session) -> int:
    """How much was changed, by the connection or in the transaction: it grows with each change."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        raw: sqlite3.Connection | None = connection.connection.dbapi_connection  # type: ignore[assignment]  # its driver
        return 0 if raw is None else raw.total_changes
    query = "SELECT pg_current_xact_id_if_assigned() IS NOT NULL"  # what only reads has no number
    return int(connection.exec_driver_sql(query).scalar_one())


def attempt(session: Session) -> AbstractContextManager[object]:
    """Around statements that may fail without what went before being lost."""
    on_sqlite = session.connection().dialect.name == "sqlite"  # there it never is
    return nullcontext() if on_sqlite else session.begin_nested()


def tables_in(reading: Reading) -> set[str]:
    """The names of those that are there."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if not isinstance(reading, sqlite3.Connection):
        query = (
            "SELECT relname FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace = to_regnamespace(current_schema())"
        )
    return {str(name) for (name,) in reading.execute(query)}


def session_on(reading: Reading) -> Session:
    """For what reads through one."""
    if isinstance(reading, sqlite3.Connection):
        return Session(create_engine("sqlite://", creator=lambda: reading, poolclass=StaticPool))
    from govagents.adapters.sql.postgres import connection_of  # noqa: PLC0415  # (3)

    return Session(connection_of(reading))


def whole(reading: Reading, query: str) -> str:
    """The query with its `{salt}` and `{body}` read as bytes, whatever SQLite holds in them."""
    on_sqlite = isinstance(reading, sqlite3.Connection)
    columns = ("salt", "body")
    return query.format(
        **{each: f"CAST({each} AS BLOB)" if on_sqlite else each for each in columns}
    )
