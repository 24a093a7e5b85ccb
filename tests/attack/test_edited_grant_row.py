"""The attacker can write the store's database, and neither its log nor its key (S38 S39 S42).

He wants access to last: he pushes a grant's end out, marks it as ended so that nobody looks, takes
its row away, gives it to somebody else in the books, or keeps the role on the target by what else
its row says. Or he wants access: he writes a grant of his own, or brings an ended one back. Taking
back goes on through all of it; what was done is named.

Open: who rewrites entry, hash and leaf is found by `audit verify` and not before.
"""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from govagents.adapters.sql import grants, lives
from govagents.adapters.sql.grants import SqlGrants
from govagents.audit.life import Reading
from govagents.domain.grant import Grant
from govagents.domain.ids import GrantId, IdentityId, RoleId, SystemId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.ports import Order
from govagents.testing.company import Company
from govagents.wiring import unbacked
from tests.journey.terminal import Terminal
from tests.unit.adapters.stores import tamper

SRE, REDRIVE, MANAGER = "samuel.adeyemi", "Redrive the tracking dlq, 2h", "arjun.mehta"
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"
LATER = 'UPDATE "grant" SET "end" = 4070908800000000'
HIDDEN = "UPDATE \"grant\" SET status = 'revoked', live = 0"
LASTING = {
    "end pushed out": LATER,
    "marked revoked": HIDDEN,
    "marked expired": "UPDATE \"grant\" SET status = 'expired', live = 0, ended = 0",
    "marked as no status": "UPDATE \"grant\" SET status = 'gone', live = 0",
    "marked denied": "UPDATE \"grant\" SET status = 'denied', live = 0",
    "row gone": 'DELETE FROM "grant"',
    "row renamed": "UPDATE \"grant\" SET id = 'gr_other'",
    "somebody else's": "UPDATE \"grant\" SET beneficiary = 'linh.tran'",
    "another role": "UPDATE \"grant\" SET role = 'ap-log-reader'",
    "another request's": "UPDATE \"grant\" SET request = 'req_other'",
    "no target": "UPDATE \"grant\" SET targets = '[]'",
    "another target": 'UPDATE "grant" SET targets = \'["aws-data"]\'',
    "held before": 'UPDATE "grant" SET held_before = \'["aws-prod"]\'',
    "targets unreadable": "UPDATE \"grant\" SET targets = 'x'",
    "end unreadable": 'UPDATE "grant" SET "end" = \'x\'',
    "attempts unreadable": "UPDATE \"grant\" SET attempts = 'x', failure = '[]'",
}


@pytest.fixture
def company(holding: Company) -> Company:
    """He comes when it was given."""
    return holding


def given(company: Company) -> View:
    """How it was."""
    assert company.holds(SRE, ROLE, SYSTEM)
    return company.newest()


def given_again(company: Company) -> View:
    view = company.approve(company.ask(SRE, REDRIVE), MANAGER)
    assert company.holds(SRE, ROLE, SYSTEM)
    return view


def edit(company: Company, *statements: str) -> None:
    for statement in statements:
        tamper(company.app.records, statement)
    company.restarted()


def believe_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line that holds a row against the log, taken away, and the look for what rows hide."""
    monkeypatch.setattr(grants, "read", lambda row, *_: row and Reading(row))
    monkeypatch.setattr(lives.Lives, "live", lambda _: {})
    monkeypatch.setattr(lives.Lives, "of_request", lambda *_: {})


@pytest.mark.parametrize("statement", LASTING.values(), ids=LASTING.keys())
def test_an_edit_to_make_access_last_is_contained(company: Company, statement: str) -> None:
    """It ends when the log says, is read back, and the sweep says what was edited."""
    grant = given(company).grants[0]
    edit(company, statement)
    company.pass_time(timedelta(hours=2, minutes=1))

    report = company.app.sweeper.sweep()

    assert grant.id in report.expired + report.retried
    assert not company.holds(SRE, ROLE, SYSTEM)
    assert any("is not what the log says" in problem for problem in report.problems)
    entries = [event for _, event in company.view(grant.request).entries]
    kinds = [event.kind for event in entries if event.reason.startswith(grant.id)]
    assert kinds.count("grant.ended") == kinds.count("guard.doubted") == 1


@pytest.mark.parametrize("name", ["end pushed out", "marked revoked", "row gone", "no target"])
def test_an_edit_to_make_access_last_is_done_without_the_check(
    name: str, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the lines.

    removes: govagents/adapters/sql/grants.py (access ends)
    removes: govagents/audit/life.py
    """
    given(company)
    believe_rows(monkeypatch)
    edit(company, LASTING[name])
    company.pass_time(timedelta(hours=24))

    company.sweep()

    assert company.holds(SRE, ROLE, SYSTEM)


@pytest.mark.parametrize("statement", LASTING.values(), ids=LASTING.keys())
def test_an_edit_that_took_the_copy_too_is_contained(company: Company, statement: str) -> None:
    """What was kept when it was given is gone: the entries say who, what, where and until when."""
    given(company)
    edit(company, statement, "DELETE FROM finding WHERE key LIKE 'grant %'")
    company.pass_time(timedelta(hours=2, minutes=1))

    company.sweep()

    assert not company.holds(SRE, ROLE, SYSTEM)
    assert not company.grants(Status.ACTIVE)


def test_an_edited_copy_is_refused(company: Company) -> None:
    """The copy counts only under the digest that was logged."""
    given(company)
    edit(
        company,
        LATER,
        "UPDATE finding SET body = replace(CAST(body AS TEXT), '2026', '2027') "
        "WHERE key LIKE 'grant %'",
    )
    company.pass_time(timedelta(hours=2, minutes=1))

    company.sweep()

    assert not company.holds(SRE, ROLE, SYSTEM)


@pytest.mark.parametrize("statement", [LATER, HIDDEN, 'DELETE FROM "grant"'])
def test_an_edit_before_the_end_is_contained(company: Company, statement: str) -> None:
    """Meanwhile nothing changes: it is held until the log's end, and is shown so."""
    grant = given(company).grants[0]
    edit(company, statement)
    company.pass_time(timedelta(hours=1))

    company.sweep()

    assert company.grants(Status.ACTIVE) == (grant_as_given(company, grant),)
    assert company.holds(SRE, ROLE, SYSTEM)


def grant_as_given(company: Company, grant: Grant) -> Grant:
    with company.app.records.begin() as tx:
        found = tx.grants.get(grant.id)
    assert found is not None
    assert (found.window, found.beneficiary, found.role) == (
        grant.window,
        grant.beneficiary,
        grant.role,
    )
    return found


@pytest.mark.parametrize("way", ["give-back", "revoke"])
@pytest.mark.parametrize(
    "statement", [*LASTING.values(), "UPDATE \"grant\" SET owners = '[]', accountable = '[]'"]
)
def test_an_edit_to_stop_people_from_ending_it_is_contained(
    way: str, statement: str, company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S44: the holder and the owner end it, whatever its row says."""
    grant = given(company).grants[0]
    edit(company, statement)
    person = SRE if way == "give-back" else MANAGER

    ended = Terminal(company.home, capsys).type("grant", way, grant.id, "--as", person)

    assert ended.code == 0, ended
    assert "read back not held" in ended.words
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_an_ended_grant_brought_back_is_refused(company: Company) -> None:
    """It is no reference, is shown as held by nobody, and a repeat gives nothing."""
    view = given(company)
    company.app.guard.end(view.grants[0].id, actor=IdentityId(SRE), cause="given_back")
    edit(company, f"{LATER}, status = 'active', live = 1, ended = NULL, cause = ''")

    company.sweep()
    effect = company.app.guard.grant(view.request.id)

    assert not company.grants(Status.ACTIVE)
    assert not company.holds(SRE, ROLE, SYSTEM)
    assert effect.reasons == ("already given",)
    found = unbacked(company.home)
    assert found
    assert all(f"`{view.grants[0].id}`" in each for each in found)


def test_an_ended_grant_brought_back_is_no_reference_that_keeps_another(company: Company) -> None:
    first = given(company).grants[0]
    company.app.guard.end(first.id, actor=IdentityId(SRE), cause="given_back")
    second = given_again(company).grants[0]
    edit(company, f"{LATER}, status = 'active', live = 1, ended = NULL WHERE id = '{first.id}'")

    company.app.guard.end(second.id, actor=IdentityId(SRE), cause="given_back")

    assert not company.holds(SRE, ROLE, SYSTEM)


def test_an_ended_grant_brought_back_keeps_another_without_the_check(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the lines."""
    first = given(company).grants[0]
    company.app.guard.end(first.id, actor=IdentityId(SRE), cause="given_back")
    second = given_again(company).grants[0]
    edit(company, f"{LATER}, status = 'active', live = 1, ended = NULL WHERE id = '{first.id}'")
    believe_rows(monkeypatch)

    company.app.guard.end(second.id, actor=IdentityId(SRE), cause="given_back")

    assert company.holds(SRE, ROLE, SYSTEM)


COPIED = (
    "INSERT INTO \"grant\" SELECT 'gr_forged0', 99, 'req_forged', 'linh.tran', role, targets, "
    "start, 4070908800000000, floating, 'active', 1, decision, owners, accountable, '[]', "
    "NULL, '', 0, 0, 'null' FROM \"grant\""
)


def test_a_grant_that_was_never_given_is_refused(company: Company) -> None:
    """It gives nothing, is no reference and does not last; whoever wrote it is found out."""
    given(company)
    edit(company, COPIED)
    with company.app.records.begin() as tx:
        forged = tx.grants.get(GrantId("gr_forged0"))
        assert forged is not None
        assert forged.status is Status.REVOKING

    report = company.app.sweeper.sweep()

    assert not company.holds("linh.tran", ROLE, SYSTEM)
    assert report.retried == ["gr_forged0"]
    assert "the log knows no such grant" in report.problems[0]
    assert company.holds(SRE, ROLE, SYSTEM)


def test_a_live_grant_whose_entries_were_changed_is_contained(company: Company) -> None:
    """Nothing bears it out any more, so it does not wait for its end."""
    given(company)
    edit(
        company,
        "UPDATE entry "
        "SET leaf = CAST(replace(CAST(leaf AS TEXT), '\"ttl\":7', '\"ttl\":9') AS BLOB) "
        'WHERE instr(leaf, \'"kind":"grant.\')',
        LATER,
    )

    company.sweep()

    assert not company.holds(SRE, ROLE, SYSTEM)


def test_an_entry_of_an_end_that_was_made_up_is_refused(company: Company) -> None:
    """Made from another entry of the grant; its leaf in the tree is another one."""
    given(company)
    edit(
        company,
        HIDDEN,
        "UPDATE entry SET leaf = CAST(replace(CAST(leaf AS TEXT), 'grant.applied', 'grant.ended') "
        "AS BLOB)",
    )
    company.pass_time(timedelta(hours=2, minutes=1))

    company.sweep()

    assert not company.holds(SRE, ROLE, SYSTEM)


@pytest.mark.parametrize(
    ("statement", "sooner"),
    [
        ('UPDATE "grant" SET "end" = "end" - 3600000000', timedelta(minutes=61)),
        ("UPDATE \"grant\" SET status = 'revoke_failed'", timedelta(minutes=1)),
        ("UPDATE \"grant\" SET status = 'expiring', cause = 'expired'", timedelta(minutes=1)),
    ],
)
def test_an_edit_that_ends_sooner_is_followed_and_detected(
    company: Company, statement: str, sooner: timedelta
) -> None:
    """Of two readings the lesser access wins."""
    given(company)
    edit(company, statement)
    company.pass_time(sooner)

    report = company.app.sweeper.sweep()

    assert not company.holds(SRE, ROLE, SYSTEM)
    assert report.problems


def test_what_was_held_before_is_kept_when_its_note_was_edited_away(
    made: Company, tmp_path: Path
) -> None:
    """The copy says so: nobody's standing access is taken away by an edit of a row."""
    company = made.copied(tmp_path / "before")
    target = company.app.guard.targets.of(SystemId(SYSTEM))
    target.grant(Order(SystemId(SYSTEM), RoleId(ROLE), IdentityId(SRE), "from before"))
    given_again(company)
    edit(company, "UPDATE \"grant\" SET held_before = '[]'")
    company.pass_time(timedelta(hours=3))

    company.sweep()

    assert company.grants(Status.EXPIRED)
    assert company.holds(SRE, ROLE, SYSTEM)


@pytest.mark.parametrize("statement", [HIDDEN, 'DELETE FROM "grant"', LATER])
def test_an_edited_row_is_detected_by_every_command_that_shows_access(
    statement: str, company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S42: what is still held is shown, with the end that the log says, and the edit beside it."""
    grant = given(company).grants[0]
    edit(company, statement)
    terminal = Terminal(company.home, capsys)

    for words in (("access", SRE), ("who-has", ROLE), ("grant", "list")):
        said = terminal.type(*words)
        assert grant.id in said.words
        assert "is not what the log says" in said.words
        assert "2026-11-23 09:00 to 11:00" in said.words or "11:00" in said.words
    shown, looked = terminal.type("grant", "show", grant.id), terminal.type("doctor")
    assert "its row is not what the log says" in shown.err
    assert terminal.data("grant", "show", grant.id)["differs"]
    assert looked.code == 1


def test_a_second_giving_is_refused_when_the_rows_of_the_first_were_taken_away(
    company: Company,
) -> None:
    """S64: the log knows that it was given."""
    view = given(company)
    company.app.guard.end(view.grants[0].id, actor=IdentityId(SRE), cause="given_back")
    edit(company, 'DELETE FROM "grant"', "UPDATE request SET status = 'approved'")

    company.sweep()

    assert not company.holds(SRE, ROLE, SYSTEM)


def test_reading_is_the_rows_own_when_nothing_was_edited(company: Company) -> None:
    """No false alarm, at any stage."""
    grant = given(company).grants[0]
    with company.app.records.begin() as tx:
        assert tx.grants.doubted() == {}
        assert tx.grants.differs(grant.id) == ()
    company.pass_time(timedelta(hours=3))
    assert company.app.sweeper.sweep().problems == []
    with company.app.records.begin() as tx:
        assert isinstance(tx.grants, SqlGrants)
        assert tx.grants.doubted() == {}
        assert tx.grants.differs(grant.id) == ()
    with closing(sqlite3.connect(company.home / "govagents.db")) as connection:
        assert connection.execute('SELECT status FROM "grant"').fetchall() == [("expired",)]
