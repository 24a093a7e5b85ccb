"""Stores of earlier releases, whose tables are brought up to those of this one on opening.

Rules:
1. INVARIANT (taking back never waits): what an earlier release gave ends under this one, so that a
   store that lacks no more than columns and indexes is not refused.
2. Something is only added: a column, with what it holds where nobody wrote it, or an index. No row
   that an entry of the log bears out is touched, and what is there already stays.
3. All of it in one transaction, with the schema's number; of two that open at once one does it.
4. A schema that is not listed is left as it is; `records` refuses it.
5. A table that is gone is passed over, so that ending does not wait for it; whoever opens the store
   to end makes it anew with everything (`mending`).
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, inspect
from sqlmodel import Session

from govagents.adapters.sql.store import SCHEMA


class _Step(NamedTuple):
    """What the schema after one has that it has not: columns and indexes, by table."""

    columns: tuple[tuple[str, str, str], ...]
    indexes: tuple[tuple[str, str], ...]


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
}
READ = frozenset({SCHEMA, *_STEPS})
"""The schemas that this release opens."""


def bring_up(session: Session) -> int:
    """Adds what is missing (2); the schema's number afterwards."""
    connection = session.connection()
    schema = _number(session)
    while schema in _STEPS:
        step, there = _STEPS[schema], set(inspect(connection).get_table_names())
        for table, column, kind in step.columns:
            if table in there and column not in _columns(connection, table):  # (5)
                connection.exec_driver_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind}')
        for table, index in step.indexes:
            if table in there:  # (5)
                connection.exec_driver_sql(index)
        schema += 1
        connection.exec_driver_sql(f'UPDATE store SET "schema" = {schema:d}')  # noqa: S608  # (3) ours
    return schema


def unread(schema: int) -> str:
    """What to do with a store of a schema that is not listed (4)."""
    made = "an earlier" if schema < SCHEMA else "a later"
    return (
        f"has schema {schema}, this release reads {SCHEMA}: use the release that made it, "
        f"{made} one, or make a new store with `govagents init`"
    )


def _columns(connection: Connection, table: str) -> set[str]:
    return {each["name"] for each in inspect(connection).get_columns(table)}


def _number(session: Session) -> int:
    found = session.connection().exec_driver_sql('SELECT "schema" FROM store').scalar()
    return found if isinstance(found, int) else -1
