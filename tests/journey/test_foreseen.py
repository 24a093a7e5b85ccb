"""The predicted difference is the real one, whatever files, grants and targets say before (S14).

What targets show is read in the file that stands for the outside, whole, before and after: the
difference is everything that anybody gained or lost anywhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from govagents.action.looking import TargetReadings
from govagents.domain.grant import Change, Grant
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.domain.prediction import difference
from govagents.domain.request import Status
from govagents.domain.sight import Shown
from govagents.domain.view import View
from govagents.errors import TargetUnavailableError
from govagents.ports import Connector, Order
from govagents.testing.company import Company
from tests.journey.standing_in import Watched
from tests.journey.terminal import Terminal
from tests.journey.test_simulate import AGENT, BOTH, BUNDLE, GAINED, Held, held

SRE, MANAGER, REDRIVE = "samuel.adeyemi", "arjun.mehta", "Redrive the tracking dlq, 2h"
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"
TRIAGE, SEE = "agent-support-triage", "see the customs declarations, 2d"
FILED, FILED_AT = "od-customs-viewer", "orders-db"


def put(company: Company, who: str, role: str, system: str) -> None:
    """Given by hand, out of band."""
    order = Order(SystemId(system), RoleId(role), IdentityId(who), fence="by-hand")
    company.app.guard.targets.of(SystemId(system)).grant(order)


def take(company: Company, who: str, role: str, system: str) -> None:
    """Taken by hand, out of band."""
    order = Order(SystemId(system), RoleId(role), IdentityId(who), fence="by-hand")
    company.app.guard.targets.of(SystemId(system)).revoke(order)


def nothing(_: Company) -> None:
    """As the company stands."""


def by_nobody(company: Company) -> None:
    put(company, SRE, ROLE, SYSTEM)


def by_a_running_grant(company: Company) -> None:
    assert company.approve(company.ask(SRE, REDRIVE), MANAGER).status is Status.ACTIVE
    company.pass_time(timedelta(minutes=10))


def by_a_grant_that_the_target_lost(company: Company) -> None:
    by_a_running_grant(company)
    take(company, SRE, ROLE, SYSTEM)


def one_system_of_three(company: Company) -> None:
    put(company, AGENT, BUNDLE, "code-forge")


def less_than_the_file_says(company: Company) -> None:
    take(company, TRIAGE, FILED, FILED_AT)


BY_HAND = {(SYSTEM, ROLE, SRE)}
FROM_FILE = {(FILED_AT, FILED, TRIAGE)}
CASES: dict[str, tuple[Callable[[Company], None], str, str, Held, int]] = {
    "nobody has it": (nothing, SRE, REDRIVE, BY_HAND, 0),
    "shown by nobody's grant": (by_nobody, SRE, REDRIVE, set(), 1),
    "a grant runs": (by_a_running_grant, SRE, REDRIVE, set(), 0),
    "a grant runs and the target lost it": (
        by_a_grant_that_the_target_lost, SRE, REDRIVE, BY_HAND, 1,
    ),
    "a file names it": (nothing, TRIAGE, SEE, set(), 0),
    "a file names it and the target does not": (
        less_than_the_file_says, TRIAGE, SEE, FROM_FILE, 1,
    ),
    "one system of three shows it": (
        one_system_of_three, AGENT, BOTH, GAINED - {("code-forge", BUNDLE, AGENT)}, 1,
    ),
}  # fmt: skip


def foretold(company: Company, view: View) -> Held:
    assert view.proposal is not None
    found: tuple[Change, ...] = difference(view.proposal, company.app.catalogs.current())
    assert all(each.gained for each in found)
    return {(each.system, each.role, each.subject) for each in found}


def given(company: Company, asked: View) -> View:
    if asked.status is Status.ACTIVE:
        return asked
    assert asked.decision is not None
    return company.approve(asked, asked.decision.approvers[0])


def end(company: Company, grants: Sequence[Grant]) -> None:
    for grant in grants:
        company.app.guard.end(grant.id, actor=grant.beneficiary, cause="given_back")


@pytest.mark.parametrize("case", CASES)
def test_the_real_difference_is_the_predicted_one(case: str, company: Company) -> None:
    """S14 S38: of the plan that is looked at and of the one that is sent, and nothing else.

    What was there before is there again when it ends, also what nobody's grant had put there.
    """
    begin, who, words, gained, for_review = CASES[case]
    begin(company)
    before, running = held(company), company.grants(Status.ACTIVE)

    plan, asked = company.plan(who, words), company.ask(who, words)
    after = given(company, asked)

    assert after.status is Status.ACTIVE
    assert before <= held(company)
    assert held(company) - before == gained == foretold(company, asked) == foretold(company, plan)
    assert asked.proposal is not None
    assert sum(each.differs for each in asked.proposal.seen) == for_review

    end(company, after.grants)
    # a grant that still runs is a reference: what it gave is there, also where it had been lost
    assert held(company) == before | (BY_HAND if running else set())
    end(company, running)
    assert held(company) == before - (BY_HAND if running else set())


def test_by_the_records_alone_the_prediction_is_untrue_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: a gain is foretold where nothing changes."""
    by_nobody(company)
    before = held(company)
    monkeypatch.setattr(
        TargetReadings, "of", lambda _self, _request, planned: (Shown.UNASKED,) * len(planned)
    )

    asked = company.ask(SRE, REDRIVE)
    given(company, asked)

    assert foretold(company, asked) == BY_HAND
    assert held(company) == before


def test_the_plan_says_what_differs_and_review_of_it_is_asked_for(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S14: to whoever asks beforehand, and to whoever decides."""
    by_nobody(company)
    terminal = Terminal(company.home, capsys)
    said = f"for review {SYSTEM}: {ROLE} is there already, though no file and no grant gives it"

    assert said in terminal.type("ask", REDRIVE, "--plan-only", "--as", SRE).words
    asked = company.ask(SRE, REDRIVE)
    shown = terminal.type("request", "show", asked.request.id)
    data = terminal.data("request", "show", asked.request.id)

    assert said in shown.words
    assert "gets" not in shown.words
    assert data["changes"] == [
        {
            "system": SYSTEM,
            "role": ROLE,
            "changes": False,
            "recorded": "not_held",
            "shown": "held",
            "for_review": True,
        }
    ]
    assert "changes" not in terminal.data("ask", REDRIVE, "--plan-only", "--as", SRE)


def test_what_the_target_lost_is_said(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    less_than_the_file_says(company)

    said = Terminal(company.home, capsys).type("ask", SEE, "--plan-only", "--as", TRIAGE).words

    assert f"will change {FILED_AT}: {TRIAGE} gets {FILED}" in said
    assert f"{FILED} is held by the records, and the target does not show it" in said
    assert "held already" not in said


class Deaf(Watched):
    """The real target, which answers no reading; `asked` counts them."""

    asked = 0

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        self.asked += 1
        message = f"no answer about {role} of {system}: \x1b[31mpassword hunter2"
        raise TargetUnavailableError(message)


def looked_at(company: Company, target: Connector) -> None:
    """Whoever plans looks at `target`."""
    app = company.app
    targets = replace(app.guard.targets, otherwise=target)
    services = replace(app.services, readings=TargetReadings(app.records, targets, app.clock))
    company._app = replace(app, runner=replace(app.runner, services=services))


def test_a_target_that_does_not_answer_leaves_the_prediction_to_the_records(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S14: it is asked once a round, stops nothing, and its words go nowhere."""
    behind = company.app.guard.targets.otherwise
    assert behind is not None
    target = Deaf(behind)
    looked_at(company, target)
    before = held(company)

    asked = company.ask(TRIAGE, SEE)

    assert asked.proposal is not None
    assert [each.shown for each in asked.proposal.seen] == [Shown.SILENT]
    assert foretold(company, asked) == set()
    assert target.asked == asked.proposal.round
    assert "hunter2" not in str(asked)
    assert given(company, asked).status is Status.ACTIVE
    assert held(company) == before
    said = Terminal(company.home, capsys).type("request", "show", asked.request.id).words
    assert f"not seen {FILED_AT} gave no answer: what will change is by the records there" in said


def test_no_target_is_asked_about_another_time(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S14: what it shows now says nothing of then; the plan says so."""
    by_nobody(company)

    plan = company.plan(SRE, REDRIVE, now=datetime(2026, 11, 24, 10, tzinfo=UTC))
    words = ("ask", REDRIVE, "--plan-only", "--as", SRE, "--now", "2026-11-24T10:00:00Z")
    said = Terminal(company.home, capsys).type(*words).words

    assert plan.proposal is not None
    assert [each.shown for each in plan.proposal.seen] == [Shown.UNASKED]
    assert "what will change is by the records: targets know no other time than now" in said


TOMORROW = "Redrive the tracking dlq, tomorrow 10:00-11:00"


def test_what_begins_later_changes_what_was_foretold_although_it_is_held_now(
    company: Company,
) -> None:
    """S14: what a target shows of a grant that is over by then says nothing of then."""
    by_a_running_grant(company)
    asked = given(company, company.ask(SRE, TOMORROW))
    assert asked.status is Status.APPROVED
    company.pass_time(timedelta(hours=3))
    company.sweep()
    before = held(company)

    company.at(datetime(2026, 11, 24, 10, tzinfo=UTC))
    company.sweep()

    assert company.view(asked.request.id).status is Status.ACTIVE
    assert held(company) - before == BY_HAND == foretold(company, asked)


def test_what_differs_is_said_where_nothing_is_given(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S14: a denial leaves what somebody has by nobody's grant, and says that it is there."""
    by_nobody(company)
    company.deny(company.ask(SRE, REDRIVE), MANAGER)

    said = Terminal(company.home, capsys).type("request", "show", "--last").words

    assert f"for review {SYSTEM}: {ROLE} is there already" in said
    assert "will change" not in said
    assert company.holds(SRE, ROLE, SYSTEM)


def test_what_a_target_shows_makes_no_difference_to_the_verdict(
    company: Company, tmp_path: Path
) -> None:
    """S14 S40: a target's word is no fact of policy."""
    plain, shown = company.copied(tmp_path / "plain"), company.copied(tmp_path / "shown")
    by_nobody(shown)

    one, other = plain.ask(SRE, REDRIVE), shown.ask(SRE, REDRIVE)

    assert one.decision is not None
    assert other.decision is not None
    assert one.decision.facts_digest == other.decision.facts_digest
    assert one.decision.reasons == other.decision.reasons
