"""Somebody takes a role away on the target itself, between `grant` and `verify` (invariant 12)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from govagents.action import verifier
from govagents.domain.grant import Change, Effect, Evidence
from govagents.domain.ids import GrantId, IdentityId, RequestId, RoleId, SystemId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.errors import TargetUnavailableError
from govagents.findings import latest
from govagents.ports import Connector, Guard, Order
from govagents.testing.company import Company
from tests.journey.standing_in import Watched, watched

SCOUT, LEAD = "agent-security-scout", "mina.farahani"
TWO_ROLES = (
    "Show context for an alert: members and owners of the payments-release group. "
    "Two hours, read only."
)
DIRECTORY, ALERTS = ("cd-directory-reader", "corp-directory"), ("ss-alert-viewer", "sentry-siem")


@dataclass
class Meanwhile:
    """The company's guard; what `then` says is done as soon as it has given."""

    behind: Guard
    then: Sequence[Callable[[], None]] = ()

    def grant(self, request: RequestId) -> Effect:
        effect = self.behind.grant(request)
        for each in self.then:
            each()
        return effect

    def observe(self, request: RequestId) -> tuple[Change, ...]:
        return self.behind.observe(request)

    def end(self, grant: GrantId, *, actor: IdentityId, cause: str) -> Status:
        return self.behind.end(grant, actor=actor, cause=cause)


@pytest.fixture
def target(company: Company) -> Watched:
    return watched(company)


@pytest.fixture
def meanwhile(company: Company, target: Watched) -> Meanwhile:
    app = company.app
    assert app.guard.targets.otherwise is target
    guard = Meanwhile(app.guard)
    services = replace(app.services, guard=guard)
    company._app = replace(app, runner=replace(app.runner, services=services))
    return guard


def takes_away(target: Connector, role: str, system: str) -> Callable[[], None]:
    """As an administrator of the target would, who knows nothing of us."""
    order = Order(SystemId(system), RoleId(role), IdentityId(SCOUT), fence="by hand")
    return lambda: target.revoke(order)


def evidence(company: Company, asked: View) -> Evidence | None:
    with company.app.records.begin() as tx:
        return latest(tx, asked.request.id, "evidence", Evidence)


@pytest.mark.usefixtures("meanwhile")
def test_two_roles_on_two_systems_are_confirmed_when_nobody_interferes(company: Company) -> None:
    """S18: the case that the others differ from."""
    asked = company.ask(SCOUT, TWO_ROLES)
    given = company.approve(asked, LEAD)

    assert evidence(company, asked) is Evidence.CONFIRMED
    assert {(grant.role, grant.targets[0]) for grant in given.grants} == {DIRECTORY, ALERTS}
    assert {grant.status for grant in given.grants} == {Status.ACTIVE}


@pytest.mark.parametrize(("taken", "other"), [(DIRECTORY, ALERTS), (ALERTS, DIRECTORY)])
def test_everything_is_taken_back_when_a_part_is_gone_before_it_is_verified(
    company: Company,
    meanwhile: Meanwhile,
    target: Watched,
    taken: tuple[str, str],
    other: tuple[str, str],
) -> None:
    """S18, invariant 12: the mismatch is undone whole, logged, and said."""
    asked = company.ask(SCOUT, TWO_ROLES)
    meanwhile.then = [takes_away(target, *taken)]

    after = company.approve(asked, LEAD)

    assert evidence(company, asked) is Evidence.MISMATCH
    assert after.status is Status.BLOCKED
    assert after.note.endswith("than was proposed; all of it was taken back")
    assert [(grant.status, grant.cause) for grant in after.grants] == [
        (Status.REVOKED, "undone"),
        (Status.REVOKED, "undone"),
    ]
    assert not company.holds(SCOUT, *taken)
    assert not company.holds(SCOUT, *other)
    kinds = [event.kind for _, event in after.entries]
    assert kinds.index("step.verify") < kinds.index("grant.ending") < kinds.index("step.undo")
    assert kinds.count("grant.ended") == 2


def test_half_of_it_stays_when_what_is_read_back_is_not_compared(
    company: Company,
    meanwhile: Meanwhile,
    target: Watched,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S18: the harm without the second look."""
    asked = company.ask(SCOUT, TWO_ROLES)
    monkeypatch.setattr(verifier, "predicted", lambda *_: meanwhile.observe(asked.request.id))
    meanwhile.then = [takes_away(target, *DIRECTORY)]

    after = company.approve(asked, LEAD)

    assert after.status is Status.ACTIVE
    assert not company.holds(SCOUT, *DIRECTORY)
    assert company.holds(SCOUT, *ALERTS)


def test_it_is_said_what_is_still_held_when_undoing_fails(
    company: Company, meanwhile: Meanwhile, target: Watched
) -> None:
    """S18 S39: nothing is called taken back that its target did not confirm; the sweep goes on."""

    def down() -> None:
        message = "no answer"
        raise TargetUnavailableError(message)

    asked = company.ask(SCOUT, TWO_ROLES)
    meanwhile.then = [
        takes_away(target, *DIRECTORY),
        lambda: target.before_revoke.append(down),
    ]

    after = company.approve(asked, LEAD)

    assert after.status is Status.BLOCKED
    assert "all of it was taken back" not in after.note
    assert "not yet taken back: `sentry-siem`" in after.note
    assert company.holds(SCOUT, *ALERTS)
    company.sweep()
    assert not company.holds(SCOUT, *ALERTS)
