"""`undo` shows the difference first, and changes exactly that (S18)."""

from pathlib import Path
from typing import Any

import pytest

from govagents.action.expiry import Expiry
from govagents.action.undo import Reversal
from govagents.domain.grant import Change
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.domain.request import Status
from govagents.errors import StateError, TargetRefusedError
from govagents.ports import Order
from govagents.testing.company import Company
from tests.journey.breaking import HOLDER, OWNER, ROLE, SYSTEM
from tests.journey.standing_in import Watched, watched
from tests.journey.terminal import Terminal

WHO = "aisha.rahman"
HELD = {"fe-workshop-viewer": "fleet-erp", "od-test-data": "orders-db"}
BEFORE = {"fe-workshop-viewer"}


class Refusing(Watched):
    """Gives one of the two."""

    def grant(self, order: Order) -> None:
        if order.role == "od-test-data":
            message = "not today"
            raise TargetRefusedError(message)
        super().grant(order)


@pytest.fixture(scope="module")
def given(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Two roles by one request; one of them was held before."""
    company = made.copied(tmp_path_factory.mktemp("given") / "store")
    asked = company.ask(WHO, "Workshop Viewer and Masked Order Data, for 2 hours")
    company.answer(asked, "1 and 2")
    assert {grant.role for grant in company.grants(Status.ACTIVE)} == HELD.keys()
    return company.restarted()


@pytest.fixture
def two(given: Company, tmp_path: Path) -> Company:
    return given.copied(tmp_path / "store")


def shown(company: Company) -> set[str]:
    return {role for role, system in HELD.items() if company.holds(WHO, role, system)}


def answered(company: Company, capsys: pytest.CaptureFixture[str], *words: str) -> Any:  # noqa: ANN401  # JSON
    return Terminal(company.home, capsys).data("undo", "--last", *words)


def test_the_difference_shown_is_what_happens_when_it_is_applied(
    two: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S18: what was held before stays; the targets are as they were before the request."""
    before = shown(two)
    plan = answered(two, capsys)
    untouched = shown(two)

    done = answered(two, capsys, "--apply", "--as", WHO)

    assert (plan["lost"], plan["stays"]) == (done["lost"], done["stays"])
    assert (plan["applied"], done["applied"]) == (False, True)
    assert before == untouched == HELD.keys()
    assert {each["role"] for each in plan["lost"]} == before - shown(two)
    assert shown(two) == BEFORE
    assert two.newest().status is Status.REVOKED
    assert {grant.cause for grant in two.grants()} == {"reversed"}


def test_what_is_shown_is_not_what_happens_without_the_shipped_line(
    two: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: a difference that does not know what keeps a role.

    removes: govagents/action/undo.py
    """
    monkeypatch.setattr(Expiry, "kept", lambda *_: ())
    plan = answered(two, capsys)

    done = answered(two, capsys, "--apply", "--as", WHO)

    assert len(plan["lost"]) == 2
    assert len(done["lost"]) == 1


def test_another_grant_keeps_the_role_when_one_request_is_undone(holding: Company) -> None:
    """S18: also on an owner's word, who may revoke to end both."""
    first = holding.newest().request.id
    holding.approve(holding.ask(HOLDER, "Redrive the tracking dlq, 3h"), OWNER)
    reversal = Reversal(holding.app.records, holding.app.guard.expiry)
    stays = Change(SystemId(SYSTEM), RoleId(ROLE), IdentityId(HOLDER), gained=False)

    found = reversal.difference(first)
    done = reversal.apply(first, actor=IdentityId(OWNER))

    assert found == done
    assert (found.lost, found.stays) == ((), (stays,))
    assert holding.holds(HOLDER, ROLE, SYSTEM)


def test_nothing_is_undone_when_a_part_is_for_others_to_end(two: Company) -> None:
    """S18: an owner of one of the two systems; all of it, or nothing."""
    request = two.newest().request.id
    owner = next(grant for grant in two.grants() if grant.role == "od-test-data").owners[0]
    reversal = Reversal(two.app.records, two.app.guard.expiry)

    with pytest.raises(StateError, match=f"not for `{owner}` to end"):
        reversal.apply(request, actor=owner)

    assert len(two.grants(Status.ACTIVE)) == 2


def test_a_half_is_undone_without_the_shipped_line(
    two: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(Expiry, "insist", lambda *_: None)
    request = two.newest().request.id
    owner = next(grant for grant in two.grants() if grant.role == "od-test-data").owners[0]
    reversal = Reversal(two.app.records, two.app.guard.expiry)

    with pytest.raises(StateError):
        reversal.apply(request, actor=owner)

    assert len(two.grants(Status.ACTIVE)) == 1


def test_there_is_nothing_to_undo_when_nothing_is_held(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S18."""
    company.ask(HOLDER, "Redrive the tracking dlq, 2h")

    said = Terminal(company.home, capsys).type("undo", "--last")

    assert said.code == 1
    assert "is pending: nothing of it is held that could be undone" in said.err


def test_nothing_of_a_set_is_given_when_one_target_refuses(company: Company) -> None:
    """S18: several roles are given whole or not at all; what was held before stays."""
    target = watched(company)
    asked = company.ask(WHO, "Workshop Viewer and Masked Order Data, for 2 hours")
    target.behind = Refusing(target.behind)

    after = company.answer(asked, "1 and 2")

    assert after.status is Status.BLOCKED
    assert "all of it was taken back" in after.note
    assert {grant.status for grant in after.grants} == {Status.REVOKED}
    assert shown(company) == BEFORE
