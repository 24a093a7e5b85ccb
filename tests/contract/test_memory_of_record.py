"""Memory over the real database of record. Shows S19, S20, S22."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlmodel import col, delete, update

from govagents.adapters.embedders import LexicalHash
from govagents.adapters.precedents import IndexedMemory
from govagents.adapters.sql.reader import stored_log
from govagents.adapters.sql.records import SqlRecords, create_records
from govagents.adapters.sql.remembered import PrecedentRow
from govagents.adapters.sql.requests import SqlRequests, TextRow
from govagents.audit.verify import Outside, verify
from govagents.domain.event import Event
from govagents.domain.precedent import Precedent
from govagents.domain.request import Request
from govagents.domain.text import Untrusted
from tests.unit.memory.cases import ASKED, NOW, OTHER, SPEAKER, precedent

WORDS = (Untrusted(ASKED + " please"),)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    made = create_records(tmp_path / "store", demo=True, at=NOW, name="0000abcd")
    yield made
    made.close()


@pytest.fixture
def memory(records: SqlRecords) -> Iterator[IndexedMemory]:
    opened = IndexedMemory(records, LexicalHash(), records.folder / "memory")
    yield opened
    opened.close()


def ask(records: SqlRecords, text: str) -> Request:
    with records.begin() as tx:
        return tx.requests.add(SPEAKER, None, NOW, text)


def close(records: SqlRecords, memory: IndexedMemory, text: str) -> Precedent:
    """A request ends: its ending is logged, then remembered."""
    request = ask(records, text)
    event = Event(
        kind="request.ended",
        at=NOW,
        agent="librarian",
        principal=SPEAKER,
        subject=SPEAKER,
        about=request.id,
        policy="none",
        evaluation="none",
        decision="expired",
        reason="none",
        ttl=timedelta(0),
        digests={"text": request.text_digest},
    )
    with records.begin() as tx:
        entry = tx.log.append(event)
        words = tx.requests.words(request.id)
    case = replace(precedent(request.id), entry=entry, text_digest=request.text_digest)
    memory.remember(case, words)
    return case


def test_a_closed_case_is_recalled_by_another_process_of_the_store(
    records: SqlRecords, memory: IndexedMemory
) -> None:
    """S19 S20."""
    case, _ = close(records, memory, ASKED), close(records, memory, OTHER)
    new = ask(records, ASKED + " please")
    memory.close()
    later = IndexedMemory(records, LexicalHash(), records.folder / "memory")

    (nearest, similarity), *_ = later.recall(new.id, WORDS).cases
    later.close()

    assert nearest == case
    assert similarity > 90


def test_the_audit_record_stays_whole_when_a_case_is_deleted_from_memory(
    records: SqlRecords, memory: IndexedMemory
) -> None:
    """S22."""
    case, new = close(records, memory, ASKED), ask(records, ASKED)
    found = memory.recall(new.id, WORDS)

    with records.begin() as tx:
        tx.session.exec(delete(PrecedentRow))

    with records.begin() as tx:
        entries = tx.log.of(case.request)
    with stored_log(records.folder) as stored:
        verification = verify(stored, Outside())
    assert found.cases
    assert memory.recall(new.id, WORDS).cases == ()
    assert verification.ok
    assert [(entry, event.decision) for entry, event in entries] == [(case.entry, "expired")]


def test_a_case_is_not_recalled_when_its_words_were_erased(
    records: SqlRecords, memory: IndexedMemory
) -> None:
    case, new = close(records, memory, ASKED), ask(records, ASKED)
    found = memory.recall(new.id, WORDS)

    with records.begin() as tx:
        cast("SqlRequests", tx.requests).erase(case.request)

    assert found.cases
    assert memory.recall(new.id, WORDS).cases == ()


def test_a_case_is_not_recalled_when_its_words_were_changed(
    records: SqlRecords, memory: IndexedMemory
) -> None:
    case, new = close(records, memory, OTHER), ask(records, ASKED)
    memory.recall(new.id, WORDS)

    with records.begin() as tx:
        changed = update(TextRow).where(col(TextRow.request) == case.request)
        tx.session.exec(changed.values(body=ASKED.encode()))

    assert memory.recall(new.id, WORDS).cases == ()


def test_recall_is_empty_and_says_so_when_a_kept_case_cannot_be_read(
    records: SqlRecords, memory: IndexedMemory
) -> None:
    case, new = close(records, memory, ASKED), ask(records, ASKED)

    with records.begin() as tx:
        tx.session.exec(update(PrecedentRow).values(body=b"{}"))

    recalled = memory.recall(new.id, WORDS)
    assert recalled.cases == ()
    assert recalled.note.startswith(f"a record about `{case.request}` cannot be read back")


def test_a_case_planted_in_the_record_is_not_recalled_when_nobody_asked_for_it(
    records: SqlRecords, memory: IndexedMemory
) -> None:
    new = ask(records, ASKED)
    with records.begin() as tx:
        tx.keep(replace(precedent("req_planted"), entry=0))

    assert memory.recall(new.id, WORDS).cases == ()
