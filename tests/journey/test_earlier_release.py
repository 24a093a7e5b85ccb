"""What an earlier release gave ends under this one; nobody has to begin anew (S65)."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlmodel import Session

from govagents.adapters.sql import records
from govagents.domain.request import Status
from govagents.errors import ConfigurationError
from govagents.testing.company import Company
from govagents.wiring import DEMO_START, open_ending, unbacked
from tests.journey.breaking import HOLDER, ROLE, SYSTEM

_OLD = """
DROP INDEX ix_notice_at;
ALTER TABLE notice DROP COLUMN tries;
ALTER TABLE notice DROP COLUMN tried;
ALTER TABLE notice DROP COLUMN failure;
ALTER TABLE notice DROP COLUMN sent;
UPDATE store SET "schema" = 5;
"""


@pytest.fixture
def earlier(holding: Company) -> Company:
    """A grant runs, and the tables are those of schema 5."""
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
