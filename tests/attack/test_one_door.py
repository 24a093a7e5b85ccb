"""The attacker runs code beside the engine, or writes the database (S40).

He asks the guard for a request that nobody agreed to, and edits a finding so that another role is
given. The guard takes an id, decides again, and believes only what the log recorded.
"""

import ast
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from govagents.action import case, guard, lapse
from govagents.action.proof import ProofCheck
from govagents.domain.decision import Decision, Verdict
from govagents.domain.facts import FactSheet
from govagents.domain.grant import EffectKind
from govagents.domain.proposal import Proposal
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.errors import GovAgentsError
from govagents.findings import latest
from govagents.ports import DecisionPoint
from govagents.testing.company import Company
from tests.architecture.sources import modules

ANALYST = "nia.roberts"
SCHEDULED = "I want to read the anonymised lane statistics tomorrow 10:00-11:00."
GIVEN, WANTED = "ad-lane-statistics-reader", "ap-log-reader"


class Yes:
    """A decision point that agrees to everything."""

    def __init__(self, behind: DecisionPoint) -> None:
        self.behind = behind

    def decide(self, sheet: FactSheet, proposal: Proposal) -> Decision:
        return replace(self.behind.decide(sheet, proposal), verdict=Verdict.PERMIT, obligations=())


@pytest.fixture
def scheduled(company: Company) -> View:
    asked = company.ask(ANALYST, SCHEDULED)
    assert asked.status is Status.APPROVED
    assert not company.grants()
    return asked


def edit_proposal(company: Company) -> None:
    company.restarted()
    with sqlite3.connect(company.home / "govagents.db") as connection:
        connection.execute(
            "UPDATE finding SET body = CAST(replace(CAST(body AS TEXT), ?, ?) AS BLOB) "
            "WHERE key = 'proposal'",
            (GIVEN, WANTED),
        )


def tomorrow(company: Company) -> None:
    company.at(datetime(2026, 11, 24, 10, tzinfo=UTC))
    company.sweep()


def test_giving_without_an_approval_is_refused(company: Company) -> None:
    asked = company.ask("samuel.adeyemi", "Redrive the tracking dlq, 2h")

    effect = company.app.guard.grant(asked.request.id)

    assert effect.kind is EffectKind.PENDING
    assert not company.grants()


def test_giving_without_an_approval_is_done_when_the_decision_is_removed(company: Company) -> None:
    """S40: the harm without the line.

    removes: govagents/action/guard.py
    """
    asked = company.ask("samuel.adeyemi", "Redrive the tracking dlq, 2h")
    open_door = replace(company.app.guard, policy=Yes(company.app.guard.policy))

    assert open_door.grant(asked.request.id).kind is EffectKind.GIVEN


def test_giving_a_request_that_does_not_exist_is_refused(company: Company) -> None:
    with pytest.raises(GovAgentsError, match="no request `req_nobody`"):
        company.app.guard.grant("req_nobody")  # type: ignore[arg-type]  # any text will do


def test_a_scheduled_grant_is_decided_again_and_given(company: Company, scheduled: View) -> None:
    """S38: not before its start."""
    company.pass_time(timedelta(hours=1))
    company.sweep()
    assert not company.grants()

    tomorrow(company)

    assert company.view(scheduled.request.id).status is Status.ACTIVE
    assert company.holds(ANALYST, GIVEN, "aws-data")


def test_an_edited_finding_is_refused(company: Company, scheduled: View) -> None:
    edit_proposal(company)

    tomorrow(company)

    assert company.view(scheduled.request.id).status is Status.BLOCKED
    assert not company.grants()


def test_an_edited_finding_is_given_when_the_log_is_not_asked(
    company: Company, scheduled: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm where neither log, proof nor plan is asked: a role that nobody proposed.

    removes: govagents/findings.py
    """
    monkeypatch.setattr(case, "sealed", latest)
    monkeypatch.setattr(lapse, "sealed", latest)
    monkeypatch.setattr(ProofCheck, "faults", lambda *_: ())
    monkeypatch.setattr(guard, "plan_faults", lambda *_: ())
    edit_proposal(company)

    tomorrow(company)

    assert company.holds(ANALYST, WANTED, "aws-prod")
    assert scheduled.status is Status.APPROVED


def _names_from_ports(tree: ast.AST) -> set[str]:
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "govagents.ports"
        for alias in node.names
    }


def test_a_role_that_no_certificate_proves_is_refused(
    company: Company, scheduled: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S5 S13: also where the log is not asked, the independent checker is."""
    monkeypatch.setattr(case, "sealed", latest)
    monkeypatch.setattr(lapse, "sealed", latest)
    edit_proposal(company)

    tomorrow(company)

    after = company.view(scheduled.request.id)
    assert after.status is Status.BLOCKED
    assert "the proof does not hold" in after.note
    assert not company.grants()


def test_only_the_guards_own_rooms_can_order_a_change() -> None:
    """S40: a connector takes an `Order`, and nothing else can make one."""
    makers = {
        str(module.path)
        for module in modules("govagents")
        if "Order" in _names_from_ports(module.tree)
    }

    assert makers == {
        "govagents/action/targets.py",
        "govagents/action/toolbox.py",
        "govagents/adapters/limited.py",  # hands on what it was handed
        "govagents/testing/chaos.py",  # so does a target that misbehaves
        "govagents/adapters/targets.py",  # what stands for a broken connector refuses all orders
    }
