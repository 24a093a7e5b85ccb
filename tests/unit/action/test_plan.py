"""A plan's steps and their way back are held against the catalog and the box of tools (S13)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from govagents.action import plan as shipped
from govagents.action.plan import plan_faults, undoing
from govagents.action.toolbox import TOOLS
from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId, RequestId, RoleId, SystemId
from govagents.domain.plan import Act, Step
from govagents.domain.prediction import planned
from govagents.domain.proposal import Proposal
from govagents.domain.request import Status
from govagents.domain.sight import Shown
from tests.unit.adapters.stores import grant
from tests.unit.planning.office import Office, office, proposed
from tests.unit.policy.company import PERMISSIONS, ROLES

READ, PAY = "lake:stats:read", "till:payments:create"
OFFICE: Office = office(PERMISSIONS, ROLES)
Forgery = Callable[[Step], Step]


@pytest.fixture(scope="module")
def honest() -> Proposal:
    found = proposed(OFFICE, READ, PAY)
    assert len(found.steps) == 2
    return found


def of_the_last(proposal: Proposal, forge: Forgery) -> Proposal:
    *before, last = proposal.steps
    return replace(proposal, steps=(*before, forge(last)))


def back(**changes: str) -> Forgery:
    def forge(step: Step) -> Step:
        assert step.rollback is not None
        return replace(step, rollback=replace(step.rollback, **changes))  # type: ignore[arg-type]  # texts

    return forge


def there(**changes: str) -> Forgery:
    """The way back fits the forged step."""

    def forge(step: Step) -> Step:
        forged = replace(back(**changes)(step), act=replace(step.act, **changes))  # type: ignore[arg-type]  # texts
        assert forged.rollback is not None
        return replace(forged, rollback=replace(forged.rollback, tool="revoke"))

    return forge


FORGED: dict[str, Forgery] = {
    "nothing is rolled back": lambda step: replace(step, rollback=None),
    "it is given again": back(tool="grant"),
    "by no tool of the box": back(tool="drop"),
    "on another system": back(system="till-2"),
    "another role": back(role="reader"),
    "of somebody else": back(subject="bo"),
}
ANOTHER: dict[str, Forgery] = {
    "another system": there(system="vault"),
    "another role": there(role="reader"),
    "somebody else": there(subject="bo"),
    "another tool": there(tool="revoke"),
}


def test_an_honest_plan_has_no_fault_and_a_way_back_for_each_step(honest: Proposal) -> None:
    """S13: steps and rollback are data of the plan."""
    assert plan_faults(honest, OFFICE.catalog) == ()
    assert [step.rollback for step in honest.steps] == [
        replace(step.act, tool=TOOLS[step.act.tool].inverse) for step in honest.steps
    ]


@pytest.mark.parametrize("forgery", FORGED)
def test_a_plan_is_refused_when_its_way_back_is_not_the_inverse(
    forgery: str, honest: Proposal
) -> None:
    """S13."""
    forged = of_the_last(honest, FORGED[forgery])

    assert plan_faults(forged, OFFICE.catalog) == ("step 2 is not rolled back by its inverse",)


@pytest.mark.parametrize("forgery", ANOTHER)
def test_a_plan_is_refused_when_a_step_is_not_what_its_roles_give(
    forgery: str, honest: Proposal
) -> None:
    """S13: also where the way back fits."""
    forged = of_the_last(honest, ANOTHER[forgery])

    assert plan_faults(forged, OFFICE.catalog) == ("its steps are not what its roles give",)


@pytest.mark.parametrize(
    "steps", [lambda both: both[:1], lambda both: both[::-1], lambda both: both * 2, lambda _: ()]
)
def test_a_plan_is_refused_when_steps_lack_or_come_otherwise(
    steps: Callable[[tuple[Step, ...]], tuple[Step, ...]], honest: Proposal
) -> None:
    """S13."""
    assert plan_faults(replace(honest, steps=steps(honest.steps)), OFFICE.catalog)


def test_a_plan_is_refused_when_the_catalog_has_no_such_role(honest: Proposal) -> None:
    found = replace(honest, roles=(*honest.roles, RoleId("ghost")))

    assert plan_faults(found, OFFICE.catalog) == ("the catalog has no role `ghost`",)


def test_a_role_that_is_held_already_is_rolled_back_by_nothing(honest: Proposal) -> None:
    """S13 S39: what was there before stays."""
    seen = tuple(replace(each, shown=Shown.HELD) for each in honest.seen)
    holds = replace(honest, seen=seen)
    planned_so = replace(holds, steps=planned(holds, OFFICE.catalog))

    assert {step.rollback for step in planned_so.steps} == {None}
    assert plan_faults(planned_so, OFFICE.catalog) == ()
    assert plan_faults(replace(planned_so, seen=honest.seen), OFFICE.catalog)


A, B, C = (RoleId(name) for name in "abc")


def step(role: RoleId, tool: str = "revoke") -> Step:
    act = Act("grant", SystemId("s"), role, IdentityId("ana"))
    return Step(act, replace(act, tool=tool))


def given(role: RoleId) -> Grant:
    found = grant(RequestId("req_1"), Status.ACTIVE, name=f"gr_{role}")
    return replace(found, role=role)


def ended(*steps: Step) -> list[str]:
    """In which order, where A, B and C were given in this one."""
    return [each.role for each in undoing(steps, [given(A), given(B), given(C)])]


def test_what_was_given_is_undone_by_the_way_back_from_its_end() -> None:
    """S13: the stored one counts, not the order in which grants happen to lie."""
    assert ended(step(A), step(B), step(C)) == [C, B, A]
    assert ended(step(C), step(A), step(B)) == [B, A, C]


def test_all_that_was_given_is_undone_when_the_plan_says_less() -> None:
    """S13 S39: a way back that is forged, or lost, keeps nothing from being taken back."""
    assert ended() == [C, B, A]
    assert ended(step(A)) == [A, C, B]
    assert ended(step(A, tool="grant"), step(B, tool="drop")) == [C, B, A]


def test_a_forged_way_back_is_followed_without_the_shipped_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The harm: whatever it says goes."""
    forged = step(A, tool="grant")
    assert ended(forged) == [C, B, A]
    monkeypatch.setattr(shipped, "_way_back", lambda act, **_: replace(act, tool="grant"))

    assert ended(forged) == [A, C, B]
