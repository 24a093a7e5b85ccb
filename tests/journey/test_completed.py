"""A task has an end of its own: access ends with it, whatever of its window is left (S39)."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from govagents.action import redecide
from govagents.action.expiry import Expiry
from govagents.domain.grant import Grant
from govagents.domain.ids import GrantId, IdentityId
from govagents.domain.request import Status
from govagents.errors import StateError
from govagents.ports import Transaction
from govagents.testing.company import Company
from govagents.wiring import import_world
from tests.journey.breaking import HOLDER, OWNER, ROLE, SYSTEM
from tests.journey.terminal import Terminal

TICKET = "CHG-2290"
STRANGER = "linh.tran"


def expiry_of(company: Company) -> tuple[Expiry, GrantId]:
    (grant,) = company.grants(Status.ACTIVE)
    return company.app.guard.expiry, grant.id


def closed(company: Company, folder: Path, *, state: str = "closed") -> None:
    """The ticket system says that the work is done."""
    lines = company.lines_of("tickets.jsonl")
    after = [{**line, **({"state": state} if line["id"] == TICKET else {})} for line in lines]
    text = "".join(json.dumps(line) + "\n" for line in after)
    import_world(company.app, company.with_files({"tickets.jsonl": text}, folder), apply=True)


@pytest.fixture
def working(company: Company) -> Company:
    """Something was given for the work on a ticket."""
    asked = company.ask(HOLDER, f"Redrive the tracking dlq for {TICKET}, 2h")
    assert company.approve(asked, OWNER).status is Status.ACTIVE
    company.sweep()
    return company


@pytest.mark.parametrize("person", [HOLDER, OWNER])
def test_a_grant_ends_when_its_holder_or_who_answers_says_it_is_done(
    person: str, holding: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S39: at once, with two hours left, and no policy is asked."""
    said = Terminal(holding.home, capsys).type("grant", "complete", "--last", "--as", person)

    assert said.code == 0, said
    assert "(completed)" in said.words
    assert "read back not held" in said.words
    (grant,) = holding.grants()
    assert (grant.status, grant.cause) == (Status.REVOKED, "completed")


def test_a_grant_is_not_ended_when_a_stranger_says_it_is_done(holding: Company) -> None:
    """S39: nor is it anybody's means to shut others out."""
    expiry, name = expiry_of(holding)

    with pytest.raises(StateError, match=f"not for `{STRANGER}` to end"):
        expiry.complete(name, actor=IdentityId(STRANGER))

    assert holding.holds(HOLDER, ROLE, SYSTEM)


def test_another_grant_keeps_the_role_when_one_task_is_done(holding: Company) -> None:
    """S39: references count; the other task goes on."""
    expiry, name = expiry_of(holding)
    holding.approve(holding.ask(HOLDER, "Redrive the tracking dlq, 3h"), OWNER)

    expiry.complete(name, actor=IdentityId(OWNER))

    assert len(holding.grants(Status.ACTIVE)) == 1
    assert holding.holds(HOLDER, ROLE, SYSTEM)


def test_a_grant_ends_when_the_ticket_it_rests_on_is_closed(
    working: Company, tmp_path: Path
) -> None:
    """S39: by the next sweep."""
    closed(working, tmp_path / "world")

    report = working.app.sweeper.sweep()

    (grant,) = working.grants()
    assert (grant.status, grant.cause) == (Status.REVOKED, "completed")
    assert report.completed == [grant.id]
    assert not working.holds(HOLDER, ROLE, SYSTEM)


def test_a_grant_goes_on_when_its_ticket_is_still_open(working: Company, tmp_path: Path) -> None:
    """S39."""
    closed(working, tmp_path / "world", state="in_progress")

    working.sweep()

    assert working.holds(HOLDER, ROLE, SYSTEM)


def test_access_outlives_its_ticket_without_the_shipped_line(
    working: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(redecide, "_open_work", lambda _world, _ticket: True)
    closed(working, tmp_path / "world")
    working.pass_time(timedelta(minutes=30))

    working.sweep()

    assert working.holds(HOLDER, ROLE, SYSTEM)


def completed_in_part(company: Company) -> None:
    """Of a task that was extended one grant ends, then the process dies."""
    (first,) = company.grants()
    company.approve(company.extend(first, timedelta(hours=1)), OWNER)
    shipped = Expiry._end

    def end(expiry: Expiry, grant: GrantId, *given: Any, absolute: bool) -> Status:  # noqa: ANN401  # passed on
        if grant != first.id:
            raise KeyboardInterrupt
        return shipped(expiry, grant, *given, absolute=absolute)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Expiry, "_end", end)
        with pytest.raises(KeyboardInterrupt):
            company.app.guard.expiry.complete(first.id, actor=IdentityId(HOLDER))
    company.restarted()
    company.sweep()


def test_all_of_a_task_ends_when_who_completed_it_died_after_the_first_grant(
    holding: Company,
) -> None:
    """S38 S39: the next sweep ends what is left, for the same cause."""
    completed_in_part(holding)

    assert [(each.status, each.cause) for each in holding.grants()] == [
        (Status.REVOKED, "completed")
    ] * 2
    assert not holding.holds(HOLDER, ROLE, SYSTEM)


def test_the_extension_of_a_task_that_is_over_goes_on_without_the_shipped_line(
    holding: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: it was done, and the role is held for another hour.

    removes: govagents/action/expiry.py (a task is over as a whole)
    """

    def known_to_the_process_alone(
        _: Expiry, tx: Transaction, grant: Grant, __: IdentityId
    ) -> tuple[GrantId, ...]:
        names = tx.grants.names(frozenset({Status.ACTIVE}), grant.beneficiary)
        return tuple(name for name in names if name != grant.id)

    monkeypatch.setattr(Expiry, "_order_task", known_to_the_process_alone)

    completed_in_part(holding)

    assert sorted(each.status for each in holding.grants()) == [Status.ACTIVE, Status.REVOKED]
    assert holding.holds(HOLDER, ROLE, SYSTEM)
