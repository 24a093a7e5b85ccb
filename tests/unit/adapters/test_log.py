"""The log in the store: written with what it tells, append-only, readable when tampered with."""

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from govagents.adapters.sql.reader import misfiled, stored_log
from govagents.adapters.sql.records import SqlRecords, open_records
from govagents.adapters.world.fields import name
from govagents.audit.verify import Outside, Verification, verify
from govagents.domain.event import OF_THE_LOG
from govagents.errors import ConfigurationError, IntegrityError
from tests.unit.adapters.stores import ANA, NINE, event, stocked, store_in, tamper


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with closing(store_in(tmp_path)) as store:
        for number in range(6):
            with store.begin() as tx:
                tx.log.append(event(f"req_{number % 2}", step=str(number)))
        yield store


@pytest.fixture
def company(tmp_path: Path) -> Iterator[SqlRecords]:
    with closing(stocked(tmp_path)) as store:
        yield store


def test_the_log_of_a_store_verifies_from_its_first_entry_on(records: SqlRecords) -> None:
    """S77 S78: every transaction that appended left a signed checkpoint."""
    found = _verified(records)

    assert (found.ok, found.size, found.covered) == (True, 7, 7)
    assert [checkpoint.size for checkpoint in found.checked] == [1, 2, 3, 4, 5, 6, 7]


def test_entries_are_found_by_what_they_are_about(records: SqlRecords) -> None:
    with records.begin() as tx:
        found = tx.log.of("req_1")

    assert [number for number, _ in found] == [2, 4, 6]
    assert [entry.digests["step"] for _, entry in found] == ["1", "3", "5"]


def test_an_entry_is_kept_only_when_what_it_tells_is_kept(records: SqlRecords) -> None:
    """S73: entry and effect are one transaction."""
    with suppress(ZeroDivisionError), records.begin() as tx:
        tx.requests.add(ANA, None, NINE, "words")
        tx.log.append(event())
        raise ZeroDivisionError

    with records.begin() as tx:
        assert (tx.log.size(), tx.requests.list()) == (7, ())


def test_nothing_of_a_transaction_is_kept_when_the_log_refuses_its_event(
    records: SqlRecords,
) -> None:
    """S42."""

    def work() -> None:
        with records.begin() as tx:
            tx.requests.add(ANA, None, NINE, "words")
            tx.log.append(replace(event(), principal=""))

    with pytest.raises(IntegrityError, match="`principal`"):
        work()

    with records.begin() as tx:
        assert tx.requests.list() == ()


@pytest.mark.parametrize(
    ("principal", "answers"),
    [
        ("ana", "ana"),
        ("helper", "ana"),
        ("somebody", "none"),
        ("none", "none"),
        ("operator", "operator"),
    ],
)
def test_an_entry_names_the_person_who_answers_when_it_is_written(
    company: SqlRecords, principal: str, answers: str
) -> None:
    """S71: beside the word of an agent stands its owner; nobody is said, never left out."""
    assert _accountable(company, principal) == answers


@pytest.mark.parametrize("word", sorted(OF_THE_LOG))
def test_nobody_is_called_by_a_word_of_the_log_when_a_company_is_read(word: str) -> None:
    """S71: an agent of that name would have nobody behind it, and look as if nobody had spoken."""
    with pytest.raises(ValueError, match="choose another name"):
        name(word)


def test_an_end_is_written_when_who_answers_cannot_be_looked_up(
    company: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S39 S71: a company that cannot be read keeps nothing from ending, and nobody is made up."""
    monkeypatch.setattr("govagents.adapters.sql.transaction.accountable", int)
    assert _accountable(company, "helper") == "unknown"
    assert _accountable(company, "none") == "none"

    monkeypatch.undo()
    tamper(company, "UPDATE item SET body = 7")
    with closing(open_records(company.folder)) as edited:
        assert _accountable(edited, "helper") == "unknown"


@pytest.mark.parametrize("table", ["entry", "node", "checkpoint"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_store_refuses_to_change_the_log(records: SqlRecords, table: str, verb: str) -> None:
    """S78: append-only, also for our own code."""
    column = "note" if table == "checkpoint" else "hash"
    statement = verb.format(table, column, column)

    with pytest.raises(IntegrityError, match="append-only"), records.begin() as tx:
        tx.session.connection().execute(text(statement))


@pytest.mark.parametrize(
    ("change", "first_bad"),
    [
        ("UPDATE entry SET leaf = replace(leaf, 'ana', 'eve') WHERE idx = 3", 3),
        ("UPDATE entry SET leaf = 7 WHERE idx = 3", 3),
        ("UPDATE entry SET hash = x'00' WHERE idx = 3", 3),
        ("DELETE FROM entry WHERE idx = 3", 3),
        ("DELETE FROM entry WHERE idx = 6", 6),
        ("UPDATE node SET hash = x'00' WHERE level = 0 AND idx = 3", 3),
        ("UPDATE node SET hash = 'text' WHERE level = 2 AND idx = 0", 0),
    ],
)
def test_the_first_bad_entry_is_named_when_the_log_was_changed(
    records: SqlRecords, change: str, first_bad: int
) -> None:
    """S78: flip anything in the file, and the verifier names the entry."""
    tamper(records, change)

    found = _verified(records)

    assert (found.ok, found.first_bad) == (False, first_bad)


@pytest.mark.parametrize("change", ["DELETE FROM checkpoint", "UPDATE checkpoint SET note = x'00'"])
def test_a_log_without_its_checkpoints_is_vouched_for_by_nothing(
    records: SqlRecords, change: str
) -> None:
    """S78."""
    tamper(records, change)

    assert not _verified(records).ok


def test_an_entry_filed_elsewhere_is_named(records: SqlRecords) -> None:
    assert misfiled(records.folder) == ()

    tamper(records, "UPDATE entry SET about = 'elsewhere' WHERE idx = 4")

    assert misfiled(records.folder) == (4,)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET about = 'req_0' WHERE idx = 4",
        "UPDATE entry SET leaf = replace(leaf, 'ana', 'eve') WHERE idx = 3",
        "UPDATE entry SET leaf = x'7b7d' WHERE idx = 3",
    ],
)
def test_a_changed_entry_is_not_believed_when_it_is_looked_up(
    records: SqlRecords, change: str
) -> None:
    tamper(records, change)

    with pytest.raises(IntegrityError, match="audit verify"), records.begin() as tx:
        tx.log.of("req_0")


def test_appending_stops_when_the_tree_lost_a_node(records: SqlRecords) -> None:
    tamper(records, "DELETE FROM node WHERE level = 0 AND idx = 6")

    with pytest.raises(IntegrityError, match=r"node \(0, 6\)"), records.begin() as tx:
        tx.log.append(event())


def test_reading_goes_on_when_the_tree_lost_a_node_and_entries_stand_unsigned(
    records: SqlRecords,
) -> None:
    """Signing late is a service: what cannot be signed stops nothing that appends nothing."""
    tamper(records, "DELETE FROM checkpoint WHERE size > 1")
    tamper(records, "DELETE FROM node WHERE level > 0 OR idx = 6")

    with open_records(records.folder).begin() as tx:
        assert tx.log.size() > 1


def test_a_store_whose_demo_mark_was_changed_is_refused(records: SqlRecords) -> None:
    """A live store turned into a demo would accept anybody with `--as`."""
    tamper(records, "UPDATE setting SET value = 'false' WHERE name = 'demo'")

    with pytest.raises(IntegrityError, match="says it is a live store"):
        open_records(records.folder)


def test_a_store_without_a_first_entry_is_refused(records: SqlRecords) -> None:
    tamper(records, "DELETE FROM entry WHERE idx = 0")

    with pytest.raises(IntegrityError):
        open_records(records.folder)


def test_a_store_without_its_log_is_named_when_it_is_to_be_verified(records: SqlRecords) -> None:
    tamper(records, "DROP TABLE entry")

    with pytest.raises(IntegrityError, match="cannot be read"):
        _verified(records)


def test_there_is_nothing_to_verify_when_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no store"), stored_log(tmp_path):
        pytest.fail("opened")


def _verified(records: SqlRecords) -> Verification:
    with stored_log(records.folder) as stored:
        return verify(stored, Outside())


def _accountable(records: SqlRecords, principal: str) -> str:
    with records.begin() as tx:
        number = tx.log.append(replace(event("req_9"), principal=principal))
        return dict(tx.log.of("req_9"))[number].accountable
