"""Stores of earlier releases, whose tables are brought up to those of this one on opening.

Rules:
1. INVARIANT (taking back never waits): what an earlier release gave ends under this one, so that a
   store that lacks no more than columns and indexes is not refused.
2. Something is only added: a column, with what it holds where nobody wrote it, or an index. No row
   that an entry of the log bears out is touched, and what is there already stays.
3. All of it in one transaction, with the schema's number; of two that open at once one does it.
4. A schema that is not listed is left as it is; `records` refuses it. So is any but this one in a
   PostgreSQL, where no earlier release ever kept a store.
5. A table that is gone is passed over, so that ending does not wait for it; whoever opens the store
   to end makes it anew with everything (`mending`).
6. What an earlier release kept is sealed as it is found, and the next entry says so (`seals`).
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, inspect
from sqlmodel import Session

from govagents.adapters.sql.columns import TABLES
from govagents.adapters.sql.seals import Seals
from govagents.adapters.sql.store import SCHEMA


class _Step(NamedTuple):
    """What the schema after one has that it has not: columns and indexes by table, and tables."""

    columns: tuple[tuple[str, str, str], ...] = ()
    indexes: tuple[tuple[str, str], ...] = ()
    tables: tuple[str, ...] = ()


_STEPS: Mapping[int, _Step] = {
    5: _Step(
        columns=(
            ("notice", "tries", "INTEGER NOT NULL DEFAULT 0"),
            ("notice", "tried", "INTEGER"),
            ("notice", "failure", "VARCHAR NOT NULL DEFAULT ''"),
            ("notice", "sent", "BOOLEAN NOT NULL DEFAULT 0"),
        ),
        indexes=(("notice", "CREATE INDEX IF NOT EXISTS ix_notice_at ON notice (at)"),),
    ),
    6: _Step(tables=("seal", "sealed")),
}
READ = frozenset({SCHEMA, *_STEPS})
"""The schemas that this release opens."""


def bring_up(session: Session) -> int:
    """Adds what is missing (2); the schema's number afterwards."""
    connection = session.connection()
    schema = _number(session)
    while schema in _STEPS and connection.dialect.name == "sqlite":
        step_up(connection, schema)
        schema += 1
        connection.exec_driver_sql(f'UPDATE store SET "schema" = {schema:d}')  # noqa: S608  # (3) ours
        if schema == SCHEMA:
            Seals(session).all()  # (6)
    return schema


def unread(schema: int) -> str:
    """What to do with a store of a schema that is not listed (4)."""
    made = "an earlier" if schema < SCHEMA else "a later"
    return (
        f"has schema {schema}, this release reads {SCHEMA}: use the release that made it, "
        f"{made} one, or make a new store with `govagents init`"
    )


def tables_of(schema: int) -> frozenset[str]:
    """The tables of a store of this schema."""
    later = (step.tables for earlier, step in _STEPS.items() if earlier >= schema)
    return frozenset(TABLES.tables) - {name for tables in later for name in tables}


def step_up(connection: Connection, schema: int) -> None:
    """Adds what the schema after this one has (2)."""
    step, there = _STEPS[schema], set(inspect(connection).get_table_names())
    for table, column, kind in step.columns:
        if table in there and column not in _columns(connection, table):  # (5)
            connection.exec_driver_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind}')
    for table, index in step.indexes:
        if table in there:  # (5)
            connection.exec_driver_sql(index)
    for name in step.tables:
        TABLES.tables[name].create(connection, checkfirst=True)


def undo(connection: Connection, schema: int) -> None:
    """Takes out of an empty database what the schema after this one has, to see what it was."""
    step = _STEPS[schema]
    for _, index in step.indexes:
        connection.exec_driver_sql(f"DROP INDEX {index.split()[5]}")
    for table, column, _ in step.columns:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
    for name in step.tables:
        TABLES.tables[name].drop(connection)


def _columns(connection: Connection, table: str) -> set[str]:
    return {each["name"] for each in inspect(connection).get_columns(table)}


def _number(session: Session) -> int:
    found = session.connection().exec_driver_sql('SELECT "schema" FROM store').scalar()
    return found if isinstance(found, int) else -1
