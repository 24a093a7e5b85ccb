"""An agent cannot use what it was not handed (S7 S8 S16 S40)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from govagents.domain.request import Status
from govagents.roster import ROSTER, Agent
from govagents.testing.company import Company

SRE = "samuel.adeyemi"
REDRIVE = "Redrive the tracking dlq, 2h"
MANAGER = "arjun.mehta"
OPERATOR = "wei.zhang"
WITH_TICKET = "restart rtm gw, INC-4414, 1h"

NOT_FOR_GIVING = {
    ("librarian", "memory"),
    ("librarian", "records"),
    ("provisioner", "records"),
    ("provisioner", "clock"),
}
"""Used after giving, or only to advise."""

NEEDED = [
    (agent.name, power)
    for agent in ROSTER
    for power in sorted(agent.powers)
    if (agent.name, power) not in NOT_FOR_GIVING
]


def without(agent: str, power: str) -> tuple[Agent, ...]:
    return tuple(
        replace(each, powers=each.powers - {power}) if each.name == agent else each
        for each in ROSTER
    )


@pytest.mark.parametrize(("agent", "power"), NEEDED)
def test_nothing_is_given_when_an_agent_lacks_a_power(
    company: Company, agent: str, power: str
) -> None:
    """S7 S40: the journey ends blocked, with the agent's name."""
    company.roster = without(agent, power)

    seen = company.ask(OPERATOR, WITH_TICKET)
    if seen.decision is not None and seen.decision.approvers:
        seen = company.approve(seen, seen.decision.approvers[0])

    assert seen.status is Status.BLOCKED
    assert seen.note.startswith(f"{agent}: ")
    assert not company.grants()


@pytest.mark.parametrize("agent", ["planner", "risk", "policy"])
def test_a_grant_ends_without_any_planning_power(company: Company, agent: str) -> None:
    """S38: taking back never waits for planning."""
    company.approve(company.ask(SRE, REDRIVE), MANAGER)
    company.roster = tuple(
        replace(each, powers=frozenset()) if each.name == agent else each for each in ROSTER
    )
    company.restarted()
    grant = company.grants(Status.ACTIVE)[0]

    ended = company.app.guard.end(grant.id, actor=grant.beneficiary, cause="given_back")

    assert ended is Status.REVOKED
    assert not company.holds(SRE, grant.role, grant.targets[0])


def test_recall_is_empty_and_says_so_without_memory(company: Company) -> None:
    """S22: memory advises; without it nothing else changes."""
    company.roster = without("librarian", "memory")

    seen = company.ask(SRE, REDRIVE)

    assert seen.status is Status.PENDING
    assert seen.recalled is not None
    assert seen.recalled.cases == ()
    assert "librarian" in seen.recalled.note


def test_a_sweep_starts_nothing_when_the_provisioner_lacks_the_guard(company: Company) -> None:
    """S7 S40: what starts later is given on the same power as what starts at once."""
    asked = company.ask(SRE, "Redrive the tracking dlq, from 14:00 to 16:00 today")
    company.approve(asked, MANAGER)
    company.roster = without("provisioner", "guard")
    company.restarted()
    company.pass_time(timedelta(hours=5))

    company.sweep()

    seen = company.view(asked.request.id)
    assert seen.status is Status.BLOCKED
    assert "`provisioner` was not handed `guard`" in seen.note
    assert not company.holds(SRE, "ap-queue-operator", "aws-prod")


def test_a_sweep_starts_what_was_scheduled_when_the_provisioner_has_the_guard(
    company: Company,
) -> None:
    """S38: the other half of the test above; without it that one could pass for nothing."""
    asked = company.ask(SRE, "Redrive the tracking dlq, from 14:00 to 16:00 today")
    company.approve(asked, MANAGER)
    company.pass_time(timedelta(hours=5))

    company.sweep()

    assert company.holds(SRE, "ap-queue-operator", "aws-prod")
