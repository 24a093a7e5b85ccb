"""What the store says of answers and grants is what its log says, and a difference is named.

Whoever can write the database can change rows and leave the log, its key and its tree alone: the
log stays whole, and only this comparison shows what was done (S42).
"""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from govagents.adapters.sql import grants
from govagents.adapters.sql import unbacked as comparison
from govagents.adapters.sql.columns import TABLES
from govagents.adapters.sql.requests import SqlRequests
from govagents.adapters.sql.unbacked_tables import Tables
from govagents.audit.life import Entry, Reading, grant_digest, unlike
from govagents.audit.verify import Outside, verify
from govagents.domain.grant import Grant
from govagents.domain.ids import GrantId, IdentityId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.errors import ConfigurationError, IntegrityError
from govagents.ports import TargetUnavailableError
from govagents.testing.company import Company
from govagents.wiring import stored_log, unbacked
from tests.journey.terminal import Terminal
from tests.unit.adapters.stores import tamper

SRE, REDRIVE, MANAGER = "samuel.adeyemi", "Redrive the tracking dlq, 2h", "arjun.mehta"
REVIEW = "I found odd rounding in Viktor's change and want to leave remarks on it, for two days."
FORGED = (
    "INSERT INTO answer (request, person, consent, proposal_digest, catalog_digest, at, "
    "reason_digest, beneficiary, settles) SELECT id, 'arjun.mehta', 1, 'p', 'c', 0, '', speaker, 1 "
    "FROM request"
)


def given(company: Company) -> View:
    return company.approve(company.ask(SRE, REDRIVE), MANAGER)


def edit(company: Company, statement: str) -> None:
    tamper(company.app.records, statement)
    company.restarted()


def silent(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the target says nothing when something is to be taken away."""
    target = type(company.app.guard.targets.otherwise)

    def no_answer(*_: object) -> None:
        message = "no answer"
        raise TargetUnavailableError(message)

    monkeypatch.setattr(target, "revoke", no_answer)


def test_nothing_differs_when_a_grant_lives_its_life(company: Company) -> None:
    """Asked, denied, given, expired, given back; at every stage."""
    asked = company.ask("linh.tran", REVIEW)
    assert asked.decision is not None
    company.deny(asked, asked.decision.approvers[0])
    assert unbacked(company.home) == ()
    first = given(company)
    assert first.status is Status.ACTIVE
    assert unbacked(company.home) == ()

    company.pass_time(timedelta(hours=3))
    company.sweep()
    assert company.grants(Status.EXPIRED)
    assert unbacked(company.home) == ()

    grant = given(company).grants[0]
    company.app.guard.end(grant.id, actor=IdentityId(SRE), cause="given_back")
    assert company.grants(Status.REVOKED)
    assert unbacked(company.home) == ()


def test_nothing_differs_when_a_target_is_asked_again_and_again_to_end_it(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S39: a retry writes no entry; how often it was tried, and on whose word, is no difference."""
    grant = given(company).grants[0]
    company.pass_time(timedelta(hours=3))
    silent(company, monkeypatch)
    for _ in range(3):
        company.sweep()
    company.app.guard.end(grant.id, actor=grant.owners[0], cause="revoked")

    (kept,) = company.grants(Status.REVOKE_FAILED)
    assert (kept.attempts, kept.cause, kept.absolute) == (4, "revoked", True)
    assert unbacked(company.home) == ()

    monkeypatch.undo()
    company.sweep()
    assert company.grants(Status.REVOKED)
    assert unbacked(company.home) == ()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ('UPDATE "grant" SET "end" = 4070908800000000', "is not what entry"),
        ("UPDATE \"grant\" SET status = 'expired', live = 0", "is not what entry"),
        ("UPDATE \"grant\" SET status = 'revoke_failed'", "is not what entry"),
        ('UPDATE "grant" SET held_before = \'["aws-prod"]\'', "is not what entry"),
        ("UPDATE \"grant\" SET targets = '[]'", "is not what entry"),
        ("UPDATE \"grant\" SET beneficiary = 'linh.tran'", "is not what entry"),
        ("UPDATE \"grant\" SET owners = 'x'", "cannot be read"),
        ("UPDATE \"grant\" SET start = 'x'", "cannot be read"),
        ("UPDATE \"grant\" SET id = 'gr_other'", "is not in the log"),
        ('DELETE FROM "grant"', "is gone"),
        ("DELETE FROM answer", "the answer of `arjun.mehta` about `req_"),
        ("UPDATE answer SET person = 'samuel.adeyemi'", "`samuel.adeyemi` about `req_"),
        ("UPDATE answer SET consent = 0", "is not in the log"),
        ("UPDATE answer SET at = 'x'", "an answer about `req_"),
        (FORGED, "is not in the log"),
        ("UPDATE text SET body = 'Read it, 2h'", "the words of `req_"),
        ("UPDATE text SET body = 7", "the words of `req_"),
        ("UPDATE text SET salt = NULL", "the words of `req_"),
        ("DELETE FROM text", "words said about `req_"),
        ("UPDATE text SET request = 'req_other'", "words said about `req_"),
        ("UPDATE request SET speaker = 'linh.tran'", "is not what the log saw received"),
        ("UPDATE request SET at = 'x'", "cannot be read"),
        ("UPDATE request SET id = 'req_other'", "`req_other` is not in the log"),
        ("DELETE FROM request", "is gone"),
    ],
)
def test_a_difference_is_named_when_a_row_was_edited(
    company: Company, statement: str, said: str
) -> None:
    """And the log is whole all the while: nothing else would tell."""
    given(company)
    edit(company, statement)

    found = unbacked(company.home)

    assert any(said in sentence for sentence in found), found
    with stored_log(company.home) as stored:
        assert verify(stored, Outside()).ok


def test_a_difference_is_named_when_the_edited_grant_was_logged_since(company: Company) -> None:
    """The sweeper went by the earlier end, and wrote so: the entries before tell."""
    given(company)
    edit(company, 'UPDATE "grant" SET "end" = "end" - 3600000000')
    company.pass_time(timedelta(hours=24))
    company.sweep()
    assert company.grants(Status.EXPIRED)

    (found,) = unbacked(company.home)

    assert "is not what entry" in found


@pytest.mark.parametrize("cause", ["expired", "given_back", "revoked"])
@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE "grant" SET status = \'active\', "end" = "end" * 2',
        "UPDATE \"grant\" SET status = 'active', ended = NULL, cause = '', attempts = 0",
        'UPDATE "grant" SET "end" = "end" * 2',
    ],
)
def test_a_difference_is_named_when_an_ended_grant_was_brought_back(
    company: Company, statement: str, cause: str
) -> None:
    """S42: its last entry says that it is over, and no edit of the row takes that away."""
    grant = given(company).grants[0]
    if cause == "expired":
        company.pass_time(timedelta(hours=3))
        company.sweep()
    else:
        actor = IdentityId(SRE) if cause == "given_back" else grant.owners[0]
        company.app.guard.end(grant.id, actor=actor, cause=cause)
    edit(company, statement)

    found, *besides = unbacked(company.home)

    assert f"the grant `{grant.id}` is not what entry" in found
    assert all(f"the row `{grant.id}` of `grant` is not as it was kept" in each for each in besides)


def test_nothing_differs_when_words_were_erased_or_said_since(company: Company) -> None:
    """S44: an erasure takes salt and words together, and leaves the store what the log says."""
    asked = company.ask(SRE, REDRIVE)
    company.app.runner.decide(
        asked.request.id, IdentityId(MANAGER), consent=False, reason="not now"
    )
    assert unbacked(company.home) == ()
    with company.app.records.begin() as tx:
        assert isinstance(tx.requests, SqlRequests)
        tx.requests.erase(asked.request.id)

    assert unbacked(company.home) == ()


def test_an_edit_that_was_logged_since_is_missed_when_only_the_last_entry_is_looked_at(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the lines: the sweeper believes the row, and only its own entry is read."""
    monkeypatch.setattr(grants, "read", lambda row, *_: row and Reading(row))
    given(company)
    edit(company, "UPDATE \"grant\" SET targets = '[]'")
    company.pass_time(timedelta(hours=24))
    company.sweep()
    assert len(unbacked(company.home)) == 1

    def of_the_last(grant: Grant, entries: list[Entry]) -> object:
        return unlike(grant, entries[-1:])

    monkeypatch.setattr(comparison, "unlike", of_the_last)

    assert unbacked(company.home) == ()
    assert company.holds(SRE, "ap-queue-operator", "aws-prod")


def test_an_entry_without_its_row_hides_nothing_when_an_entry_is_no_event(
    company: Company,
) -> None:
    given(company)
    edit(company, "UPDATE entry SET leaf = '5' WHERE idx = 3")
    edit(company, "DELETE FROM answer")

    assert any("is gone" in sentence for sentence in unbacked(company.home))


def test_a_late_entry_of_giving_is_no_difference_when_it_was_ended_meanwhile(
    company: Company,
) -> None:
    """Two at once: one ends the grant while the other still writes that it was applied."""
    view = given(company)
    applied = next(event for _, event in view.entries if event.kind == "grant.applied")
    company.app.guard.end(view.grants[0].id, actor=IdentityId(SRE), cause="given_back")
    with company.app.records.begin() as tx:
        tx.log.append(applied)

    assert unbacked(company.home) == ()


def test_a_log_that_says_otherwise_is_a_difference_when_an_ended_grant_lives_on(
    company: Company,
) -> None:
    """The row is as it was; the entry of its end cannot be brought to agree with it."""
    view = given(company)
    with company.app.records.begin() as tx:
        grant = tx.grants.get(GrantId(view.grants[0].id))
        assert grant is not None
        over = replace(grant, status=Status.EXPIRED)
        entry = replace(
            view.entries[-1][1], kind="grant.ended", digests={"grant": grant_digest(over)}
        )
        number = tx.log.append(replace(entry, reason=grant.id))

    assert unbacked(company.home) == (f"the grant `{grant.id}` is not what entry {number} says",)


def test_it_is_said_when_there_is_no_store_or_no_log(tmp_path: Path, company: Company) -> None:
    with pytest.raises(ConfigurationError, match="there is no store"):
        unbacked(tmp_path)
    with closing(sqlite3.connect(company.home / "govagents.db")) as connection:
        connection.execute("DROP TABLE entry")

    with pytest.raises(IntegrityError, match="no such table"):
        unbacked(company.home)


BORNE = {
    "store": "store.created", "setting": "store.created", "item": "world.imported",
    "snapshot": "world.imported", "request": "request.received", "text": "request.received",
    "finding": "step.triage", "answer": "answer.approved", "grant": "grant.intended",
}  # fmt: skip


def test_a_table_is_named_with_the_first_entry_that_has_no_row_when_it_was_lost(
    company: Company,
) -> None:
    """S42: dropped or emptied, with the others compared all the same; unborne ones by name."""
    entries = given(company).entries
    with company.app.records.begin() as tx:
        entries = (*tx.log.of("world"), *entries)
    numbers = {event.kind: number for number, event in reversed(entries)} | {"store.created": 0}
    company.restarted()
    for table in TABLES.tables.keys() - {"entry", "node", "checkpoint"}:
        says = f": entry {numbers[BORNE[table]]} says what lay there" if table in BORNE else ""
        for verb, how in (("DELETE FROM", "empty"), ("DROP TABLE", "gone")):
            with closing(sqlite3.connect(company.home / "govagents.db")) as connection:
                connection.execute("BEGIN")  # never committed
                connection.execute(f'{verb} "{table}"')
                named = comparison.differences(connection)
            expected = f"the table `{table}` is {how}{says}"
            assert (expected in named) is (how == "gone" or table in BORNE), (table, named)


def test_a_table_is_lost_unnoticed_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: nothing else looks for findings."""
    given(company)
    edit(company, "DROP TABLE finding")
    assert unbacked(company.home)
    monkeypatch.setattr(Tables, "gone", lambda *_: {"finding": ""})

    assert set(unbacked(company.home)) == {""}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM finding WHERE key = 'proposal'", "the `proposal` found about `req_"),
        ("UPDATE finding SET body = x'7b7d' WHERE key = 'decision'", "the `decision` found about"),
        ("DELETE FROM finding WHERE n > 3", "more of that table"),
        ("DELETE FROM item WHERE id = 'samuel.adeyemi'", "the company's records are not those"),
        ("UPDATE snapshot SET body = x'7b7d'", "the catalog that was imported is gone or was"),
    ],
)
def test_what_lies_nowhere_else_is_named_with_its_entry_when_it_was_edited(
    company: Company, change: str, said: str
) -> None:
    """S42: what decisions and cases rest on; until now it was found when somebody used it."""
    given(company)
    edit(company, change)

    (named,) = [each for each in unbacked(company.home) if said in each]

    assert named.startswith("entry ")


def test_both_commands_name_a_difference_when_a_grant_was_made_longer(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    given(company)
    company.restarted()
    terminal = Terminal(company.home, capsys)
    assert terminal.type("audit", "verify").code == 0
    edit(company, 'UPDATE "grant" SET "end" = 4070908800000000')

    verified, data = terminal.type("audit", "verify"), terminal.data("audit", "verify")
    looked = terminal.type("doctor")

    assert (verified.code, looked.code) == (1, 1)
    assert "the log is whole, and the store is not what it says" in verified.words
    assert (data["ok"], data["first_bad"]) == (False, None)
    assert len(data["unbacked"]) == 1
    assert data["unbacked"][0] in verified.words
    assert data["unbacked"][0] in looked.words


def test_the_log_is_verified_all_the_same_when_a_table_is_gone(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(company.home / "govagents.db")) as connection:
        connection.execute("DROP TABLE answer")

    data = Terminal(company.home, capsys).data("audit", "verify")

    assert (data["ok"], data["first_bad"], data["checkpoints"]) == (False, None, 2)
    assert data["unbacked"] == ["the table `answer` is gone"]
