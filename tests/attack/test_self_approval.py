"""The attacker may decide on some requests. He wants to decide on his own (S44 S60 S70).

He asks and approves himself, has a colleague's request raised for him, or lets the agent he owns
ask, for itself or for a colleague; and he answers for a proposal that has since become another one.
"""

from dataclasses import replace

import pytest

from govagents.domain.canonical import digest
from govagents.domain.decision import Answer
from govagents.domain.facts import RoleFacts
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.errors import StateError
from govagents.policy.approvers import Seating
from govagents.testing.company import Company

OWNER, MANAGER = "samuel.adeyemi", "arjun.mehta"


def test_self_approval_is_refused(company: Company) -> None:
    asked = company.ask(OWNER, "Redrive the tracking dlq, 2h")
    assert asked.status is Status.PENDING
    assert asked.decision is not None
    assert OWNER not in asked.decision.approvers

    with pytest.raises(StateError, match=r"not for `samuel\.adeyemi` to decide"):
        company.approve(asked, OWNER)

    assert not company.grants()


def test_approving_ones_own_agent_is_refused(company: Company) -> None:
    """What the sponsor's agent asks, the one who speaks for it does not decide alone."""
    asked = company.ask(
        "agent-sre-responder", "I want to mute the latency alarm for one hour.", asked_for=None
    )
    assert asked.decision is not None

    assert "agent-sre-responder" not in asked.decision.approvers
    with pytest.raises(StateError):
        company.approve(asked, "agent-sre-responder")


def test_approving_what_ones_agent_asks_for_a_colleague_is_refused(company: Company) -> None:
    """He is the agent's sponsor and the colleague's manager: he had it asked, so he is a party."""
    asked = company.ask(
        "agent-sre-responder", "Redrive the tracking dlq, 2h", asked_for="samuel.adeyemi"
    )
    assert asked.decision is not None
    assert asked.decision.approvers == ("yusuf.demir",)

    with pytest.raises(StateError, match="is not for"):
        company.approve(asked, MANAGER)


def test_approving_what_ones_agent_asks_is_possible_without_the_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/policy/approvers.py"""
    monkeypatch.setattr(Seating, "_behind", lambda _: ())
    asked = company.ask(
        "agent-sre-responder", "Redrive the tracking dlq, 2h", asked_for="samuel.adeyemi"
    )

    assert company.approve(asked, MANAGER).status is Status.ACTIVE


def test_an_approval_of_another_proposal_is_refused(company: Company) -> None:
    """The manager's word, in store and log, is about a proposal that has since become another."""
    asked = company.ask("samuel.adeyemi", "Redrive the tracking dlq, 2h")
    assert asked.proposal is not None
    other = Answer(
        asked.request.id,
        IdentityId(MANAGER),
        consent=True,
        proposal_digest=digest(replace(asked.proposal, roles=())),
        catalog_digest=asked.proposal.proof.catalog,
        at=asked.request.at,
    )
    entry = replace(asked.entries[0][1], kind="answer.approved", digests={"answer": digest(other)})
    with company.app.records.begin() as tx:
        tx.answers.add(other)
        tx.log.append(entry)

    effect = company.app.guard.grant(asked.request.id)

    assert effect.grants == ()
    assert not company.grants()


def test_self_approval_is_possible_without_the_seating_rule(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the line: the owner of the role would be asked about himself."""

    def nobody(self: Seating, role: RoleFacts) -> frozenset[IdentityId]:
        return frozenset()

    monkeypatch.setattr(Seating, "_barred", nobody)

    asked = company.ask(OWNER, "Redrive the tracking dlq, 2h")

    assert asked.decision is not None
    assert OWNER in asked.decision.approvers
