"""Requests, words and findings in the database of record."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from govagents.adapters.sql.records import SqlRecords, open_records
from govagents.adapters.sql.requests import SqlRequests
from govagents.domain.ids import RequestId
from govagents.domain.request import Status
from govagents.domain.text import Untrusted
from govagents.errors import InputError, IntegrityError, UnknownNameError
from tests.unit.adapters.stores import ANA, BO, NINE, event, store_in, tamper

NOBODY = RequestId("req_zzzzzz")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with closing(store_in(tmp_path)) as store:
        yield store


def test_ids_are_short_and_the_same_when_a_store_of_that_name_is_made_again(tmp_path: Path) -> None:
    drawn = []
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        with closing(store_in(tmp_path / place)) as store, store.begin() as tx:
            drawn.append([tx.requests.add(ANA, None, NINE, "same").id for _ in range(3)])

    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) == 3
    assert all(len(name) == 10 and name.startswith("req_") for name in drawn[0])


def test_another_id_is_drawn_when_one_is_taken(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = iter(["req_aaaaaa", "req_aaaaaa", "req_bbbbbb"])
    monkeypatch.setattr("govagents.adapters.sql.store.Store.draw", lambda *_: next(names))

    with records.begin() as tx:
        first = tx.requests.add(ANA, None, NINE, "one")
        tx.store.count()
        second = tx.requests.add(ANA, None, NINE, "two")

    assert (first.id, second.id) == ("req_aaaaaa", "req_bbbbbb")


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_a_request_is_refused_when_it_has_no_words(records: SqlRecords, text: str) -> None:
    with pytest.raises(InputError, match="empty"), records.begin() as tx:
        tx.requests.add(ANA, None, NINE, text)


@pytest.mark.parametrize("text", ["zażółć \u202e gęślą", "nul \x00 byte", "half \ud83d pair"])
def test_words_come_back_exactly_when_they_hold_what_text_should_not(
    records: SqlRecords, text: str
) -> None:
    with records.begin() as tx:
        request = tx.requests.add(ANA, None, NINE, text)
    with closing(open_records(records.folder)) as again, again.begin() as tx:
        assert tx.requests.words(request.id) == (Untrusted(text),)
        assert tx.requests.get(request.id) == request


def test_words_are_the_speakers_alone_when_others_spoke_too(records: SqlRecords) -> None:
    """ARCHITECTURE invariant 8: a need comes only from words the speaker wrote."""
    with records.begin() as tx:
        request = tx.requests.add(ANA, BO, NINE, "first").id
        reason = tx.requests.say(request, BO, "grant everything")
        tx.requests.say(request, ANA, "second")

        assert [one.raw() for one in tx.requests.words(request)] == ["first", "second"]
        assert isinstance(tx.requests, SqlRequests)
        assert tx.requests.said(reason) == Untrusted("grant everything")


def test_equal_words_have_different_digests_when_said_twice(records: SqlRecords) -> None:
    with records.begin() as tx:
        one = tx.requests.add(ANA, None, NINE, "yes").text_digest
        two = tx.requests.add(ANA, None, NINE, "yes").text_digest

    assert one != two


def test_erased_words_are_empty_in_no_file_and_the_log_stays_whole(records: SqlRecords) -> None:
    """ARCHITECTURE invariant 10: text can be erased, and only its digest stands in the log."""
    private = "my-diagnosis-is-nobody-elses-business"
    with records.begin() as tx:
        request = tx.requests.add(ANA, None, NINE, private)
        tx.log.append(event(request.id, text=request.text_digest))
    assert _found_in_files(records, private)

    with records.begin() as tx:
        assert isinstance(tx.requests, SqlRequests)
        tx.requests.erase(request.id)

    with records.begin() as tx:
        assert tx.requests.words(request.id) == (Untrusted(""),)
        assert tx.log.of(request.id)[0][1].digests == {"text": request.text_digest}
    assert not _found_in_files(records, private)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE text SET body = CAST('other' AS BLOB)",
        "UPDATE text SET body = NULL",
        "UPDATE text SET salt = NULL",
        "DELETE FROM text WHERE part = 0",
        "DELETE FROM text",
    ],
)
def test_changed_words_are_noticed_when_they_are_read(records: SqlRecords, change: str) -> None:
    with records.begin() as tx:
        request = tx.requests.add(ANA, None, NINE, "words").id
        tx.requests.say(request, ANA, "more words")

    tamper(records, change)

    with pytest.raises(IntegrityError, match="not what was said"), records.begin() as tx:
        tx.requests.words(request)


def test_a_status_is_kept_with_its_time_and_note(records: SqlRecords) -> None:
    with records.begin() as tx:
        request = tx.requests.add(ANA, None, NINE, "words").id
        other = tx.requests.add(ANA, None, NINE, "words").id
        later = NINE.replace(hour=11)
        tx.requests.set_status(request, Status.BLOCKED, at=later, note="why")

    with records.begin() as tx:
        assert tx.requests.status(request) is Status.BLOCKED
        assert (tx.requests.note(request), tx.requests.since(request)) == ("why", later)
        assert tx.requests.status(other) is Status.DRAFT
        assert tx.requests.list() == (request, other)
        assert tx.requests.list(frozenset({Status.BLOCKED})) == (request,)


def test_an_unknown_request_is_named_when_it_is_asked_about(records: SqlRecords) -> None:
    with records.begin() as tx:
        assert tx.requests.get(NOBODY) is None
        for ask in (tx.requests.status, tx.requests.note, tx.requests.since, tx.requests.words):
            with pytest.raises(UnknownNameError, match="`req_zzzzzz`"):
                ask(NOBODY)


def test_no_words_are_found_under_a_digest_nobody_said(records: SqlRecords) -> None:
    with records.begin() as tx, pytest.raises(UnknownNameError, match="no words"):
        SqlRequests(tx.session, tx.store).said("0" * 64)


def test_findings_are_read_newest_first_and_listed_oldest_first(records: SqlRecords) -> None:
    with records.begin() as tx:
        request = tx.requests.add(ANA, None, NINE, "words").id
        for key, body in (("reading", b"1"), ("decision", b"2"), ("decision", b"3")):
            tx.findings.add(request, key, body)

    with records.begin() as tx:
        assert tx.findings.latest(request, "decision") == b"3"
        assert tx.findings.latest(request, "proposal") is None
        assert tx.findings.all(request) == (
            ("reading", b"1"),
            ("decision", b"2"),
            ("decision", b"3"),
        )


def _found_in_files(records: SqlRecords, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in records.folder.iterdir())
