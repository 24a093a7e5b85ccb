"""The schema of a store held against the one this release ships, before anything in it is believed.

Rules:
1. Every table, index and trigger is there, worded as this release words it, or as one that brought
   an earlier store up. Anything else is named: a trigger or a view of somebody else above all.
2. A store is not of an earlier schema than its entries say, so that nothing is left off by saying
   so.
3. What the database itself keeps beside the rows, such as indexes, agrees with them; otherwise a
   row could be hidden from whoever looks it up. A column holds the kind of value that it is for.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from sqlalchemy import Column, create_engine
from sqlalchemy.types import BigInteger, Boolean, Integer, LargeBinary, TypeDecorator

from govagents.adapters.sql.columns import TABLES
from govagents.adapters.sql.database import Reading
from govagents.adapters.sql.earlier import READ, step_up, undo
from govagents.adapters.sql.either import tables_in
from govagents.adapters.sql.engine import seal_log
from govagents.adapters.sql.postgres_shape import misshapen_there
from govagents.adapters.sql.store import SCHEMA

_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_MOST = 20


class _Object(NamedTuple):
    kind: str
    name: str
    table: str


def schema_of(connection: Reading, told: int) -> int:
    """(2) The schema to go by: what the store's row says, unless entries `told` of a later one."""
    try:
        if "store" not in tables_in(connection):
            return SCHEMA
        found = connection.execute('SELECT max("schema") FROM store').fetchone()[0]
    except sqlite3.DatabaseError:
        found = None
    return found if isinstance(found, int) and told <= found <= SCHEMA else SCHEMA


def misshapen(connection: Reading, schema: int) -> Iterator[str]:
    """(1) All that is not as it is shipped; tables that are gone are named elsewhere."""
    if not isinstance(connection, sqlite3.Connection):
        yield from misshapen_there(connection)
        return
    wanted = _shipped(schema)
    found = {
        _Object(str(kind), str(name), str(table)): _plain(str(sql))
        for kind, name, table, sql in connection.execute(_OBJECTS)
    }
    there = {each.name for each in found if each.kind == "table"}
    for each in sorted(wanted.keys() | found.keys()):
        what = f"the {each.kind} `{each.name}` on `{each.table}`"
        if each.kind == "table":
            what = f"the table `{each.name}`"
        if each not in wanted:
            yield f"{what} is none of this program's"
        elif each in found and found[each] not in wanted[each]:
            yield f"{what} is not worded as this program words it"
        elif each not in found and each.table in there:
            yield f"{what} is gone"


def inconsistent(connection: Reading) -> Iterator[str]:
    """(3) Of tables that are all there."""
    if not isinstance(connection, sqlite3.Connection):
        return  # a PostgreSQL sees to that itself
    for (text,) in connection.execute(f"PRAGMA integrity_check({_MOST})"):
        if text != "ok":
            yield f"the database does not agree with itself: {text}"
    for name, table in sorted(TABLES.tables.items()):
        for column in table.columns:
            yield from _odd(connection, name, column)


def _odd(connection: Reading, table: str, column: "Column[object]") -> Iterator[str]:
    """(3)."""
    key = " || ' ' || ".join(f'"{each.name}"' for each in TABLES.tables[table].primary_key)
    wanted = f'typeof("{column.name}") IN ({", ".join(map(repr, _kinds(column)))})'
    if isinstance(column.type, Boolean):
        wanted += f' AND "{column.name}" IN (0, 1)'
    query = f'SELECT {key} FROM "{table}" WHERE NOT ({wanted}) LIMIT {_MOST}'  # noqa: S608  # ours
    for (name,) in connection.execute(query):
        what = "yes or no" if isinstance(column.type, Boolean) else _kinds(column)[0]
        yield f"the row `{name}` of `{table}` holds no {what} in `{column.name}`"


@cache
def _shipped(schema: int) -> Mapping[_Object, frozenset[str]]:
    """(1) Made by this release, or by an earlier one and brought up."""
    found: dict[_Object, frozenset[str]] = {}
    for first in sorted(each for each in READ if each <= schema):
        engine = create_engine("sqlite://")
        with engine.begin() as connection:
            TABLES.create_all(connection)
            seal_log(connection)
            for earlier in range(SCHEMA - 1, first - 1, -1):
                undo(connection, earlier)
            for earlier in range(first, schema):
                step_up(connection, earlier)
            for kind, name, table, sql in connection.exec_driver_sql(_OBJECTS):
                each = _Object(kind, name, table)
                found[each] = found.get(each, frozenset()) | {_plain(sql)}
        engine.dispose()
    return found


def _plain(sql: str) -> str:
    """Without blanks and quotation marks, which differ by who wrote it."""
    return re.sub(r"[\s\"]+", "", sql)


def _kinds(column: "Column[object]") -> tuple[str, ...]:
    of = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    match of:
        case Boolean() | Integer() | BigInteger():
            kind = "integer"
        case LargeBinary():
            kind = "blob"
        case _:
            kind = "text"
    return (kind, "null") if column.nullable else (kind,)
