"""The attacker was denied something. He wants it within the day all the same (S70).

He words it anew, asks for something else that the same role gives, asks for a larger role, sends an
agent of his, or lets a colleague ask for him.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govagents.adapters import facts
from govagents.domain.catalog import Catalog
from govagents.domain.ids import PermissionId, RoleId
from govagents.domain.proposal import Proposal
from govagents.domain.request import Status
from govagents.testing.company import Company
from tests.unit.policy.company import CATALOG, case, role

ML, OWNER = "daniel.osei", "felix.baumann"
TRAIN = "I need to retrain a model on aws data, 2h"
REWORDED = "I need to start a training run on aws data, 2h"
OTHER_NEED = "I need to publish a feature set on aws data, 2h"
SMALL = replace(
    CATALOG,
    roles={
        **CATALOG.roles,
        RoleId("all"): role("all", "lake:stats:read", "lake:stats:export"),
    },
)


def proposal(roles: Sequence[str], needs: Sequence[str]) -> Proposal:
    return case(roles, needs=needs).proposal


def denied(company: Company) -> None:
    asked = company.ask(ML, TRAIN)
    assert asked.status is Status.PENDING
    company.deny(asked, OWNER)


@pytest.mark.parametrize("text", [TRAIN, REWORDED, OTHER_NEED])
def test_asking_anew_for_what_was_denied_is_refused(company: Company, text: str) -> None:
    """The last names another need; the role that gives it is the one that was denied."""
    denied(company)

    again = company.ask(ML, text)

    assert again.status is Status.DENIED
    assert again.decision is not None
    assert "denied-before" in {reason.policy for reason in again.decision.reasons}


def test_asking_anew_is_possible_when_the_day_is_over(company: Company) -> None:
    denied(company)
    company.pass_time(timedelta(hours=24, seconds=1))

    assert company.ask(ML, TRAIN).status is Status.PENDING


def test_another_need_gets_what_was_denied_without_the_comparison_of_roles(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: denied training, given the role that trains."""

    def of_needs(catalog: Catalog, denied: Proposal, proposed: Proposal) -> bool:
        return bool(set(denied.needs) & set(proposed.needs))

    monkeypatch.setattr(facts, "_again", of_needs)
    denied(company)

    other = company.ask(ML, OTHER_NEED)
    assert other.status is Status.PENDING
    assert other.decision is not None
    given_ = company.approve(other, other.decision.approvers[-1])

    role_ = company.app.catalogs.current().roles[given_.grants[0].role]
    assert PermissionId("aws-data:models:train") in role_.permissions


@pytest.mark.parametrize("agent", ["agent-sre-responder", "agent-log-reader"])
def test_sending_an_agent_is_refused(company: Company, agent: str) -> None:
    """One's own agent, or one that acts for it."""
    asked = company.ask("katarzyna.wolska", "Redrive the tracking dlq, 2h")
    assert asked.decision is not None
    company.deny(asked, asked.decision.approvers[0])

    assert company.ask(agent, "Redrive the tracking dlq, 2h").status is Status.DENIED


def test_letting_a_colleague_ask_is_refused(company: Company) -> None:
    """The denial is the beneficiary's, whoever asked and however he was named."""
    by_flag = company.ask("arjun.mehta", "Redrive the tracking dlq, 2h", asked_for="samuel.adeyemi")
    assert by_flag.status is Status.PENDING
    assert by_flag.decision is not None
    company.deny(by_flag, by_flag.decision.approvers[0])

    assert company.ask("samuel.adeyemi", "Redrive the tracking dlq, 2h").status is Status.DENIED


@pytest.mark.parametrize(
    ("before", "after", "bites"),
    [
        ((["reader"], ["lake:stats:read"]), (["reader"], ["lake:stats:read"]), True),
        ((["reader"], ["lake:stats:read"]), (["all"], ["lake:stats:export"]), True),
        ((["all"], ["lake:stats:export"]), (["reader"], ["lake:stats:read"]), True),
        ((["all"], ["lake:stats:export"]), (["exporter"], ["lake:stats:export"]), True),
        ((["reader"], ["lake:stats:read"]), (["exporter"], ["lake:stats:export"]), False),
        ((["gone"], ["lake:stats:read"]), (["gone"], ["lake:stats:export"]), True),
        (([], ["lake:stats:read"]), (["all"], ["lake:stats:export"]), True),
    ],
    ids=["same", "larger", "smaller", "another", "nothing-shared", "unknown-role", "no-roles"],
)
def test_what_was_denied_is_known_again_in_any_roles(
    before: tuple[list[str], list[str]], after: tuple[list[str], list[str]], bites: bool
) -> None:
    assert facts._again(SMALL, proposal(*before), proposal(*after)) is bites


ROLES = st.lists(st.sampled_from(sorted(SMALL.roles)), unique=True)
NEEDS = st.lists(st.sampled_from(sorted(SMALL.permissions)), unique=True)


@given(ROLES, NEEDS, ROLES, NEEDS)
def test_no_denied_permission_is_ever_given_by_what_passes(
    roles: list[str], needs: list[str], later: list[str], needed: list[str]
) -> None:
    """Whatever was denied and whatever is asked: what passes gives none of it."""
    if not facts._again(SMALL, proposal(roles, needs), proposal(later, needed)):
        gives = {item for name in later for item in SMALL.roles[RoleId(name)].permissions}
        assert gives.isdisjoint(needs)
