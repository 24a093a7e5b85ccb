"""Rows held against their seals, and the seals against what signed them.

Rules:
1. Every row that is sealed is what it was when it was last written, and every seal has its row.
   What differs is named by row, and by what was written together.
2. All seals together are those that were signed, at as many entries as there are.
3. Of many rows of one table that differ the first are named, and how many follow.
4. A table that may be emptied as a whole (`_MAY_GO`) may be empty.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from govagents.adapters.sql.database import Reading
from govagents.adapters.sql.sealed import SEALED, name_of, seal_of
from govagents.audit.checkpoint import VerifyKey
from govagents.audit.sealing import Seal, Signed, changed

_MOST = 5
_MAY_GO = frozenset({"precedent"})
"""Memory, which decides nothing. What is left of it is compared."""


def unsealed(connection: Reading, key: VerifyKey | None) -> Iterator[str]:
    """All that is not as it was sealed, or not signed, in a store whose tables are there."""
    seals = {
        str(name): Seal(str(once), str(anew)) for name, once, anew in connection.execute(_SEALS)
    }
    yield from _unsigned(connection, key, changed("", {}, seals))
    for table in SEALED:
        found = _of_table(connection, table, seals)
        yield from islice(found, _MOST)
        if others := sum(1 for _ in found):
            yield f"and {others} more rows of `{table}` are not as they were kept"  # (3)
    for table in _MAY_GO:
        query = f'SELECT 1 FROM "{table}" LIMIT 1'  # noqa: S608  # ours
        if connection.execute(query).fetchone() is None:  # (4)
            seals = {name: seal for name, seal in seals.items() if name.split(" ")[0] != table}
    for table, lost in sorted(Counter(name.partition(" ")[0] for name in seals).items()):
        name = next(name for name in seals if name.partition(" ")[0] == table)
        more = f", and {lost - 1} more rows" if lost > 1 else ""
        yield f"the row `{name.partition(' ')[2]}` of `{table}` is gone{more}"


def _unsigned(connection: Reading, key: VerifyKey | None, total: str) -> Iterator[str]:
    """(2)."""
    rows = connection.execute(_SIGNED).fetchall()
    if [row[0] for row in rows] != [1]:
        yield "the signature of what is kept is gone, or is not the only one"
        return
    kept = Signed(*map(str, rows[0][1:]))
    (entries,) = connection.execute("SELECT count(*) FROM entry").fetchone()
    signed = None if key is None else kept.size_under(key)
    if signed is None:
        yield "what is kept is not what was signed: it was changed, or the log's key was not there"
    elif signed != entries:
        yield f"what is kept was signed at {signed} entries, and there are {entries}"
    if total != kept.total:
        yield "the seals of what is kept are not those that were signed"


def _of_table(connection: Reading, table: str, seals: dict[str, Seal]) -> Iterator[str]:
    """(1) Takes out of `seals` what has its row."""
    kept = SEALED[table]
    columns = ", ".join(f'"{name}"' for name in kept.columns)
    for row in connection.execute(f'SELECT {columns} FROM "{table}"'):  # noqa: S608  # ours
        key = row[: len(kept.key)]
        seal, now = seals.pop(name_of(table, key), None), seal_of(kept, row)
        what = f"the row `{' '.join(map(str, key))}` of `{table}`"
        if seal is None:
            yield f"{what} was not kept by this program"
            continue
        differs = [*kept.once] if seal.once != now.once else []
        differs += kept.anew if seal.anew != now.anew else ()
        if seal != now:
            yield f"{what} is not as it was kept ({', '.join(differs) or 'its seal'})"


_SEALS = "SELECT name, once, anew FROM seal"
_SIGNED = "SELECT id, total, note FROM sealed"
