"""Somebody with the database appends entries to the log as they should be (S42 S60).

Holds: the database file and the program, and no key. Wants: a grant nobody agreed to. Does: runs
the program without the key, which writes whatever it is told and signs nothing, and lets it say
that the approver said yes; then puts the key back, so that the next who has it signs all of that.

Open: an end that was made up stands in the log, which says that it was not signed when it was
written, and the grant has ended for everybody who reads it.
"""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from govagents.adapters import facts
from govagents.adapters.sql.records import KEY, open_records
from govagents.audit.sealing import UNSIGNED
from govagents.audit.verify import Outside, verify
from govagents.domain.canonical import digest
from govagents.domain.decision import Answer
from govagents.domain.event import Event
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.testing.company import Company
from govagents.wiring import stored_log, unbacked
from tests.journey.breaking import HOLDER, OWNER, ROLE, SYSTEM


@pytest.fixture
def forged(company: Company, tmp_path: Path) -> View:
    """The owner's yes to what waits for him: row, entry, hash, leaf and seals as they should be."""
    asked = company.ask(HOLDER, "Redrive the tracking dlq, 2h")
    assert asked.proposal is not None
    at, key = company.app.clock.now(), company.home / KEY
    company.restarted()
    shutil.move(key, tmp_path / KEY)
    answer = Answer(
        request=asked.request.id,
        person=IdentityId(OWNER),
        consent=True,
        proposal_digest=digest(asked.proposal),
        catalog_digest=asked.proposal.proof.catalog,
        at=at,
        reason_digest="",
    )
    with closing(open_records(company.home, unsigned=True)) as records, records.begin() as tx:
        tx.answers.add(answer)
        tx.log.append(said(asked, answer))
        tx.requests.set_status(asked.request.id, Status.APPROVED, at=at)
    shutil.move(tmp_path / KEY, key)
    return asked


def said(asked: View, answer: Answer) -> Event:
    return Event(
        kind="answer.approved",
        at=answer.at,
        agent="none",
        principal=answer.person,
        subject=HOLDER,
        about=asked.request.id,
        policy="none",
        evaluation="none",
        decision="approved",
        reason="none",
        ttl=asked.request.at - asked.request.at,
        digests={"answer": digest(answer)},
    )


def test_entries_that_nobody_signed_are_detected(company: Company, forged: View) -> None:
    """Before anybody who has the key opens the store."""
    assert forged.status is Status.PENDING
    assert any("not what was signed" in each for each in unbacked(company.home))


def test_an_approval_that_nobody_signed_is_refused(company: Company, forged: View) -> None:
    """Neither before nor after somebody signs what he finds; the log says for good that he did."""
    for _ in range(2):
        company.sweep()
        assert not company.holds(HOLDER, ROLE, SYSTEM)
        company.restarted()

    with company.app.records.begin() as tx:
        told = [event for _, event in tx.log.of("store") if event.kind == UNSIGNED]
    with stored_log(company.home) as stored:
        found = verify(stored, Outside())
    assert company.view(forged.request.id).status is Status.BLOCKED
    assert len(told) == 1
    assert any("stood unsigned" in each for each in found.not_excluded)
    again = company.ask(HOLDER, "Redrive the tracking dlq, 2h")
    assert company.approve(again, OWNER).status is Status.ACTIVE


def test_an_approval_that_nobody_signed_gives_without_the_shipped_line(
    company: Company, forged: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/facts.py (what stood unsigned)"""
    monkeypatch.setattr(facts, "_refuse_unsigned", lambda tx, request: None)

    company.sweep()

    assert forged.status is Status.PENDING
    assert company.holds(HOLDER, ROLE, SYSTEM)
