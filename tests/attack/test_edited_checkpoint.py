"""The attacker can write the checkpoint file. He wants access nobody agreed to.

He edits the state of a waiting request: the decision to `permit`, the role set to another, the
place to go on from to `grant`. Then he waits for the answer, with which the run goes on from there.
A checkpoint carries no authority, so nothing comes of it (S64 S65).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from govagents import cast
from govagents.domain.decision import Verdict
from govagents.domain.ids import IdentityId, RoleId
from govagents.domain.request import Request, Status
from govagents.domain.view import View
from govagents.errors import IntegrityError
from govagents.graph import request_graph
from govagents.steps import Keeper
from govagents.testing.company import Company

SRE, MANAGER = "samuel.adeyemi", "arjun.mehta"
REDRIVE = "Redrive the tracking dlq, 2h"
BROADER = "ap-account-admin"


def edit(company: Company, asked: View, values: Mapping[str, Any], *, as_node: str) -> None:
    runner = company.app.runner
    stage = cast.Cast(runner.services, Keeper(None, runner.services.clock))
    with runner.saver() as saver:
        graph = request_graph(stage).compile(checkpointer=saver)
        config: Any = {"configurable": {"thread_id": asked.request.id}}
        graph.update_state(config, dict(values), as_node=as_node)


@pytest.fixture
def asked(company: Company) -> View:
    return company.ask(SRE, REDRIVE)


def test_a_decision_edited_to_permit_is_refused(company: Company, asked: View) -> None:
    assert asked.decision is not None
    permit = replace(asked.decision, verdict=Verdict.PERMIT, consents=())

    edit(company, asked, {"decision": permit}, as_node="decide")
    after = company.deny(asked, MANAGER)

    assert after.status is Status.DENIED
    assert not company.grants()


def test_a_checkpoint_edited_before_any_answer_is_refused(company: Company, asked: View) -> None:
    """The log says that it waits, so no sweep goes on with it."""
    assert asked.decision is not None
    permit = replace(asked.decision, verdict=Verdict.PERMIT, consents=())

    edit(company, asked, {"decision": permit}, as_node="decide")
    company.sweep()

    assert company.view(asked.request.id).entries == asked.entries
    assert not company.grants()


def test_a_run_made_to_start_at_grant_is_refused(company: Company, asked: View) -> None:
    assert asked.decision is not None
    permit = replace(asked.decision, verdict=Verdict.PERMIT)

    edit(company, asked, {"decision": permit, "asked": 1}, as_node="decide")
    after = company.deny(asked, MANAGER)

    assert not company.grants()
    assert after.status is Status.DENIED


def test_another_role_set_is_refused(company: Company, asked: View) -> None:
    assert asked.proposal is not None
    other = replace(asked.proposal, roles=(RoleId(BROADER),))

    edit(company, asked, {"proposal": other}, as_node="propose")
    after = company.approve(asked, MANAGER)

    assert after.status is Status.BLOCKED
    assert "not what the log recorded" in after.note
    assert after.proposal == asked.proposal
    assert not company.grants()


def test_another_understanding_is_refused(company: Company, asked: View) -> None:
    assert asked.resolution is not None
    someone = replace(asked.resolution.understanding, beneficiary=IdentityId("rahul.deshmukh"))
    other = replace(asked.resolution, understanding=someone)

    edit(company, asked, {"resolution": other}, as_node="recall")
    after = company.approve(asked, MANAGER)

    assert after.status is Status.BLOCKED
    assert not company.grants()


def test_another_role_set_is_proposed_when_checkpoints_are_believed(
    company: Company, asked: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the line: an edited proposal is judged as if the planner had made it.

    removes: govagents/steps.py
    """

    def believe(self: Keeper, request: Request, seen: Mapping[str, object]) -> None:
        return None

    monkeypatch.setattr(Keeper, "check", believe)
    assert asked.proposal is not None
    other = replace(asked.proposal, roles=(RoleId("ap-observer"),))

    edit(company, asked, {"proposal": other}, as_node="propose")
    after = company.deny(asked, MANAGER)

    assert after.status is not Status.BLOCKED
    assert after.assessment != asked.assessment
    assert not company.grants()


def test_a_finding_edited_in_the_store_is_refused(company: Company, asked: View) -> None:
    """Whoever edits the database without the log is found by the guard."""
    assert asked.proposal is not None
    company.app.records._engine.dispose()
    with company.app.records._engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE finding SET body = replace(body, 'ap-queue-operator', 'ap-account-admin') "
            "WHERE key = 'proposal'"
        )

    with pytest.raises(IntegrityError, match="not what the log recorded"):
        company.approve(asked, MANAGER)

    assert not company.grants()
