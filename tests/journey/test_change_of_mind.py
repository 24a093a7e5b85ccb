"""The world moves between asking, deciding and giving; what is true at the effect counts."""

from pathlib import Path

import pytest

from govagents.domain.decision import Verdict
from govagents.domain.proposal import Stance
from govagents.domain.request import Status
from govagents.errors import StateError
from govagents.testing.company import Company
from govagents.wiring import import_world
from tests.journey.people import believed

SRE = "samuel.adeyemi"
REDRIVE = "Redrive the tracking dlq, 2h"
MANAGER = "arjun.mehta"


def test_a_veto_stops_a_request_the_owner_approved(company: Company, tmp_path: Path) -> None:
    """S7 S9 S65: trust falls while the request waits; the approval does not help."""
    asked = company.ask(SRE, REDRIVE)
    assert asked.status is Status.PENDING
    believed(company, SRE, 10, tmp_path / "world")

    after = company.approve(asked, MANAGER)

    assert after.answers[0].consent
    assert after.assessment is not None
    assert after.assessment.stance is Stance.VETO
    assert after.decision is not None
    assert after.decision.verdict is Verdict.DENY
    assert "risk-veto" in [reason.policy for reason in after.decision.reasons]
    assert after.status is Status.DENIED
    assert not company.grants()


def test_the_risk_agent_shortens_what_low_trust_does_not_carry(
    company: Company, tmp_path: Path
) -> None:
    """S4 S9: one counter-proposal, then it is content; the record names both kinds of factor."""
    believed(company, SRE, 35, tmp_path / "world")

    asked = company.ask(SRE, "Redrive the tracking dlq, 6h")

    assert asked.proposal is not None
    assert asked.proposal.round == 2
    assert asked.proposal.window.length.total_seconds() == 4 * 3600
    assert asked.assessment is not None
    assert asked.assessment.dynamic_factors["trust"] == "35"
    assert asked.assessment.static_factors["kind"] == "person"


def test_an_approved_request_is_decided_again_at_the_effect(
    company: Company, tmp_path: Path
) -> None:
    """S65: approved, held up, and by then the beneficiary is on leave: nothing is given."""
    asked = company.ask(SRE, REDRIVE)
    with company.app.records.begin() as tx:
        tx.settings.set("sweeper_seen", 0)
    assert company.approve(asked, MANAGER).status is Status.BLOCKED
    people = (company.world / "identities.jsonl").read_text(encoding="utf-8")
    changed = "\n".join(
        line.replace('"status": "active"', '"status": "on_leave"')
        if f'"{SRE}"' in line[:40]
        else line
        for line in people.splitlines()
    )
    folder = company.with_files({"identities.jsonl": changed + "\n"}, tmp_path / "world")
    import_world(company.app, folder, apply=True)

    company.sweep()

    assert company.view(asked.request.id).status is Status.DENIED
    assert not company.grants()


def test_a_changed_catalog_asks_for_a_new_proposal(company: Company, tmp_path: Path) -> None:
    """S65: an approval binds the exact catalog."""
    asked = company.ask(SRE, REDRIVE)
    roles = (company.world / "roles.jsonl").read_text(encoding="utf-8")
    folder = company.with_files(
        {"roles.jsonl": roles.replace("Queue Operator", "Queue Keeper", 1)}, tmp_path / "world"
    )
    import_world(company.app, folder, apply=True)

    with pytest.raises(StateError, match="the catalog changed"):
        company.approve(asked, MANAGER)

    assert not company.grants()
