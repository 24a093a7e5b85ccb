"""The attacker has turned the planner (S13).

Whatever it proposes is kept and logged as honestly as ever, and the owner agrees to it. It adds a
wider role beside the certificate of the least set, or rewrites the certificate to match. The guard
has the plan checked by code that shares nothing with the planner, before anything is done. It also
forges the plan's way back.
"""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from govagents.action import guard
from govagents.action.case import sealed_case
from govagents.action.proof import ProofCheck
from govagents.adapters import facts
from govagents.domain.catalog import Catalog
from govagents.domain.identity import Identity
from govagents.domain.ids import RequestId, RoleId
from govagents.domain.plan import Step
from govagents.domain.prediction import planned
from govagents.domain.proposal import Proposal, Sufficiency
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.planning import proposer
from govagents.planning.problem import candidates
from govagents.testing.company import Company

SRE, MANAGER = "samuel.adeyemi", "arjun.mehta"
ANALYST, OWNER = "daniel.osei", "robert.achterberg"
READ, READER = "I want to read the anonymised lane statistics, 1h", "ad-lane-statistics-reader"
REDRIVE = "Redrive the tracking dlq, 2h"
LEAST, WANTED, SYSTEM = "ap-queue-operator", "kp-log-reader", "k8s-prod"

Lie = Callable[[Proposal], Proposal]
_honest = proposer._cut


def beside_it(proposal: Proposal) -> Proposal:
    """The certificate stays what it was."""
    return replace(proposal, roles=(RoleId(LEAST), RoleId(WANTED)))


def rewritten(proposal: Proposal) -> Proposal:
    """The certificate names the wider set, too."""
    assert proposal.proof.certificate is not None
    told = json.loads(proposal.proof.certificate) | {"roles": [LEAST, WANTED]}
    return replace(beside_it(proposal), proof=replace(proposal.proof, certificate=json.dumps(told)))


LIES = pytest.mark.parametrize("lie", [beside_it, rewritten])


def asked_of_the_turned(company: Company, lie: Lie, monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setattr(proposer, "_cut", lambda proposal, catalog: lie(_honest(proposal, catalog)))
    asked = company.ask(SRE, REDRIVE)
    assert asked.proposal is not None
    assert asked.proposal.roles == (LEAST, WANTED)
    assert asked.status is Status.PENDING
    return asked


@LIES
def test_a_wider_set_is_refused(
    lie: Lie, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S13: the owner's consent does not stand in for the check."""
    asked = asked_of_the_turned(company, lie, monkeypatch)

    after = company.approve(asked, MANAGER)

    assert after.status is Status.BLOCKED
    assert "the proof does not hold" in after.note
    assert not company.grants()
    assert not company.holds(SRE, WANTED, SYSTEM)


@LIES
def test_a_wider_set_is_given_when_nothing_checks_it(
    lie: Lie, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the line.

    removes: govagents/action/proof.py
    """
    monkeypatch.setattr(ProofCheck, "faults", lambda *_: ())
    asked = asked_of_the_turned(company, lie, monkeypatch)

    after = company.approve(asked, MANAGER)

    assert after.status is Status.ACTIVE
    assert company.holds(SRE, WANTED, SYSTEM)


def out_of_time(proposal: Proposal) -> Proposal:
    """It says that it only could not look at everything."""
    proof = replace(proposal.proof, status=Sufficiency.BOUNDED, certificate=None)
    return replace(proposal, proof=proof)


def unshown(proposal: Proposal) -> Proposal:
    """It says that it is the least, and shows nothing."""
    return replace(proposal, proof=replace(proposal.proof, certificate=None))


def scribbled(proposal: Proposal) -> Proposal:
    """It shows something that is no certificate."""
    return replace(proposal, proof=replace(proposal.proof, certificate="{"))


def turn(planner_says: Lie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        proposer, "_cut", lambda proposal, catalog: planner_says(_honest(proposal, catalog))
    )


@pytest.mark.parametrize("lie", [out_of_time, unshown, scribbled])
def test_a_set_that_nothing_proves_is_contained_by_asking(
    lie: Lie, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S13 S40 S58: in business hours nobody is asked for this reader, but without proof."""
    turn(lie, monkeypatch)

    asked = company.ask(ANALYST, READ)

    assert asked.proposal is not None
    assert asked.proposal.roles == (READER,)
    assert asked.status is Status.PENDING
    assert OWNER in company.app.runner.approvers(asked.request.id)
    assert not company.holds(ANALYST, READER, "aws-data")


def test_a_set_that_nothing_proves_is_given_when_its_owner_agrees(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S13: one that never claimed to be the least; a claim that does not hold is blocked still."""
    turn(out_of_time, monkeypatch)
    assert company.approve(company.ask(ANALYST, READ), OWNER).status is Status.ACTIVE

    turn(unshown, monkeypatch)
    refused = company.approve(company.ask(SRE, REDRIVE), MANAGER)
    assert refused.status is Status.BLOCKED


def test_a_set_that_nothing_proves_is_given_at_once_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: the plan's own word counts, and nobody looks.

    removes: govagents/adapters/facts.py (models propose)
    """
    monkeypatch.setattr(ProofCheck, "proves", lambda *_: True)
    turn(out_of_time, monkeypatch)

    assert company.ask(ANALYST, READ).status is Status.ACTIVE


def leaving_out_the_least(catalog: Catalog, receiver: Identity, *_: object) -> frozenset[RoleId]:
    """Every role that competes, but for one."""
    return candidates(catalog, receiver) - {RoleId(LEAST)}


def proved(company: Company, request: RequestId) -> set[bool]:
    """The fact, as it is gathered now."""
    with company.app.records.begin() as tx:
        case = sealed_case(tx, request)
    return {role.context.proved for role in company.app.services.facts.sheet(case).roles}


def test_the_least_of_another_problem_is_detected(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S13: its certificate is in order; that it is of a problem nobody has, is no proof."""
    honest = company.ask(SRE, REDRIVE)
    monkeypatch.setattr(proposer, "candidates", leaving_out_the_least)
    lied = company.ask(SRE, f"{REDRIVE}, again")
    assert lied.proposal is not None
    assert LEAST not in lied.proposal.roles

    assert proved(company, honest.request.id) == {True}
    assert proved(company, lied.request.id) == {False}

    monkeypatch.setattr(facts, "candidates", leaving_out_the_least)  # posed by the planner's word
    assert proved(company, lied.request.id) == {True}


def of_no_return(proposal: Proposal, catalog: Catalog) -> tuple[Step, ...]:
    """What is given is never taken back again."""
    steps = planned(proposal, catalog)
    return tuple(replace(step, rollback=step.act) for step in steps)


def asked_without_return(company: Company, monkeypatch: pytest.MonkeyPatch) -> View:
    monkeypatch.setattr(proposer, "planned", of_no_return)
    asked = company.ask(SRE, REDRIVE)
    assert asked.status is Status.PENDING
    return asked


def test_a_forged_rollback_is_refused(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """S13: the owner's consent does not stand in for the check."""
    after = company.approve(asked_without_return(company, monkeypatch), MANAGER)

    assert after.status is Status.BLOCKED
    assert "the plan does not hold: step 1 is not rolled back by its inverse" in after.note
    assert not company.grants()


def test_a_forged_rollback_is_accepted_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: it is given by a plan that has no way back.

    removes: govagents/action/plan.py
    """
    monkeypatch.setattr(guard, "plan_faults", lambda *_: ())

    after = company.approve(asked_without_return(company, monkeypatch), MANAGER)

    assert after.status is Status.ACTIVE
