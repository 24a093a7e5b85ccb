"""Somebody goes by an approval of something else, or of another time.

Holds: an approval that was rightly given, and time, or write access to the database or the
company's files. Wants: more than was agreed to, or the same once more, or to somebody who may no
longer have it. Does: lets the proposal, the catalog or the facts change between the yes and its
effect; replays a yes that was used up.

A yes binds the exact proposal and catalog of one request, and everything is decided again when it
is given. After a day nobody's yes begins anything: `test_taken_away_meanwhile.py`, D20.

Open: nobody looks whether an approver still means it, within a day.
"""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from govagents.action.guard import GuardedTargets
from govagents.domain.canonical import digest
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.testing.company import Company
from govagents.wiring import import_world
from tests.attack.test_one_door import Yes

SRE, MANAGER = "samuel.adeyemi", "arjun.mehta"
LATER = "Redrive the tracking dlq today 12:00-14:00"
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"
Change = Callable[[Company, Path], None]


@pytest.fixture
def approved(company: Company) -> View:
    """The manager agreed at nine to what begins at noon."""
    asked = company.approve(company.ask(SRE, LATER), MANAGER)
    assert asked.status is Status.APPROVED
    assert not company.grants()
    return asked


def lines(company: Company, file: str, name: str, **changes: object) -> str:
    records = company.lines_of(file)
    return "".join(
        json.dumps({**each, **changes} if each["id"] == name else each) + "\n" for each in records
    )


def imported(file: str, name: str, **changes: object) -> Change:
    """A company in which one record differs."""

    def change(company: Company, folder: Path) -> None:
        files = company.with_files({file: lines(company, file, name, **changes)}, folder)
        import_world(company.app, files, apply=True)

    return change


def proposal_edited(company: Company, folder: Path) -> None:
    del folder
    company.restarted()
    with closing(sqlite3.connect(company.home / "govagents.db")) as connection, connection:
        connection.execute(
            "UPDATE finding SET body = CAST(replace(CAST(body AS TEXT), ?, ?) AS BLOB) "
            "WHERE key = 'proposal'",
            (ROLE, "ap-log-reader"),
        )


CATALOG = imported(
    "roles.jsonl", ROLE, permissions=["aws-prod:queues:redrive", "aws-prod:queues:read"]
)
CHANGES: dict[str, Change] = {
    "the proposal": proposal_edited,
    "the catalog": CATALOG,
    "their approver": imported("identities.jsonl", MANAGER, status="leaver"),
    "their employment": imported("identities.jsonl", SRE, status="on_leave"),
}


def noon(company: Company) -> None:
    company.pass_time(timedelta(hours=3, minutes=5))
    company.sweep()


def test_an_approval_is_worth_something_while_nothing_changed(
    company: Company, approved: View
) -> None:
    """The control: what is refused below would be given."""
    noon(company)

    assert company.view(approved.request.id).status is Status.ACTIVE


@pytest.mark.parametrize("what", CHANGES)
def test_an_approval_from_before_a_change_is_refused(
    company: Company, approved: View, what: str, tmp_path: Path
) -> None:
    """S65: agreed to at nine, changed at ten, nothing at noon."""
    CHANGES[what](company, tmp_path / "world")

    noon(company)

    assert company.view(approved.request.id).status is not Status.ACTIVE
    assert not company.grants()
    assert not company.holds(SRE, ROLE, SYSTEM)


@pytest.mark.parametrize("what", ["their approver", "their employment"])
def test_an_approval_from_before_a_change_of_facts_is_used_without_the_shipped_line(
    company: Company,
    approved: View,
    what: str,
    tmp_path: Path,
) -> None:
    """The harm: what was decided at nine is what counts at noon.

    removes: govagents/action/guard.py
    """
    CHANGES[what](company, tmp_path / "world")
    company.pass_time(timedelta(hours=3, minutes=5))
    guard = company.app.guard
    believing = replace(guard, policy=Yes(guard.policy), sweeper_alive=lambda: True)

    believing.grant(approved.request.id)

    assert company.holds(SRE, ROLE, SYSTEM)


def test_an_approval_from_before_a_change_of_the_catalog_is_used_without_the_shipped_lines(
    company: Company, approved: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: a role that grew since is given on the yes to the smaller one."""
    CATALOG(company, tmp_path / "world")
    company.pass_time(timedelta(hours=3, minutes=5))
    monkeypatch.setattr(GuardedTargets, "_unproved", lambda *_: None)
    guard = company.app.guard
    believing = replace(guard, policy=Yes(guard.policy), sweeper_alive=lambda: True)

    believing.grant(approved.request.id)

    assert company.holds(SRE, ROLE, SYSTEM)


def replayed(company: Company, used: View, waiting: View) -> None:
    """The manager's yes to the first, copied to the second in rows and log as it was."""
    yes = used.answers[0]
    again = replace(yes, request=waiting.request.id)
    entry = next(event for _, event in used.entries if event.kind == "answer.approved")
    told = replace(entry, about=waiting.request.id, digests={"answer": digest(again)})
    with company.app.records.begin() as tx:
        tx.answers.add(again)
        tx.log.append(told)


def test_an_approval_that_was_used_up_is_refused_when_replayed(company: Company) -> None:
    """S64 S65: the same words, the same role, the same yes, one request later."""
    text = "Redrive the tracking dlq, 2h"
    used = company.approve(company.ask(SRE, text), MANAGER)
    assert used.status is Status.ACTIVE
    company.app.guard.end(used.grants[0].id, actor=IdentityId(SRE), cause="given_back")
    company.pass_time(timedelta(minutes=30))
    waiting = company.ask(SRE, text)
    replayed(company, used, waiting)

    effect = company.app.guard.grant(waiting.request.id)

    assert effect.grants == ()
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_an_approval_that_was_used_up_by_its_own_request_is_refused(company: Company) -> None:
    """S64: nothing is given twice on one yes."""
    used = company.approve(company.ask(SRE, "Redrive the tracking dlq, 2h"), MANAGER)
    company.app.guard.end(used.grants[0].id, actor=IdentityId(SRE), cause="given_back")

    company.app.guard.grant(used.request.id)

    assert not company.holds(SRE, ROLE, SYSTEM)
