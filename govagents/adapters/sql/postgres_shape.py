"""The schema of a store in a PostgreSQL held against the one this release ships.

Rules:
1. Every table, index, trigger and function is there, and each trigger is in force and calls ours.
   Anything else in the store's schema is named: a trigger, a view or a rule of somebody else above
   all. How an index is worded is not compared: each server words it in its own way.
2. What a column holds is of its kind, because the server takes nothing else.
"""

from collections.abc import Iterator

from sqlalchemy import UniqueConstraint

from govagents.adapters.sql.columns import TABLES
from govagents.adapters.sql.database import Reading
from govagents.adapters.sql.engine import APPEND_ONLY

VERBS = ("UPDATE", "DELETE", "TRUNCATE")
_ON_ENTRY = ("life", "denial")
_OBJECTS = """
WITH ours AS (SELECT oid, relname, relkind FROM pg_class
    WHERE relnamespace = to_regnamespace(current_schema()))
SELECT 'index', relname FROM ours WHERE relkind = 'i'
UNION ALL SELECT 'table', relname FROM ours WHERE relkind = 'r'
UNION ALL SELECT 'view', relname FROM ours WHERE relkind NOT IN ('r', 'i', 'S', 'c')
UNION ALL SELECT 'rule', rulename FROM pg_rewrite JOIN ours ON ours.oid = ev_class
    WHERE relkind = 'r'
UNION ALL SELECT 'trigger', format('%s %s %s', tgname, tgenabled, tgfoid::regproc)
    FROM pg_trigger JOIN ours ON ours.oid = tgrelid
UNION ALL SELECT 'function', proname FROM pg_proc
    WHERE pronamespace = to_regnamespace(current_schema())
"""


def misshapen_there(connection: Reading) -> Iterator[str]:
    """(1) All that is not as it is shipped; tables that are gone are named elsewhere."""
    wanted = set(_shipped())
    found = {(str(kind), str(name)) for kind, name in connection.execute(_OBJECTS)}
    for kind, name in sorted(found - wanted):
        what = f"the {kind} `{name.partition(' ')[0]}`"
        yield f"{what} is none of this program's, or not as it made it"
    for kind, name in sorted(wanted - found):
        if kind != "table":
            yield f"the {kind} `{name.partition(' ')[0]}` is gone, or not in force"


def _shipped() -> Iterator[tuple[str, str]]:
    yield "function", "refuse"
    for name in _ON_ENTRY:
        yield "index", name
    for sealed in APPEND_ONLY:
        for verb in VERBS:
            yield "trigger", f"{sealed}_no_{verb.lower()} O refuse"
    for name, table in TABLES.tables.items():
        yield "table", name
        yield "index", f"{name}_pkey"
        for index in table.indexes:
            yield "index", str(index.name)
        for each in table.constraints:
            if isinstance(each, UniqueConstraint):
                yield "index", f"{name}_{'_'.join(each.columns.keys())}_key"
