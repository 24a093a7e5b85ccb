"""What is shown beforehand is, change by change, what then happens to the targets (S13, S14).

The set is of two roles, one of them a bundle across three systems; targets are read in the file
that stands for the outside, whole, so that a change anywhere else would be seen as well.
"""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from govagents.action import verifier
from govagents.domain.grant import Change, Evidence
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.domain.prediction import difference, predicted
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.errors import TargetRefusedError
from govagents.findings import latest
from govagents.ports import Connector, Order
from govagents.testing.company import Company
from govagents.wiring import import_world
from tests.journey.terminal import Terminal

AGENT, OWNER = "agent-sre-responder", "katarzyna.wolska"
BOTH = "I want to put tracking-web back on its previous revision and tail the pod logs, 20 minutes."
TOMORROW = "I want to read the anonymised lane statistics tomorrow 10:00-11:00."
LOGS, BUNDLE = "kp-log-reader", "x-release-window"
GAINED = {
    ("k8s-prod", LOGS, AGENT),
    ("aws-prod", BUNDLE, AGENT),
    ("code-forge", BUNDLE, AGENT),
    ("k8s-prod", BUNDLE, AGENT),
}
Held = set[tuple[str, str, str]]


class Refusing(Connector):
    """The real targets, but for one system that refuses whatever is to be given."""

    scheme = "refusing"

    def __init__(self, behind: Connector, system: str) -> None:
        self.behind, self.system = behind, system

    @classmethod
    def at(cls, address: str, folder: object) -> "Refusing":
        raise TypeError(address, folder)

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        return self.behind.holders(system, role)

    def grant(self, order: Order) -> None:
        if order.system == self.system:
            message = "not today"
            raise TargetRefusedError(message)
        self.behind.grant(order)

    def revoke(self, order: Order) -> None:
        self.behind.revoke(order)


def held(company: Company) -> Held:
    """Everything that anybody holds anywhere."""
    with closing(sqlite3.connect(company.home / "sim.db")) as outside:
        return set(outside.execute("SELECT system, role, subject FROM held"))


def changed(company: Company) -> list[tuple[str, str, int]]:
    """Every change there ever was, in its order."""
    with closing(sqlite3.connect(company.home / "sim.db")) as outside:
        return list(outside.execute("SELECT system, role, gained FROM change ORDER BY n"))


def refuse(company: Company, system: str) -> None:
    app = company.app
    targets = app.guard.targets
    assert targets.otherwise is not None
    broken = replace(targets, otherwise=Refusing(targets.otherwise, system))
    guard = replace(app.guard, targets=broken, expiry=replace(app.guard.expiry, targets=broken))
    services = replace(app.services, guard=guard)
    company._app = replace(app, guard=guard, runner=replace(app.runner, services=services))


@pytest.fixture
def asked(company: Company) -> View:
    view = company.ask(AGENT, BOTH)
    assert view.status is Status.PENDING
    assert view.proposal is not None
    assert view.proposal.roles == (LOGS, BUNDLE)
    return view


def test_the_real_difference_is_the_predicted_one_when_two_roles_reach_three_systems(
    company: Company, asked: View
) -> None:
    """S13 S14: predicted without an effect; then given, and nothing else is gained or lost."""
    before = held(company)
    assert asked.proposal is not None
    expected = difference(asked.proposal, company.app.catalogs.current())
    assert expected == predicted(asked.proposal, company.app.catalogs.current())
    assert held(company) == before

    given = company.approve(asked, OWNER)

    assert given.status is Status.ACTIVE
    assert held(company) - before == GAINED
    assert before <= held(company)
    assert {(each.system, each.role, each.subject) for each in expected} == GAINED
    assert all(each.gained for each in expected)
    with company.app.records.begin() as tx:
        assert latest(tx, asked.request.id, "evidence", Evidence) is Evidence.CONFIRMED


def test_every_change_is_shown_when_nothing_has_happened_yet(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S14: a what-if names all of it and does none of it."""
    terminal, before = Terminal(company.home, capsys), held(company)

    said = terminal.type("ask", BOTH, "--plan-only", "--as", AGENT).words

    for system, role, subject in GAINED:
        assert f"{system}: {subject} gets {role}" in said
    assert held(company) == before
    assert changed(company) == []


def test_no_difference_is_predicted_and_none_is_made_where_the_role_is_held_already(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S14: what is shown equals what happens also where nothing happens; the rest says why."""
    before = held(company)
    asked = company.ask("agent-support-triage", "see the customs declarations, 2d")
    assert asked.proposal is not None
    assert asked.decision is not None

    given = company.approve(asked, asked.decision.approvers[0])

    assert given.status is Status.ACTIVE
    assert [each.role for each in asked.proposal.seen] == ["od-customs-viewer"]
    assert difference(asked.proposal, company.app.catalogs.current()) == ()
    assert held(company) == before
    said = Terminal(company.home, capsys).type("why", asked.request.id).words
    assert "held already od-customs-viewer: nothing changes there now" in said
    assert "gets od-customs-viewer" not in said


def test_the_rollback_restores_what_was_when_all_of_it_is_given_back(
    company: Company, asked: View
) -> None:
    """S13 S14: the inverse of the prediction, change by change."""
    before = held(company)
    given = company.approve(asked, OWNER)

    for grant in given.grants:
        company.app.guard.end(grant.id, actor=IdentityId(AGENT), cause="given_back")

    gained = [(system, role) for system, role, gained in changed(company) if gained]
    lost = [(system, role) for system, role, gained in changed(company) if not gained]
    assert held(company) == before
    assert sorted(gained) == sorted(lost) == sorted((each[0], each[1]) for each in GAINED)


def test_what_came_before_is_taken_back_when_a_later_step_is_refused(
    company: Company, asked: View
) -> None:
    """S13: the first role was given already; one system of the second says no; neither stays."""
    before = held(company)
    refuse(company, "code-forge")

    after = company.approve(asked, OWNER)

    assert after.status is Status.BLOCKED
    assert "all of it was taken back" in after.note
    assert ("k8s-prod", LOGS, 1) in changed(company)
    assert ("k8s-prod", LOGS, 0) in changed(company)
    assert held(company) == before
    assert not company.grants(Status.ACTIVE)


def test_all_is_taken_back_when_the_targets_show_more_than_was_predicted(
    company: Company, asked: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S13: the predicted post-state is a condition; what differs from it does not stay."""
    before = held(company)
    first = Change(SystemId("k8s-prod"), RoleId(LOGS), IdentityId(AGENT), gained=True)
    monkeypatch.setattr(verifier, "predicted", lambda *_: (first,))

    after = company.approve(asked, OWNER)

    assert after.status is Status.BLOCKED
    assert len(changed(company)) == 2 * len(GAINED)
    assert held(company) == before


def test_nothing_is_done_when_the_catalog_of_the_plan_is_no_longer_in_force(
    company: Company, tmp_path: Path
) -> None:
    """S13: the catalog is a precondition, named as such, where nobody is asked either."""
    asked = company.ask("nia.roberts", TOMORROW)
    assert asked.status is Status.APPROVED
    roles = (company.world / "roles.jsonl").read_text(encoding="utf-8")
    changed_roles = {"roles.jsonl": roles.replace("Queue Operator", "Queue Keeper", 1)}
    import_world(company.app, company.with_files(changed_roles, tmp_path / "world"), apply=True)
    before = held(company)

    company.at(datetime(2026, 11, 24, 10, tzinfo=UTC))
    company.sweep()

    after = company.view(asked.request.id)
    assert after.status is Status.BLOCKED
    assert "the catalog changed since this was proposed" in after.note
    assert held(company) == before
