"""What an earlier release gave ends under this one; nobody has to begin anew (S65)."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlmodel import Session

from govagents.adapters.sql import records, unbacked_tables
from govagents.adapters.sql import unbacked as comparing
from govagents.adapters.sql.store import SCHEMA
from govagents.domain.request import Status
from govagents.errors import ConfigurationError
from govagents.testing.company import Company
from govagents.wiring import DEMO_START, open_ending, unbacked
from tests.journey.breaking import HOLDER, ROLE, SYSTEM
from tests.journey.terminal import Terminal

_OLD = """
DROP INDEX ix_notice_at;
DROP TABLE seal;
DROP TABLE sealed;
ALTER TABLE notice DROP COLUMN tries;
ALTER TABLE notice DROP COLUMN tried;
ALTER TABLE notice DROP COLUMN failure;
ALTER TABLE notice DROP COLUMN sent;
UPDATE store SET "schema" = 5;
"""


@pytest.fixture
def earlier(holding: Company, monkeypatch: pytest.MonkeyPatch) -> Company:
    """A grant runs, and the tables are those of schema 5, of which no entry told."""
    monkeypatch.setattr(unbacked_tables, "schema_in", lambda _: 0)
    with closing(sqlite3.connect(holding.home / "govagents.db")) as connection:
        connection.executescript(_OLD)
    return holding


def test_a_grant_of_an_earlier_release_ends_on_time(earlier: Company) -> None:
    """S38: the store is brought up where it is opened to end."""
    ending = open_ending(earlier.home, now=DEMO_START + timedelta(hours=2))

    ending.sweeper.sweep()

    with ending.records.begin() as tx:
        assert [each.status for each in tx.grants.list()] == [Status.EXPIRED]
    ending.records.close()
    assert not earlier.holds(HOLDER, ROLE, SYSTEM)
    assert unbacked(earlier.home) == ()


def test_it_is_no_edited_store_when_it_was_not_opened_yet(earlier: Company) -> None:
    """S65: `audit verify` looks at it before anything else does."""
    assert unbacked(earlier.home) == ()


def test_a_grant_of_an_earlier_release_stays_without_the_shipped_line(
    earlier: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: nothing opens the store, so that nothing ends what it gave."""

    def left(session: Session) -> int:
        found = session.connection().exec_driver_sql('SELECT "schema" FROM store').scalar()
        return int(found or 0)

    monkeypatch.setattr(records, "bring_up", left)

    with pytest.raises(ConfigurationError, match="has schema 5"):
        open_ending(earlier.home)


@pytest.mark.parametrize(("schema", "whose"), [(4, "an earlier one"), (99, "a later one")])
def test_verify_says_whose_store_it_is_when_it_is_of_another_release(
    schema: int, whose: str, earlier: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S65: the log is verified; rows of other tables are not called changed."""
    _numbered(earlier, schema)

    told = Terminal(earlier.home, capsys).type("audit", "verify")

    assert told.code == 1
    assert "the log is whole, and the store was not compared" in told.words
    assert (
        f"has schema {schema}, this release reads {SCHEMA}: use the release that made it"
        in told.words
    )
    assert f"{whose}, or make a new store with `govagents init`" in told.words
    assert "is not what" not in told.words


def test_an_older_store_is_called_changed_without_the_shipped_line(
    earlier: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: an operator looks for an intruder who never was."""
    _numbered(earlier, 4)
    monkeypatch.setattr(comparing, "_refuse_unread", lambda *_: None)

    assert "entry 0: the store's own row is not what was logged" in unbacked(earlier.home)


def _numbered(company: Company, schema: int) -> None:
    with closing(sqlite3.connect(company.home / "govagents.db")) as connection, connection:
        connection.execute('UPDATE store SET "schema" = ?', (schema,))
