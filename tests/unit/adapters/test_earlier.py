"""A store of an earlier release is brought up to this one's tables (S65)."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from govagents.adapters.sql.earlier import READ
from govagents.adapters.sql.records import open_records
from govagents.adapters.sql.sqlite_file import DATABASE
from govagents.adapters.sql.store import SCHEMA
from govagents.errors import ConfigurationError, IntegrityError
from tests.unit.adapters.stores import ANA, NINE, store_in

SCHEMA_5 = (Path(__file__).parent / "schema_5.sql").read_text(encoding="utf-8")


def tables(connection: sqlite3.Connection) -> dict[str, object]:
    """Columns of each table by name, type, null and key, and all else by its own words.

    What a column holds where nobody wrote it is left out: whoever writes, writes all of them.
    """
    query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    found: dict[str, object] = {}
    for kind, name, text in connection.execute(query).fetchall():
        columns = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
        shapes = sorted((each[1], each[2], each[3], each[5]) for each in columns)
        found[f"{kind} {name}"] = shapes if kind == "table" else " ".join(text.split())
    return found


def earlier(folder: Path, schema: int = 5) -> Path:
    """A store as a release of schema 5 left it, with the rows of one that was made now."""
    with closing(store_in(folder)) as made, made.begin() as tx:
        place = made.folder
        tx.notify(ANA, "req_1", "somebody was told", NINE)
    with closing(sqlite3.connect(place / DATABASE)) as now:
        now.executescript("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;")
        names = [
            name for (name,) in now.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        rows = {name: _rows(now, name) for name in names}
    (place / DATABASE).unlink()
    with closing(sqlite3.connect(place / DATABASE)) as old:
        old.executescript(SCHEMA_5)
        for name in names:
            known = [each[1] for each in old.execute(f'PRAGMA table_info("{name}")')]
            if not known:
                continue
            for row in rows[name]:
                marks = ", ".join("?" for _ in known)
                listed = ", ".join(f'"{each}"' for each in known)
                old.execute(
                    f'INSERT INTO "{name}" ({listed}) VALUES ({marks})',  # noqa: S608  # ours
                    [row[each] for each in known],
                )
        old.execute('UPDATE store SET "schema" = ?', (schema,))
        old.commit()
    (place / DATABASE).chmod(0o600)
    return place


def _rows(connection: sqlite3.Connection, table: str) -> list[dict[str, object]]:
    cursor = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # ours
    names = [each[0] for each in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_its_tables_are_those_of_a_new_store_when_it_was_opened(tmp_path: Path) -> None:
    """S65: whoever changes a table and forgets the earlier ones is found out here."""
    place = earlier(tmp_path)

    open_records(place).close()

    (tmp_path / "new").mkdir()
    with (
        closing(store_in(tmp_path / "new")) as new,
        closing(sqlite3.connect(new.folder / DATABASE)) as fresh,
        closing(sqlite3.connect(place / DATABASE)) as old,
    ):
        assert tables(old) == tables(fresh)


def test_what_it_holds_is_still_there_when_it_was_opened(tmp_path: Path) -> None:
    """S65: and what nobody wrote then counts as not done."""
    place = earlier(tmp_path)

    for _ in range(2):
        with closing(open_records(place)) as records, records.begin() as tx:
            told = tx.notices(ANA)
            (unsent,) = tx.unsent(NINE)
            assert tx.store.row.schema == SCHEMA

    assert told == ((NINE, "req_1", "somebody was told"),)
    assert (unsent.tries, unsent.tried, unsent.failure) == (0, None, "")


def test_a_number_that_was_set_back_changes_nothing_when_all_is_there(tmp_path: Path) -> None:
    """S65: whoever edits it stops no end by it."""
    with closing(store_in(tmp_path)) as made:
        place = made.folder
    with closing(sqlite3.connect(place / DATABASE)) as edited:
        before = tables(edited)
        edited.execute('UPDATE store SET "schema" = 5')
        edited.commit()

    open_records(place).close()

    with closing(sqlite3.connect(place / DATABASE)) as after:
        assert tables(after) == before


@pytest.mark.parametrize("schema", [min(READ) - 1, SCHEMA + 1])
def test_any_other_schema_is_refused_and_left_alone(schema: int, tmp_path: Path) -> None:
    """S65: with what to do."""
    place = earlier(tmp_path, schema)

    with pytest.raises(ConfigurationError, match=f"has schema {schema}, this release reads"):
        open_records(place)

    with closing(sqlite3.connect(place / DATABASE)) as kept:
        assert "tries" not in {each[1] for each in kept.execute("PRAGMA table_info(notice)")}


@pytest.mark.parametrize("table", ["notice", "going", "setting"])
def test_it_is_opened_to_end_when_a_table_is_gone_besides(table: str, tmp_path: Path) -> None:
    """S65: the table is made anew, with all that this release has in it."""
    place = earlier(tmp_path)
    with closing(sqlite3.connect(place / DATABASE)) as old:
        old.execute(f"DROP TABLE {table}")
        old.commit()

    with closing(open_records(place, unsigned=True)) as records, records.begin() as tx:
        mended, schema = records.mended, tx.store.row.schema

    assert [table in said for said in mended] == [True]
    assert schema == SCHEMA
    (tmp_path / "new").mkdir()
    with (
        closing(store_in(tmp_path / "new")) as new,
        closing(sqlite3.connect(new.folder / DATABASE)) as fresh,
        closing(sqlite3.connect(place / DATABASE)) as old,
    ):
        assert tables(old) == tables(fresh)


def test_it_is_refused_in_our_words_when_a_table_is_gone_and_it_is_opened_to_give(
    tmp_path: Path,
) -> None:
    """S65: no error of the driver's."""
    place = earlier(tmp_path)
    with closing(sqlite3.connect(place / DATABASE)) as old:
        old.execute("DROP TABLE notice")
        old.commit()

    with (
        closing(open_records(place)) as records,
        pytest.raises(IntegrityError, match=r"damaged|lacks|gone"),
        records.begin() as tx,
    ):
        tx.notify(ANA, "req_1", "somebody is told", NINE)
