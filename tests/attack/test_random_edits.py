"""Somebody with the database edits it at random, two hundred times.

Holds: the database file, offline, and no key. Wants: any difference at all that nobody finds. Does:
changes one column of one row, deletes a row, adds a row like another under a key of its own, or
lets two rows change places, in any table, the seals among them.

`audit verify` finds each one, and names the entry or the row; that of what is signed there is one.

Open: nothing that lies in the database; a copy of it from earlier, put back as a whole, is found by
a checkpoint that was kept elsewhere.
"""

import random
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from govagents.adapters.sql import unbacked as comparison
from govagents.adapters.sql.columns import TABLES
from govagents.adapters.sql.sqlite_file import DATABASE
from govagents.audit.verify import Outside, verify
from govagents.errors import IntegrityError
from govagents.testing.company import Company
from govagents.wiring import misfiled, stored_log, unbacked

EDITS, SEED = 200, 20261124
NAMED = re.compile(
    r"\bentr(y|ies) \d|`gr_\w+` is filed|the row `|what is kept|checkpoint|the table `"
)


class Edit(NamedTuple):
    """`what`: the column that was changed, or what was done with a row."""

    table: str
    what: str


def edited(full: Company, place: Path, edits: int = EDITS, seed: int = SEED) -> Iterator[Edit]:
    """Edits of copies of one database, each made in `place`."""
    lot = random.Random(seed)  # noqa: S311  # the same edits in every run
    tables = sorted(TABLES.tables)
    done = 0
    while done < edits:
        with _copied(full, place) as connection:
            try:
                edit = _edit(connection, lot, lot.choice(tables))
            except sqlite3.IntegrityError:
                continue
            connection.commit()
        if edit is not None:
            done += 1
            yield edit


def test_a_random_edit_is_detected(full: Company, tmp_path: Path) -> None:
    """S42 S78: all of them, by what was written where, and not by luck."""
    said = [(edit, found(tmp_path / "store")) for edit in edited(full, tmp_path / "store")]

    assert len(said) == EDITS
    assert [edit for edit, each in said if not each] == []
    assert [(edit, each) for edit, each in said if not any(map(NAMED.search, each))] == []


def test_an_edit_of_any_column_is_detected(full: Company, tmp_path: Path) -> None:
    """S42: also a value of another kind, which the database lets stand anywhere."""
    lot, store = random.Random(SEED), tmp_path / "store"  # noqa: S311  # the same edits in every run
    lost = []
    for table, name in _columns():
        near = any(_changed(full, store, table, name, lot) for _ in range(8))
        if not near or not any(map(NAMED.search, found(store))):
            lost.append((table, name, "near"))
        odd = _changed(full, store, table, name, None)
        if odd and not any(map(NAMED.search, found(store))):
            lost.append((table, name, "of another kind"))

    assert lost == []


def test_an_edit_of_any_column_goes_unnoticed_without_its_seal(
    full: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: states, orders, notices and signs of life are anybody's.

    removes: govagents/adapters/sql/sealed.py (the log is complete)
    """
    monkeypatch.setattr(comparison, "unsealed", lambda connection, key: ())
    edits = {
        "UPDATE request SET status = 'granted', note = 'x'",
        "UPDATE notice SET text = 'x'",
        "UPDATE setting SET value = '1' WHERE name = 'sweeper_seen'",
        "UPDATE precedent SET body = CAST(replace(body, '1', '2') AS BLOB)",
        "DELETE FROM precedent WHERE kind = 'outcome'",
    }

    for each in edits:
        with _copied(full, tmp_path / "store") as connection:
            connection.execute(each)
            connection.commit()
        assert found(tmp_path / "store") == [], each


def test_fewer_edits_are_detected_without_what_holds_rows_against_the_log(
    full: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S42: the tree alone covers three tables of eighteen."""
    monkeypatch.setattr(comparison, "differences", lambda connection, logged: ())

    some = edited(full, tmp_path / "store", EDITS // 4)
    missed = {edit.table for edit in some if not found(tmp_path / "store")}

    assert {"finding", "item", "request", "seal", "text", "usage"} <= missed


def found(home: Path) -> list[str]:
    """All that `audit verify` says of the store in `home`."""
    try:
        with stored_log(home) as stored:
            findings = verify(stored, Outside()).findings
    except IntegrityError as error:
        return [f"the table `entry`, `node` or `checkpoint`: {error}"]
    said = [f"entry {one.index}: {one.reason}" for one in findings if one.index is not None]
    said += [one.reason for one in findings if one.index is None]
    said += [f"entry {index} is misfiled" for index in misfiled(home)]
    return said + list(unbacked(home))


@contextmanager
def _copied(full: Company, place: Path) -> Iterator[sqlite3.Connection]:
    place.mkdir(exist_ok=True)
    shutil.copy(full.home / DATABASE, place / DATABASE)
    with closing(sqlite3.connect(place / DATABASE)) as connection:
        triggers = _triggers(connection)
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, trigger in triggers:
            connection.execute(trigger)
        connection.commit()


def _changed(full: Company, place: Path, table: str, name: str, lot: random.Random | None) -> bool:
    """Whether a row of a fresh copy now holds something else; without a lot of another kind."""
    with _copied(full, place) as connection:
        rows = _rows(connection, table)
        row = lot.choice(rows) if lot else rows[0]
        query = f'SELECT "{name}", typeof("{name}") FROM "{table}" WHERE rowid = ?'  # noqa: S608  # ours
        before = connection.execute(query, row[:1]).fetchone()
        try:
            other = _other(lot, before[0]) if lot else _of_another_kind(before[0])
            _set(connection, table, row, {name: other})
        except sqlite3.IntegrityError:
            return False
        after = connection.execute(query, row[:1]).fetchone()
        return bool(after != before)


def _triggers(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall()


def _columns() -> list[tuple[str, str]]:
    return [
        (name, each.name) for name, table in sorted(TABLES.tables.items()) for each in table.columns
    ]


def _of_another_kind(value: object) -> object:
    match value:
        case int():
            return f"{value}x"
        case bytes():
            return value.decode("latin-1")
        case str():
            return value.encode()
    return b"x"


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return connection.execute(f'SELECT rowid, * FROM "{table}"').fetchall()  # noqa: S608  # ours


def _edit(connection: sqlite3.Connection, lot: random.Random, table: str) -> Edit | None:
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    names, keys = [str(each[1]) for each in columns], [str(each[1]) for each in columns if each[5]]
    rows = _rows(connection, table)
    row = lot.choice(rows)
    what = lot.choice(("column", "delete", "duplicate", "swap"))
    if what == "column":
        at = lot.randrange(len(names))
        _set(connection, table, row, {names[at]: _other(lot, row[1 + at])})
        return Edit(table, names[at])
    if what == "delete":
        connection.execute(f'DELETE FROM "{table}" WHERE rowid = ?', row[:1])  # noqa: S608  # ours
    elif what == "duplicate":
        values = list(row[1:])
        at = names.index(keys[-1])
        taken = [each[1 + at] for each in rows]
        numbers = [each for each in taken if isinstance(each, int)]
        values[at] = max(numbers) + 1 if numbers else f"{values[at]}x"
        marks = ", ".join("?" * len(values))
        connection.execute(f'INSERT INTO "{table}" VALUES ({marks})', values)  # noqa: S608  # ours
    else:
        return _swap(
            connection, table, [name for name in names if name not in keys], (row, lot.choice(rows))
        )
    return Edit(table, what)


def _swap(
    connection: sqlite3.Connection,
    table: str,
    names: list[str],
    rows: tuple[tuple[object, ...], tuple[object, ...]],
) -> Edit | None:
    """The rows keep their keys and exchange the rest."""
    if not names:
        return None
    listed = ", ".join(map(_quoted, names))
    query = f'SELECT {listed} FROM "{table}" WHERE rowid = ?'  # noqa: S608  # ours
    one, other = (connection.execute(query, row[:1]).fetchone() for row in rows)
    if one == other:
        return None
    _set(connection, table, rows[0], dict(zip(names, other, strict=True)))
    _set(connection, table, rows[1], dict(zip(names, one, strict=True)))
    return Edit(table, "swap")


def _set(
    connection: sqlite3.Connection,
    table: str,
    row: tuple[object, ...],
    values: dict[str, object],
) -> None:
    named = ", ".join(f"{_quoted(name)} = ?" for name in values)
    query = f'UPDATE "{table}" SET {named} WHERE rowid = ?'  # noqa: S608  # ours
    connection.execute(query, (*values.values(), row[0]))


def _quoted(name: str) -> str:
    return f'"{name}"'


def _other(lot: random.Random, value: object) -> object:
    """Another value of the same kind, one bit or letter away."""
    match value:
        case int():
            return value + lot.choice((-1, 1, 60_000_000))
        case bytes() if value:
            at = lot.randrange(len(value))
            return value[:at] + bytes([value[at] ^ 1 << lot.randrange(8)]) + value[at + 1 :]
        case str() if value:
            at = lot.randrange(len(value))
            letter = lot.choice([each for each in "abcdefgh01234567" if each != value[at]])
            return value[:at] + letter + value[at + 1 :]
    return "x"
