"""Somebody with the database edits its schema, or what vouches for its rows (S42).

Holds: the database file, offline, and no key. Wants: rows that change by themselves, that nobody
finds, or that nobody holds against anything. Does: plants triggers and views, takes out or rewords
what is there, says that the store is of an earlier schema, edits rows together with their seals.

Open: a copy of the whole database from earlier, put back, is found by a checkpoint kept elsewhere.
"""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from govagents.adapters.sql import unbacked as comparison
from govagents.adapters.sql.columns import TABLES
from govagents.adapters.sql.sealed import SEALED, seal_of
from govagents.adapters.sql.seals import Seals
from govagents.adapters.sql.sqlite_file import DATABASE
from govagents.audit.sealing import Seal, changed
from govagents.domain.request import Status
from govagents.errors import IntegrityError
from govagents.testing.company import Company
from govagents.wiring import unbacked
from tests.journey.breaking import HOLDER, ROLE, SYSTEM

REWORDED = """
PRAGMA writable_schema = ON;
UPDATE sqlite_master SET sql = replace(sql, '{}', '{}') WHERE name = '{}';
PRAGMA writable_schema = RESET;
"""
PLANTED = "CREATE TRIGGER mine AFTER INSERT ON answer BEGIN UPDATE answer SET consent = 1; END"


@pytest.fixture
def store(full: Company, tmp_path: Path) -> Path:
    shutil.copy(full.home / DATABASE, tmp_path / DATABASE)
    return tmp_path


def edit(store: Path, script: str) -> None:
    with closing(sqlite3.connect(store / DATABASE)) as connection:
        connection.executescript(script)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (PLANTED, "the trigger `mine` on `answer` is none of this program's"),
        ("CREATE VIEW mine AS SELECT 1", "the view `mine` on `mine` is none"),
        ("CREATE TABLE mine (n)", "the table `mine` is none"),
        ("CREATE INDEX mine ON request (note)", "the index `mine` on `request` is none"),
        ("DROP TRIGGER entry_no_update", "the trigger `entry_no_update` on `entry` is gone"),
        ("DROP INDEX one_live", "the index `one_live` on `grant` is gone"),
        ("ALTER TABLE request ADD COLUMN mine", "the table `request` is not worded"),
        ("ALTER TABLE request DROP COLUMN note", "the table `request` is not worded"),
        (REWORDED.format("BEFORE DEL", "AFTER DEL", "node_no_delete"), "is not worded"),
        (REWORDED.format("WHERE live", "WHERE 0", "one_live"), "`one_live` on `grant` is not"),
        (REWORDED.format("TABLE answer (", "TABLE answer ( ", "answer"), None),
        ("DROP TABLE seal", "the table `seal` is gone"),
        ('UPDATE store SET "schema" = 6; DROP TABLE seal; DROP TABLE sealed', "`seal` is gone"),
        ('UPDATE store SET "schema" = 5', "the row `1` of `store` is not as it was kept"),
        ('UPDATE store SET "schema" = 99', "the row `1` of `store` is not as it was kept"),
        ("DELETE FROM seal", "was not kept by this program"),
        ("DELETE FROM sealed", "the signature of what is kept is gone"),
        ("UPDATE text SET salt = NULL, body = NULL", "is not as it was kept (salt)"),
        ("INSERT INTO finding SELECT n + 99, request, key, digest, body FROM finding", "`finding`"),
        ('INSERT INTO going VALUES ("x")', "is filed as a grant that goes on"),
    ],
)  # fmt: skip
def test_an_edit_of_the_schema_is_detected(store: Path, script: str, said: str | None) -> None:
    edit(store, script)

    found = unbacked(store)

    assert found == () if said is None else any(said in each for each in found)


def test_an_index_that_hides_a_row_is_detected(store: Path) -> None:
    """Whoever looks a request up by its status does not find it: the table still has it."""
    emptied = REWORDED.format("WHERE live", "WHERE 0", "one_live")
    back = REWORDED.format("WHERE 0", "WHERE live", "one_live")
    edit(store, emptied)
    edit(store, "REINDEX one_live")
    edit(store, back)

    assert any("does not agree with itself" in each for each in unbacked(store))


def test_a_planted_trigger_goes_unnoticed_without_the_shipped_line(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: every denial becomes an approval as it is written."""
    monkeypatch.setattr(comparison, "misshapen", lambda connection, schema: ())
    edit(store, PLANTED)

    assert unbacked(store) == ()


def forged(connection: sqlite3.Connection, *, total: bool) -> None:
    """A note rewritten together with its seal, and with the sum of them if `total`."""
    connection.execute("UPDATE request SET note = 'agreed'")
    before = dict[str, Seal]()
    after = dict[str, Seal]()
    columns = ", ".join(SEALED["request"].columns)
    for row in connection.execute(f"SELECT {columns} FROM request").fetchall():  # noqa: S608  # ours
        name = f"request {row[0]}"
        query = "SELECT once, anew FROM seal WHERE name = ?"
        before[name] = Seal(*connection.execute(query, (name,)).fetchone())
        after[name] = seal_of(SEALED["request"], row)
        connection.execute("UPDATE seal SET anew = ? WHERE name = ?", (after[name].anew, name))
    if total:
        (kept,) = connection.execute("SELECT total FROM sealed").fetchone()
        connection.execute("UPDATE sealed SET total = ?", (changed(kept, before, after),))
    connection.commit()


@pytest.mark.parametrize("total", [False, True])
def test_rows_edited_with_their_seals_are_detected(store: Path, total: bool) -> None:
    """He can compute a seal and the sum of all, and not sign it."""
    with closing(sqlite3.connect(store / DATABASE)) as connection:
        forged(connection, total=total)

    said = "not what was signed" if total else "not those that were signed"
    assert any(said in each for each in unbacked(store))


def test_seals_that_were_signed_earlier_are_refused(full: Company, tmp_path: Path) -> None:
    """An older sum with its own note is of fewer entries than there are."""
    company = full.copied(tmp_path / "store")
    with closing(sqlite3.connect(company.home / DATABASE)) as connection:
        earlier = {
            table: connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608  # ours
            for table in ("seal", "sealed", "setting", "store")
        }
    company.sweep()
    company.ask("samuel.adeyemi", "Redrive the tracking dlq, 2h")
    company.restarted()
    with closing(sqlite3.connect(company.home / DATABASE)) as connection:
        for table, rows in earlier.items():
            connection.execute(f"DELETE FROM {table}")  # noqa: S608  # ours
            marks = ", ".join("?" for _ in TABLES.tables[table].columns)
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608  # ours
        connection.commit()

    assert any("what is kept was signed at" in each for each in unbacked(company.home))


def test_an_edit_is_not_sealed_by_what_is_written_later(full: Company, tmp_path: Path) -> None:
    """He edits a row and waits for the program to write it anew."""
    company = full.copied(tmp_path / "store")
    with closing(sqlite3.connect(company.home / DATABASE)) as connection:
        connection.execute("UPDATE store SET drawn = drawn + 7")
        connection.execute("UPDATE notice SET text = 'you may'")
        connection.commit()
    company.sweep()
    company.ask("samuel.adeyemi", "Redrive the tracking dlq, 2h")
    company.restarted()

    found = unbacked(company.home)

    assert any("the row `1` of `store` is not as it was kept" in each for each in found)
    assert any(
        "of `notice` is not as it was kept (person, about, text, at)" in each for each in found
    )


@pytest.fixture
def unsealed(holding: Company) -> Company:
    """A running program finds that the table of its seals was dropped."""
    holding.pass_time(timedelta(hours=3))
    assert holding.app.records
    edit(holding.home, "DROP TABLE seal")
    return holding


def test_access_ends_when_the_seals_are_gone(unsealed: Company) -> None:
    """What cannot be sealed is written all the same."""
    unsealed.sweep()

    assert not unsealed.holds(HOLDER, ROLE, SYSTEM)


def test_access_lasts_when_seals_must_be_there(
    unsealed: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/sql/seals.py (taking back never waits)"""

    def read(self: Seals) -> None:
        self._session.connection().exec_driver_sql("SELECT 1 FROM seal")

    monkeypatch.setattr(Seals, "kept", read)

    with pytest.raises(IntegrityError):
        unsealed.sweep()

    assert unsealed.holds(HOLDER, ROLE, SYSTEM)


def test_nothing_is_given_when_the_seals_are_gone(unsealed: Company) -> None:
    view = unsealed.ask(HOLDER, "Redrive the tracking dlq, 2h")

    assert view.status is Status.BLOCKED
