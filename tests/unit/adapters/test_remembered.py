"""Endings kept for later, and notices."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from govagents.adapters.sql.records import SqlRecords
from govagents.domain.ids import PermissionId, RequestId
from govagents.domain.precedent import Precedent
from govagents.errors import IntegrityError
from tests.unit.adapters.stores import ANA, BO, NINE, READER, event, store_in, tamper

ENDING = Precedent(
    request=RequestId("req_1"),
    kind="decision",
    beneficiary=ANA,
    department="Sales",
    needs=(PermissionId("shop:orders:read"),),
    roles=(READER,),
    ending="expired",
    at=NINE,
    expires=NINE + timedelta(days=90),
    catalog="c1",
    sensitivity=1,
    source="librarian",
    entry=0,
    text_digest="d1",
)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with closing(store_in(tmp_path)) as store:
        yield store


def test_an_ending_comes_back_as_it_was_and_once_when_kept_twice(records: SqlRecords) -> None:
    """S20."""
    other = replace(ENDING, request=RequestId("req_0"), entry=1)
    with records.begin() as tx:
        tx.log.append(event())
        tx.keep(other)
        tx.keep(ENDING)
        tx.keep(ENDING)

    with records.begin() as tx:
        assert tuple(tx.precedents()) == (ENDING, other)


@pytest.mark.parametrize("changed", [{"source": ""}, {"source": " "}, {"entry": 1}, {"entry": -1}])
def test_an_ending_is_not_kept_when_nothing_says_where_it_comes_from(
    records: SqlRecords, changed: dict[str, object]
) -> None:
    """S19: a write needs provenance."""
    with pytest.raises(IntegrityError, match="`req_1`"), records.begin() as tx:
        tx.keep(replace(ENDING, **changed))  # type: ignore[arg-type]  # one field of either type

    with records.begin() as tx:
        assert tuple(tx.precedents()) == ()


def test_an_ending_is_refused_when_its_record_was_spoilt(records: SqlRecords) -> None:
    with records.begin() as tx:
        tx.keep(ENDING)
    tamper(records, "UPDATE precedent SET body = x'7b7d'")

    with pytest.raises(IntegrityError, match="cannot be read back"), records.begin() as tx:
        tuple(tx.precedents())


def test_notices_are_a_persons_own_and_in_order(records: SqlRecords) -> None:
    with records.begin() as tx:
        tx.notify(BO, "req_1", "one", NINE)
        tx.notify(ANA, "req_1", "not yours", NINE)
        tx.notify(BO, "req_2", "two", NINE)

    with records.begin() as tx:
        assert tx.notices(BO) == ((NINE, "req_1", "one"), (NINE, "req_2", "two"))


def test_the_same_is_said_once_when_it_is_asked_for(records: SqlRecords) -> None:
    with records.begin() as tx:
        left = [tx.notify(BO, "req_1", text, NINE, once=True) for text in ("one", "one", "two")]
        again = tx.notify(BO, "req_1", "one", NINE)

        assert left == [True, False, True]
        assert again
        assert [text for _, _, text in tx.notices(BO)] == ["one", "two", "one"]


def test_a_notice_waits_until_it_was_told_elsewhere(records: SqlRecords) -> None:
    with records.begin() as tx:
        tx.notify(BO, "req_1", "old", NINE - timedelta(days=1))
        tx.notify(BO, "req_1", "one", NINE)
        tx.notify(ANA, "req_1", "two", NINE)
    with records.begin() as tx:
        first, second = tx.unsent(NINE)
        tx.save_posted(replace(first, tries=1, tried=7, failure="nobody there"))
        tx.save_posted(replace(second, tries=1, tried=7, sent=True))
    with records.begin() as tx:
        (left,) = tx.unsent(NINE)

    assert (left.notice.text, left.tries, left.tried) == ("one", 1, 7)
    assert left.failure == "nobody there"
