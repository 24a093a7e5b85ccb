"""Who decides, as the company's file says it: two people, whoever is on call, whoever stands in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from govagents.adapters import facts
from govagents.domain.ids import IdentityId
from govagents.domain.proposal import Stance
from govagents.domain.request import Status
from govagents.errors import StateError
from govagents.testing.company import Company
from tests.journey.people import believed
from tests.journey.terminal import Terminal

ASKING, OWNER, MANAGER = "mateus.oliveira", "zeynep.arslan", "bogdan.ionescu"
BESIDE = "I put the declaration beside the waybill of each truck, till tomorrow noon."
BUNDLE, SYSTEM = "x-customs-papers", "orders-db"
ON_CALL, ABOVE, COLLEAGUE = "samuel.adeyemi", "arjun.mehta", "katarzyna.wolska"
INCIDENT = "INC-4425: redrive the tracking dlq, 2h"


def test_two_people_are_asked_when_the_file_wants_two(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S44: the first yes gives nothing, is kept, and is not asked for again; the second gives."""
    asked = company.ask(ASKING, BESIDE)
    name = asked.request.id
    terminal = Terminal(company.home, capsys)
    assert f"approve {name}" in terminal.type("inbox", "--as", MANAGER).words

    assert company.approve(asked, MANAGER).status is Status.PENDING

    assert not company.holds(ASKING, BUNDLE, SYSTEM)
    with pytest.raises(StateError, match="already answered"):
        company.approve(asked, MANAGER)
    assert name not in terminal.type("inbox", "--as", MANAGER).words
    assert f"approve {name}" in terminal.type("inbox", "--as", OWNER).words
    assert company.approve(asked, OWNER).status is Status.ACTIVE
    assert company.holds(ASKING, BUNDLE, SYSTEM)
    said = terminal.type("why", name).words
    assert "agreed to by two of role-owner, manager" in said
    assert "yes by Bogdan Ionescu" in said
    assert "yes by Zeynep Arslan" in said


def test_no_of_the_second_ends_it_when_the_first_agreed(company: Company) -> None:
    """S44: a denial settles it, whoever agreed before."""
    asked = company.ask(ASKING, BESIDE)
    company.approve(asked, OWNER)

    assert company.deny(asked, MANAGER).status is Status.DENIED

    assert not company.holds(ASKING, BUNDLE, SYSTEM)


def test_whoever_is_on_call_decides_when_an_incident_is_live(company: Company) -> None:
    """S44: the shift that lasts now; on their own request it goes to whoever is above them."""
    colleague = company.ask(COLLEAGUE, INCIDENT)
    own = company.ask(ON_CALL, INCIDENT)
    approvers = company.app.runner.approvers

    assert approvers(colleague.request.id) == (ON_CALL,)
    assert approvers(own.request.id) == (ABOVE,)
    assert company.approve(colleague, ON_CALL).status is Status.ACTIVE
    with pytest.raises(StateError, match="is not for"):
        company.approve(own, ON_CALL)


def test_stand_in_decides_when_the_manager_is_away(company: Company) -> None:
    """S44: as the owner of the role and in the manager's place; once the other is back, he does."""
    asked = company.ask("fatima.elamrani", "I want to edit the tour plan for 2 hours")
    (consent,) = asked.decision.consents if asked.decision else ()

    assert [seat.person for seat in consent.seats] == [MANAGER, MANAGER]
    assert "in the place of `marek.dvorak`" in consent.seats[1].why
    company.at(datetime(2026, 11, 24, 6, tzinfo=UTC))
    assert company.app.runner.approvers(asked.request.id) == (MANAGER, "marek.dvorak")
    assert company.approve(asked, "marek.dvorak").status is Status.ACTIVE


READER, LANES = "bogdan.ionescu", "I want to read the anonymised lane statistics for 2h."


def test_a_person_decides_when_the_budget_for_giving_by_itself_is_used_up(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant 7: for each person with all their agents and role; asked, not denied."""
    monkeypatch.setattr(facts, "AUTOMATIC", 1)

    first, second = company.ask(READER, LANES), company.ask(READER, LANES)

    assert first.status is Status.ACTIVE
    assert second.status is Status.PENDING
    assert second.decision is not None
    assert [reason.policy for reason in second.decision.reasons] == ["everything-else"]
    assert first.proposal is not None
    with company.app.records.begin() as tx:
        now, roles = company.app.clock.now(), first.proposal.roles
        left = {
            name: facts._automatic_left(tx, IdentityId(name), roles, now)
            for name in ("agent-dispatch-copilot", "mateus.oliveira")
        }
    assert left == {"agent-dispatch-copilot": 0, "mateus.oliveira": 1}


DBA, KILL = "viktor.horvath", "I need to see slow queries and kill the blocking session, {}h"


@pytest.mark.parametrize(("hours", "rounds"), [(2, 2), (6, 3)])
def test_a_person_decides_on_another_set_when_the_risk_agent_counters(
    company: Company, tmp_path: Path, hours: int, rounds: int
) -> None:
    """S4 S9: without the privileged role, then shorter; after the last round a person decides."""
    free = company.plan(DBA, KILL.format(hours))
    believed(company, DBA, 35, tmp_path / "world")

    asked = company.ask(DBA, KILL.format(hours))

    assert free.proposal is not None
    assert asked.proposal is not None
    assert asked.assessment is not None
    assert free.proposal.roles == ("od-first-aid",)
    assert "od-first-aid" not in asked.proposal.roles
    assert (asked.proposal.round, asked.assessment.stance) == (rounds, Stance.APPROVAL)
    assert asked.proposal.window.length.total_seconds() == min(hours, 4) * 3600
    assert asked.status is Status.PENDING
