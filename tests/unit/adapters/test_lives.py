"""What is listed costs what is shown, however long the log is (S42), and hides nothing."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from govagents.adapters.sql import lives
from govagents.adapters.sql.lives import Lives
from govagents.adapters.sql.records import SqlRecords
from govagents.adapters.sql.transaction import SqlTransaction
from govagents.domain.grant import LIVE
from govagents.domain.ids import GrantId, RequestId
from govagents.domain.request import Status
from tests.unit.adapters.stores import ANA, event, grant, keep, store_in, tamper

FEW, MANY = 10, 100
EVERY = 1  # instruction of the database's machine


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with closing(store_in(tmp_path)) as store:
        yield store


def fill(records: SqlRecords, numbers: range, status: Status) -> None:
    with records.begin() as tx:
        for number in numbers:
            request = RequestId(f"req_{number:06}")
            keep(tx, grant(request, status, name=f"gr_{number:06}"))
            tx.log.append(event(request, "step.read", reading="r"))


def effort(records: SqlRecords, look: Callable[[SqlTransaction], object]) -> int:
    """How many instructions the database took: every row it looks at takes some."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    with records.begin() as tx:
        raw = tx.session.connection().connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.set_progress_handler(count, EVERY)
        look(tx)
        raw.set_progress_handler(None, 0)
    return taken


def listed(tx: SqlTransaction) -> object:
    """What `grant list` asks."""
    names = tx.grants.names(LIVE)
    return [tx.grants.get(name) for name in names], tx.grants.doubted()


def whose(tx: SqlTransaction) -> object:
    return [tx.grants.get(GrantId("gr_000001")), tx.grants.get(GrantId("gr_unknown"))]


@pytest.mark.parametrize("look", [listed, whose])
def test_looking_at_grants_takes_no_longer_when_the_log_is_longer(
    records: SqlRecords, look: Callable[[SqlTransaction], object]
) -> None:
    """Counted, not timed."""
    fill(records, range(5), Status.ACTIVE)
    fill(records, range(5, 5 + FEW), Status.EXPIRED)
    before = effort(records, look)

    fill(records, range(5 + FEW, 5 + FEW + MANY), Status.EXPIRED)

    assert effort(records, look) <= 1.1 * before
    with records.begin() as tx:
        assert len(tx.grants.names(LIVE)) == len(tx.grants.list(LIVE)) == 5
        assert len(tx.grants.of_identity(ANA)) == 5 + FEW + MANY


def test_looking_at_grants_takes_longer_with_the_log_without_the_shipped_lines(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: without the file of what goes on all of the log is read."""
    monkeypatch.setattr(lives._HERE, "of_live", lives._HERE.every)
    fill(records, range(5), Status.ACTIVE)
    before = effort(records, listed)

    fill(records, range(5, 5 + MANY), Status.EXPIRED)

    assert effort(records, listed) > 2 * before


def test_only_what_goes_on_is_filed(records: SqlRecords) -> None:
    fill(records, range(3), Status.ACTIVE)
    fill(records, range(3, 6), Status.EXPIRED)
    fill(records, range(6, 8), Status.REVOKE_FAILED)

    with records.begin() as tx:
        found = Lives(tx.session)
        filed = set(found.live())
        assert found.whole() == ()
        assert filed == set(found.live()) == {f"gr_{number:06}" for number in (0, 1, 2, 6, 7)}


def test_a_name_filed_too_many_is_looked_up_in_vain(records: SqlRecords) -> None:
    """The file only says where to look: the entries say that it is over, or that it never was."""
    fill(records, range(2), Status.EXPIRED)
    tamper(records, "INSERT INTO going VALUES ('gr_000001'), ('gr_never')")

    with records.begin() as tx:
        found = Lives(tx.session)
        assert found.live() == {}
        assert found.whole() == ()
        assert tx.session.execute(text("SELECT * FROM going")).all() == []


def test_a_name_that_another_begins_with_is_told_apart(records: SqlRecords) -> None:
    with records.begin() as tx:
        for name in ("gr_1", "gr_11", "gr_1-1"):
            keep(tx, grant(RequestId(f"req_{name}"), Status.ACTIVE, name=name))
    with records.begin() as tx:
        found = Lives(tx.session)
        for name in ("gr_1", "gr_11", "gr_1-1"):
            assert {each.event.about for each in found.of_grant(GrantId(name))} == {f"req_{name}"}
        assert set(found.live()) == {"gr_1", "gr_11", "gr_1-1"}


def test_what_was_hidden_from_row_and_file_is_found_when_the_whole_log_is_read(
    records: SqlRecords,
) -> None:
    """What a sweep does; from then on it is listed again."""
    fill(records, range(2), Status.ACTIVE)
    tamper(records, "DELETE FROM \"grant\" WHERE id = 'gr_000001'")
    tamper(records, "DELETE FROM going WHERE \"grant\" = 'gr_000001'")
    with records.begin() as tx:
        assert tx.grants.names(LIVE) == ("gr_000000",)

    with records.begin() as tx:
        said = tx.grants.doubted(whole=True)

    assert "is not what the log says" in said[GrantId("gr_000001")]
    with records.begin() as tx:
        assert tx.grants.names(LIVE) == ("gr_000000", "gr_000001")
        assert tx.grants.doubted(whole=True).keys() == {"gr_000001"}
