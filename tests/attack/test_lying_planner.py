"""The attacker has turned the planner (S13).

Whatever it proposes is kept and logged as honestly as ever, and the owner agrees to it. It adds a
wider role beside the certificate of the least set, or rewrites the certificate to match. The guard
has the plan checked by code that shares nothing with the planner, before anything is done.
"""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from govagents.action.proof import ProofCheck
from govagents.domain.ids import RoleId
from govagents.domain.proposal import Proposal
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.planning import proposer
from govagents.testing.company import Company

SRE, MANAGER = "samuel.adeyemi", "arjun.mehta"
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
    """The harm without the line."""
    monkeypatch.setattr(ProofCheck, "faults", lambda *_: ())
    asked = asked_of_the_turned(company, lie, monkeypatch)

    after = company.approve(asked, MANAGER)

    assert after.status is Status.ACTIVE
    assert company.holds(SRE, WANTED, SYSTEM)
