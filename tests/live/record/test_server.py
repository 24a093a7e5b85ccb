"""What only a PostgreSQL does to a store that it holds."""

from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path

import psycopg
import pytest

from govagents.adapters.sql import postgres as ours
from govagents.adapters.sql.records import SqlRecords, open_records
from govagents.adapters.sql.requests import SqlRequests
from govagents.errors import ConfigurationError, IntegrityError, StateError
from tests.live.kept import address_of, new_database
from tests.live.server import Server
from tests.unit.adapters.stores import ANA, NINE, event, store_in

pytestmark = pytest.mark.live


@pytest.fixture
def records(postgres: Server, tmp_path: Path) -> Iterator[SqlRecords]:
    with closing(store_in(tmp_path, address=new_database(postgres))) as store:
        yield store


def do(records: SqlRecords, *statements: str) -> list[tuple[object, ...]]:
    """As its keeper, who may do anything to it; the rows of the last."""
    with closing(psycopg.connect(address_of(records.folder), autocommit=True)) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize(
    "statement", ["UPDATE entry SET about = 'x'", "DELETE FROM node", "TRUNCATE checkpoint"]
)
def test_the_log_takes_new_rows_and_nothing_else(records: SqlRecords, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), records.begin() as tx:
        tx.session.connection().exec_driver_sql(statement)


def test_the_store_is_busy_when_another_process_holds_it(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = ours._SETTLED["options"].replace("lock_timeout=10s", "lock_timeout=100ms")
    monkeypatch.setitem(ours._SETTLED, "options", quick)

    with records.begin(), pytest.raises(StateError, match="busy"):
        open_records(records.folder)


def test_it_is_refused_when_others_may_write_to_it(records: SqlRecords) -> None:
    """As a file is that others may write to; what to do is said, and helps."""
    do(records, "GRANT INSERT ON govagents.entry TO PUBLIC")
    with pytest.raises(ConfigurationError, match="others may write") as refused:
        open_records(records.folder)

    do(records, str(refused.value).split("`")[-2])

    open_records(records.folder).close()


def test_erased_words_are_in_no_file_of_their_table(records: SqlRecords, postgres: Server) -> None:
    words = "a secret that must not stay " * 20
    with records.begin() as tx:
        said = tx.requests.add(ANA, None, NINE, words)
    assert _lies_there(records, postgres, "a secret")
    with records.begin() as tx:
        assert isinstance(tx.requests, SqlRequests)
        tx.requests.erase(said.id)

    assert not _lies_there(records, postgres, "a secret")


def test_a_unit_of_work_goes_on_without_the_company_when_its_table_is_gone(
    records: SqlRecords,
) -> None:
    """Taking back never waits: what failed in between takes nothing else with it."""
    do(records, "UPDATE govagents.store SET world = 'x'", "DROP TABLE govagents.item")

    with records.begin() as tx:
        tx.log.append(event())

    with records.begin() as tx:
        assert [each.accountable for _, each in tx.log.of("req_1")] == ["unknown"]


def test_nothing_goes_on_without_the_company_when_the_line_is_gone(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: the server does nothing more in a unit of work in which something failed."""
    monkeypatch.setattr("govagents.adapters.sql.transaction.attempt", _unguarded)
    do(records, "UPDATE govagents.store SET world = 'x'", "DROP TABLE govagents.item")

    with pytest.raises(Exception, match="aborted"), records.begin() as tx:
        tx.log.append(event())


def _unguarded(_: object) -> nullcontext[None]:
    return nullcontext()


def _lies_there(records: SqlRecords, server: Server, words: str) -> bool:
    database = address_of(records.folder).rpartition("/")[2]
    with closing(server.admin(database)) as connection:
        connection.execute("CHECKPOINT")
        query = "SELECT position(%s::bytea IN pg_read_binary_file(pg_relation_filepath(%s))) > 0"
        return connection.execute(query, (words.encode(), "govagents.text")).fetchone() == (True,)
