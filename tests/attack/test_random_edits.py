"""Somebody with the database edits it at random, two hundred times.

Holds: the database file, offline, and no key. Wants: any difference at all that nobody finds. Does:
changes one column of one row, deletes a row, adds a row like another under a key of its own, or
lets two rows change places, in any table that holds anything.

`audit verify` finds each one, but for what the log says nothing about: `OPEN` lists that, and
SECURITY.md says why. Where an entry tells of what was edited, that entry is named.

Open: what the log says nothing about, listed above; memory may be deleted.
"""

import random
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from govagents.adapters.sql import unbacked as comparison
from govagents.adapters.sql.records import DATABASE
from govagents.audit.verify import Outside, verify
from govagents.testing.company import Company
from govagents.wiring import misfiled, stored_log, unbacked

EDITS, SEED = 200, 20261124
COUNTED, DONE = "a count or an order", "a word on how far it is"
OPEN = {
    ("answer", "n"): COUNTED,
    ("answer", "settles"): "an earlier consent may be followed by another; both are in the log",
    ("finding", "duplicate"): "what the guard found, once more: the same bytes",
    ("grant", "attempts"): COUNTED,
    ("grant", "failure"): "what a target said, of which the log has a code",
    ("grant", "n"): COUNTED,
    ("precedent", "body"): "memory, which advises",
    ("precedent", "delete"): "memory, which may be deleted",
    ("request", "changed"): DONE,
    ("request", "n"): COUNTED,
    ("request", "note"): DONE,
    ("request", "status"): DONE,
    ("setting", "delete"): "a clock, a sign of life; which store it is, is found",
    ("setting", "duplicate"): "nothing reads it",
    ("setting", "name"): "as if deleted",
    ("setting", "swap"): "two settings of those",
    ("setting", "value"): "a clock, a sign of life",
    ("snapshot", "n"): COUNTED,
    ("snapshot", "name"): "by which a catalog beside the company's own is asked for",
    ("snapshot", "version"): "shown, never judged by",
    ("store", "drawn"): COUNTED,
    ("store", "version"): COUNTED,
}
UNTOLD = {("checkpoint", "duplicate"), ("checkpoint", "swap"), ("going", "duplicate")}
"""Found, and no entry tells of them; nor of a finding that is there once more."""


class Edit(NamedTuple):
    """`what`: the column that was changed, or what was done with a row."""

    table: str
    what: str


@pytest.fixture(scope="module")
def full(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """One request given, one denied with a reason, one waiting."""
    company = made.copied(tmp_path_factory.mktemp("full") / "store")
    company.approve(company.ask("samuel.adeyemi", "Redrive the tracking dlq, 2h"), "arjun.mehta")
    refused = company.ask("wei.zhang", "restart rtm gw, INC-4414, 1h")
    company.deny(refused, "carlos.ibarra", "no")
    company.ask("viktor.horvath", "INC-4408: look at and requeue the nordkraft edi msgs, 4h")
    return company.restarted()


def edited(full: Company, place: Path, edits: int = EDITS) -> Iterator[Edit]:
    """Edits of copies of one database, each made in `place`."""
    lot = random.Random(SEED)  # noqa: S311  # the same edits in every run
    place.mkdir()
    with closing(sqlite3.connect(full.home / DATABASE)) as connection:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        tables = [table for (table,) in connection.execute(names) if _rows(connection, table)]
    done = 0
    while done < edits:
        shutil.copy(full.home / DATABASE, place / DATABASE)
        with closing(sqlite3.connect(place / DATABASE)) as connection:
            try:
                edit = _edit(connection, lot, lot.choice(tables))
            except sqlite3.IntegrityError:
                continue
            connection.commit()
        if edit is not None:
            done += 1
            yield edit


def test_a_random_edit_is_detected(full: Company, tmp_path: Path) -> None:
    """S42 S78: what is not found is what the log says nothing about, and nothing else."""
    lost: dict[Edit, int] = {}
    unnamed: list[tuple[Edit, list[str]]] = []
    for edit in edited(full, tmp_path / "store"):
        said = found(tmp_path / "store")
        if not said:
            lost[edit] = lost.get(edit, 0) + 1
        elif not any(re.search(r"\bentr(y|ies) \d", each) for each in said):
            unnamed.append((edit, said))

    assert lost.keys() - OPEN.keys() == set()
    assert EDITS - sum(lost.values()) >= 0.8 * EDITS
    assert [
        (edit, said)
        for edit, said in unnamed
        if edit not in UNTOLD and "that no entry names" not in said[0]
    ] == []


def test_fewer_edits_are_detected_without_what_holds_rows_against_the_log(
    full: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S42: the tree alone covers three tables of fifteen."""
    monkeypatch.setattr(comparison, "differences", lambda connection: ())

    some = edited(full, tmp_path / "store", EDITS // 4)
    missed = {edit.table for edit in some if not found(tmp_path / "store")}

    assert {"finding", "going", "item", "request", "text", "usage"} <= missed


def found(home: Path) -> list[str]:
    """All that `audit verify` says of the store in `home`."""
    with stored_log(home) as stored:
        findings = verify(stored, Outside()).findings
    said = [f"entry {one.index}: {one.reason}" for one in findings if one.index is not None]
    said += [one.reason for one in findings if one.index is None]
    said += [f"entry {index} is misfiled" for index in misfiled(home)]
    return said + list(unbacked(home))


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
