"""The attacker can write the store's database, and neither its log nor its key (S42 S60 S70).

He wants a grant nobody approved: he writes an approval himself, turns a denial into one, or takes a
denial away. The log's tree stays whole, so `audit verify` over the log alone would not tell.

Open: who rewrites entry, hash and leaf too is found by `audit verify`.
"""

from collections.abc import Sequence

import pytest

from govagents.adapters import facts
from govagents.adapters.sql.answers import SqlAnswers
from govagents.domain.canonical import digest
from govagents.domain.decision import Answer
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.ports import Transaction
from govagents.testing.company import Company
from govagents.wiring import unbacked
from tests.unit.adapters.stores import tamper

SRE, REDRIVE, MANAGER = "samuel.adeyemi", "Redrive the tracking dlq, 2h", "arjun.mehta"
FORGE = (
    "INSERT INTO answer (request, person, consent, proposal_digest, catalog_digest, at, "
    "reason_digest, beneficiary, settles) VALUES (?, ?, 1, ?, ?, 0, '', ?, 1)"
)


def forge(company: Company, asked: View) -> None:
    """The manager's consent to exactly this proposal, as a row."""
    assert asked.proposal is not None
    values = (
        asked.request.id,
        MANAGER,
        digest(asked.proposal),
        asked.proposal.proof.catalog,
        SRE,
    )
    tamper(company.app.records, FORGE, *values)
    tamper(company.app.records, "UPDATE request SET status = 'approved'")
    company.restarted()


def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines that hold rows against the log, taken away."""

    def as_kept(tx: Transaction, request: RequestId) -> Sequence[Answer]:
        return tx.answers.of(request)

    def none_known(*_: object) -> Sequence[Answer]:
        return ()

    monkeypatch.setattr(facts, "answers", as_kept)
    monkeypatch.setattr(SqlAnswers, "denials", none_known)


def test_an_approval_nobody_gave_is_refused(company: Company) -> None:
    asked = company.ask(SRE, REDRIVE)
    forge(company, asked)

    company.sweep()

    after = company.view(asked.request.id)
    assert after.status is Status.BLOCKED
    assert "are not those in the log" in after.note
    assert not company.grants()
    assert any("`arjun.mehta`" in sentence for sentence in unbacked(company.home))


def test_an_approval_nobody_gave_gives_without_the_check(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/facts.py (an answer is what the log says)"""
    asked = company.ask(SRE, REDRIVE)
    forge(company, asked)
    unchecked(monkeypatch)

    company.sweep()

    assert company.holds(SRE, "ap-queue-operator", "aws-prod")


def test_a_denial_turned_into_an_approval_is_refused(company: Company) -> None:
    asked = company.ask(SRE, REDRIVE)
    company.deny(asked, MANAGER)
    tamper(company.app.records, "UPDATE answer SET consent = 1")
    tamper(company.app.records, "UPDATE request SET status = 'approved'")
    company.restarted()

    company.sweep()

    assert company.view(asked.request.id).status is Status.BLOCKED
    assert not company.grants()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM answer",
        "UPDATE answer SET consent = 1",
        "UPDATE answer SET at = at - 90000000000",
        "UPDATE answer SET beneficiary = 'linh.tran'",
        "UPDATE answer SET request = 'req_other'",
        "UPDATE request SET status = 'cancelled', speaker = 'linh.tran'",
        "DELETE FROM request",
        "UPDATE entry SET about = 'req_other' WHERE idx >= 8",
        "UPDATE finding SET body = replace(body, 'samuel.adeyemi', 'linh.tran')",
        "DELETE FROM finding",
    ],
)
def test_a_denial_taken_away_is_not_forgotten(company: Company, statement: str) -> None:
    """It still counts, or nothing can be decided; what he asks again he does not get."""
    company.deny(company.ask(SRE, REDRIVE), MANAGER)
    tamper(company.app.records, statement)
    company.restarted()

    again = company.ask(SRE, REDRIVE)

    assert again.status in {Status.DENIED, Status.BLOCKED}
    assert not company.grants()


def test_a_denial_taken_away_is_forgotten_without_the_check(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.deny(company.ask(SRE, REDRIVE), MANAGER)
    tamper(company.app.records, "DELETE FROM answer")
    company.restarted()
    unchecked(monkeypatch)

    again = company.ask(SRE, REDRIVE)

    assert again.status is Status.PENDING


def test_an_approval_nobody_gave_saves_nothing_of_the_automatic_budget(company: Company) -> None:
    """What was given without asking stays so, whatever rows are written afterwards."""
    text = "I want to see transit times per lane for 2h"
    first = company.ask("mateus.oliveira", text)
    assert first.status is Status.ACTIVE
    assert first.proposal is not None

    def left() -> int:
        with company.app.records.begin() as tx:
            person = IdentityId("mateus.oliveira")
            roles, now = first.proposal.roles, company.app.clock.now()  # type: ignore[union-attr]  # asserted above
            return facts._automatic_left(tx, person, roles, now)

    assert left() == facts.AUTOMATIC - 1
    values = (first.request.id, MANAGER, digest(first.proposal), "c", "mateus.oliveira")
    tamper(company.app.records, FORGE, *values)
    company.restarted()

    assert left() == facts.AUTOMATIC - 1


def test_a_plan_reads_answers_of_a_request_that_no_store_holds(company: Company) -> None:
    """Nothing kept and nothing logged agree; a denial before it counts all the same."""
    free = company.plan(SRE, REDRIVE)
    company.deny(company.ask(SRE, REDRIVE), MANAGER)
    barred = company.plan(SRE, REDRIVE)

    assert free.decision is not None
    assert barred.decision is not None
    assert (free.decision.verdict.value, barred.decision.verdict.value) == ("ask", "deny")
