"""Lines by which access ends whatever else is broken, each taken away: access lasts (S38 S39)."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from govagents import wiring
from govagents.action.expiry import Expiry
from govagents.adapters.connectors import fingerprint, load_connectors
from govagents.adapters.sql import records
from govagents.adapters.sql.sqlite_file import DATABASE
from govagents.adapters.sql.transaction import SqlTransaction
from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.entrypoints.cli import grant_text
from govagents.policy.answering import accountable
from govagents.testing.company import Company
from tests.journey.breaking import AFTER, BREAKS, HOLDER, ROLE, SYSTEM
from tests.journey.terminal import Terminal


@pytest.fixture
def terminal(holding: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Of a store in which somebody holds a role until eleven."""
    return Terminal(holding.home, capsys)


def lasts(company: Company, terminal: Terminal) -> bool:
    """Whether the role is still held after a sweep that comes too late for it."""
    terminal.type("sweep", "--once", "--now", AFTER)
    sim = load_connectors({"sim": fingerprint("sim")}).classes["sim"].at("sim.db", company.home)
    return IdentityId(HOLDER) in sim.holders(SystemId(SYSTEM), RoleId(ROLE))


def test_access_lasts_when_all_of_the_store_is_opened_to_end_it(
    holding: Company, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/wiring/__init__.py"""
    BREAKS["policies gone"](holding.home)
    (holding.home / "weights.toml").write_text("no weights")
    monkeypatch.setattr(wiring, "open_ending", wiring.open_app)

    assert lasts(holding, terminal)

    monkeypatch.undo()
    assert not lasts(holding, terminal)


def test_access_lasts_when_a_store_without_its_key_is_refused(
    holding: Company, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/sql/records.py"""
    (holding.home / "log.key").unlink()
    shipped = records._signing
    monkeypatch.setattr(
        records,
        "_signing",
        lambda folder, engine, row, *, unsigned: shipped(folder, engine, row, unsigned=False),
    )

    assert lasts(holding, terminal)

    monkeypatch.undo()
    assert not lasts(holding, terminal)


def test_access_lasts_when_a_table_that_the_log_replaces_is_not_made_anew(
    holding: Company, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/sql/mending.py"""
    with closing(sqlite3.connect(holding.home / DATABASE)) as connection:
        connection.execute("DROP TABLE going")
    monkeypatch.setattr(records, "mend", lambda _: ())

    assert lasts(holding, terminal)

    monkeypatch.undo()
    assert not lasts(holding, terminal)


def test_access_lasts_when_who_answers_must_be_known(
    holding: Company, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/sql/transaction.py (taking back never waits)"""
    BREAKS["company edited"](holding.home)

    def looked_up(tx: SqlTransaction, principal: str) -> str:
        return accountable(tx.world(), IdentityId(principal)) or "none"

    monkeypatch.setattr(SqlTransaction, "_answers_for", looked_up)

    assert lasts(holding, terminal)

    monkeypatch.undo()
    assert not lasts(holding, terminal)


def test_access_lasts_when_ending_looks_at_the_company(
    holding: Company, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/action/expiry.py (taking back never waits)

    Taken away by what the rule forbids: whether the company knows of it is asked first.
    """
    BREAKS["company edited"](holding.home)
    shipped = Expiry._begin

    def looking(expiry: Expiry, *given: Any, **named: Any) -> object:  # noqa: ANN401  # passed on
        with expiry.records.begin() as tx:
            tx.catalog()
            tx.world()
        return shipped(expiry, *given, **named)

    monkeypatch.setattr(Expiry, "_begin", looking)

    assert lasts(holding, terminal)

    monkeypatch.undo()
    assert not lasts(holding, terminal)


def test_nobody_sees_that_it_ended_when_names_are_looked_up_to_say_so(
    holding: Company, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/entrypoints/cli/grant_text.py"""
    BREAKS["company edited"](holding.home)
    shipped = grant_text.grant_facts

    def by_name(grant: Grant, expiry: Expiry, *, by: IdentityId | None) -> object:
        with expiry.records.begin() as tx:
            who = tx.world().identities[grant.beneficiary].name
        return shipped(grant, expiry, by=by, who=who)

    monkeypatch.setattr(grant_text, "grant_facts", by_name)
    gone = terminal.type("grant", "give-back", "--last", "--as", HOLDER)
    assert (gone.out, gone.code == 0) == ("", False)

    monkeypatch.undo()
    assert "given back" in terminal.type("grant", "show", "--last").words
