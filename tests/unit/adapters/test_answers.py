"""People's answers: one each, none after the last word, one row when two come at once."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from threading import Barrier, Thread

import pytest
import sqlalchemy.exc

from govagents.adapters.sql.answers import IS_DENIAL, SqlAnswers
from govagents.adapters.sql.records import SqlRecords, open_records
from govagents.adapters.sql.speech import SQLITE
from govagents.adapters.sql.sqlite_file import DATABASE
from govagents.domain.canonical import digest
from govagents.domain.decision import Answer
from govagents.domain.ids import IdentityId, RequestId
from govagents.errors import IntegrityError, StateError, UnknownNameError
from govagents.ports import Transaction
from tests.unit.adapters.stores import (
    ANA,
    BO,
    NINE,
    answer,
    decision_body,
    event,
    store_in,
    tamper,
)

CY = IdentityId("cy")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with closing(store_in(tmp_path)) as store:
        yield store


@pytest.fixture
def request_id(records: SqlRecords) -> RequestId:
    with records.begin() as tx:
        return tx.requests.add(ANA, None, NINE, "words").id


@pytest.mark.parametrize(("first", "word"), [(True, "approved"), (False, "denied")])
def test_a_second_answer_is_told_who_decided_and_when(
    records: SqlRecords, request_id: RequestId, first: bool, word: str
) -> None:
    with records.begin() as tx:
        tx.answers.add(answer(request_id, "bo", consent=first))

    message = rf"`bo` {word} it on 2026-11-23 09:00 UTC"
    with pytest.raises(StateError, match=message), records.begin() as tx:
        tx.answers.add(answer(request_id, "cy", consent=not first))
    with records.begin() as tx:
        assert tx.answers.of(request_id) == (answer(request_id, "bo", consent=first),)


def test_two_people_answering_at_once_yield_one_answer(
    records: SqlRecords, request_id: RequestId
) -> None:
    """Issue 2, item 9: each with a connection of their own, as two processes would be."""
    start, told = Barrier(2), []

    def work(person: str, consent: bool) -> None:
        with closing(open_records(records.folder)) as own:
            start.wait()
            try:
                with own.begin() as tx:
                    tx.answers.add(answer(request_id, person, consent=consent))
            except StateError as error:
                told.append(str(error))

    threads = [Thread(target=work, args=each) for each in (("bo", True), ("cy", False))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with records.begin() as tx:
        kept = tx.answers.of(request_id)
    assert (len(kept), len(told)) == (1, 1)
    assert f"`{kept[0].person}`" in told[0]


def test_the_index_stops_a_second_last_word_when_the_check_is_gone(
    records: SqlRecords, request_id: RequestId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away: there is another behind it."""
    monkeypatch.setattr(SqlAnswers, "_rows", lambda *_: ())
    with records.begin() as tx:
        tx.answers.add(answer(request_id, "bo", consent=True))

    with pytest.raises(sqlalchemy.exc.IntegrityError), records.begin() as tx:
        tx.answers.add(answer(request_id, "cy", consent=False))


def test_two_consents_are_kept_when_the_decision_asks_for_two(
    records: SqlRecords, request_id: RequestId
) -> None:
    with records.begin() as tx:
        tx.findings.add(request_id, "decision", decision_body(2, "bo", "cy"))
        tx.answers.add(answer(request_id, "bo", consent=True))
        tx.answers.add(answer(request_id, "cy", consent=True))

    with pytest.raises(StateError, match="`cy` approved"), records.begin() as tx:
        tx.answers.add(answer(request_id, "di", consent=True))


def test_nobody_answers_twice_when_two_are_asked_for(
    records: SqlRecords, request_id: RequestId
) -> None:
    with records.begin() as tx:
        tx.findings.add(request_id, "decision", decision_body(2, "bo", "cy"))
        tx.answers.add(answer(request_id, "bo", consent=True))

    with pytest.raises(StateError, match="`bo` approved"), records.begin() as tx:
        tx.answers.add(answer(request_id, "bo", consent=True))


def test_whoever_has_the_seat_now_may_answer_when_it_passed_on_after_a_consent(
    records: SqlRecords, request_id: RequestId
) -> None:
    with records.begin() as tx:
        tx.findings.add(request_id, "decision", decision_body(1, "bo"))
        tx.answers.add(answer(request_id, "bo", consent=True))
        tx.findings.add(request_id, "decision", decision_body(1, "cy"))
    with records.begin() as tx:
        tx.answers.add(answer(request_id, "cy", consent=True))

    with pytest.raises(StateError, match="`cy` approved"), records.begin() as tx:
        tx.answers.add(answer(request_id, "di", consent=True))


def test_a_denial_settles_when_another_consent_is_still_open(
    records: SqlRecords, request_id: RequestId
) -> None:
    with records.begin() as tx:
        tx.findings.add(request_id, "decision", decision_body(2, "bo", "cy"))
        tx.answers.add(answer(request_id, "bo", consent=False))

    with pytest.raises(StateError, match="`bo` denied"), records.begin() as tx:
        tx.answers.add(answer(request_id, "cy", consent=True))


def test_another_round_may_be_answered_when_the_proposal_is_another(
    records: SqlRecords, request_id: RequestId
) -> None:
    with records.begin() as tx:
        tx.answers.add(answer(request_id, "bo", consent=False))
        tx.answers.add(answer(request_id, "bo", consent=True, proposal="p2"))

        assert len(tx.answers.of(request_id)) == 2


def deny(tx: Transaction, denial: Answer, whom: IdentityId) -> None:
    """As the runner does it: the row and its entry in one unit of work."""
    tx.answers.add(denial)
    entry = event(denial.request, "answer.denied", answer=digest(denial))
    tx.log.append(replace(entry, subject=whom))


def denied_for_cy(records: SqlRecords) -> Answer:
    """Ana asked in words that were about Cy."""
    proposal = json.dumps({"beneficiary": "cy"}).encode()
    with records.begin() as tx:
        request = tx.requests.add(ANA, None, NINE, "for cy").id
        tx.findings.add(request, "proposal", proposal)
        denial = answer(request, "bo", consent=False, proposal=sha256(proposal).hexdigest())
        deny(tx, denial, CY)
    return denial


def test_a_denial_counts_against_whom_it_was_about_when_somebody_else_asked(
    records: SqlRecords,
) -> None:
    """S70: what a person denied stays denied, to any rewording and whoever words it."""
    denial = denied_for_cy(records)

    with records.begin() as tx:
        assert tx.answers.denials(CY, NINE) == (denial,)
        assert tx.answers.denials(ANA, NINE) == ()
        assert tx.answers.denials(CY, NINE + timedelta(seconds=1)) == ()


def test_a_denial_counts_against_whom_was_asked_for_when_no_proposal_is_kept(
    records: SqlRecords,
) -> None:
    with records.begin() as tx:
        request = tx.requests.add(ANA, CY, NINE, "for cy").id
        deny(tx, answer(request, "bo", consent=False), CY)

        assert len(tx.answers.denials(CY, NINE)) == 1


def test_an_older_denial_of_the_same_request_is_left_out_when_a_newer_one_counts(
    records: SqlRecords,
) -> None:
    later = NINE + timedelta(hours=1)
    with records.begin() as tx:
        request = tx.requests.add(ANA, CY, NINE, "for cy").id
        deny(tx, answer(request, "bo", consent=False), CY)
        newer = replace(answer(request, "bo", consent=False, proposal="p2"), at=later)
        tx.answers.add(newer)
        entry = event(request, "answer.denied", answer=digest(newer))
        tx.log.append(replace(entry, subject=CY, at=later))

        assert tx.answers.denials(CY, later) == (newer,)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM answer",
        "UPDATE answer SET consent = 1",
        "UPDATE answer SET at = at - 90000000000",
        "UPDATE answer SET person = 'di'",
        "DELETE FROM entry WHERE idx > 0",
    ],
)
def test_nothing_is_decided_on_when_a_denial_or_its_entry_was_edited(
    records: SqlRecords, statement: str
) -> None:
    denied_for_cy(records)
    tamper(records, statement)

    with pytest.raises(IntegrityError, match="`cy`"), records.begin() as tx:
        tx.answers.denials(CY, NINE)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET about = 'req_else' WHERE idx > 0",
        "UPDATE answer SET beneficiary = 'di'",
        "UPDATE request SET speaker = 'di', asked_for = 'di', status = 'pending'",
        "DELETE FROM request",
    ],
)
def test_a_denial_counts_when_only_what_leads_to_it_was_edited(
    records: SqlRecords, statement: str
) -> None:
    denial = denied_for_cy(records)
    tamper(records, statement)

    with records.begin() as tx:
        assert tx.answers.denials(CY, NINE) == (denial,)


def test_a_denial_is_found_in_its_own_index_when_the_log_is_long(records: SqlRecords) -> None:
    """No scan: a fact sheet is read within milliseconds, however much was ever logged."""
    with closing(sqlite3.connect(records.folder / DATABASE)) as connection:
        query = f"SELECT leaf FROM entry WHERE {IS_DENIAL[SQLITE]}"  # noqa: S608  # a constant of ours
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]

    assert [step for step in steps if "INDEX denial" in step] == steps


def test_a_consent_is_no_denial(records: SqlRecords, request_id: RequestId) -> None:
    with records.begin() as tx:
        tx.answers.add(answer(request_id, "bo", consent=True))

        assert tx.answers.denials(ANA, NINE) == ()


def test_an_answer_to_an_unknown_request_is_refused(records: SqlRecords) -> None:
    with pytest.raises(UnknownNameError, match="`req_zzzzzz`"), records.begin() as tx:
        tx.answers.add(answer(RequestId("req_zzzzzz"), BO, consent=True))
