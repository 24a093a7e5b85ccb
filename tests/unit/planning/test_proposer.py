"""The proposal is the least that will do, and says what else there was and why it lost (S4, S5)."""

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from govagents.domain.catalog import AccessLevel, Catalog, Permission, Role
from govagents.domain.ids import IdentityId, PermissionId, RoleId
from govagents.domain.prediction import difference, predicted
from govagents.domain.proposal import Alternative, Proposal, Sufficiency
from govagents.domain.request import Window
from govagents.domain.sight import Recorded
from govagents.ports import Holding
from govagents.solver.weights import Weights
from tests.unit.planning.office import ANA, catalog_of, office, proposed
from tests.unit.policy.company import HOUR, NOW, PERMISSIONS, ROLES, role, world

READ, EXPORT, PAY = "lake:stats:read", "lake:stats:export", "till:payments:create"
DESK = (*ROLES, role("desk", READ, PAY, "lake:trail:erase"))


def other(*roles: str, excess: int, leaves_out: str = "", adds: str = "") -> Alternative:
    return Alternative(
        tuple(RoleId(each) for each in roles),
        excess,
        tuple(PermissionId(each) for each in (leaves_out,) if each),
        tuple(PermissionId(each) for each in (adds,) if each),
    )


def test_the_other_plans_stand_beside_the_chosen_with_score_and_loss() -> None:
    """S4: a second plan of the same excess lost by having more roles."""
    found = proposed(office(PERMISSIONS, DESK), READ, PAY)

    assert found.roles == ("bundle",)
    assert found.proof.status is Sufficiency.OPTIMAL
    assert found.proof.excess_weight == 0
    assert found.next_best == other("payer", "reader", excess=0)
    assert found.narrower is None
    assert found.all_seen


def test_the_dearer_plan_says_what_it_would_add_when_it_lost_by_its_excess() -> None:
    """S4."""
    roles = tuple(each for each in DESK if each.id not in {"bundle", "payer"})

    found = proposed(office(PERMISSIONS, (*roles, role("till", PAY, EXPORT))), READ, PAY)

    assert found.roles == ("reader", "till")
    assert found.proof.excess_weight == 2
    assert found.next_best == other("desk", excess=5, adds="lake:trail:erase")
    assert found.narrower == other("reader", excess=0, leaves_out=PAY)
    assert {each.permission: each.excess_weight for each in found.costs} == {READ: 0, PAY: 2}
    assert found.why == {"reader": (READ,), "till": (PAY,)}


def test_no_second_plan_is_recorded_as_none_when_all_were_looked_at() -> None:
    """S4: that there is none is said, not left open."""
    found = proposed(office(PERMISSIONS, ROLES), EXPORT)

    assert found.roles == ("exporter",)
    assert (found.next_best, found.narrower, found.all_seen) == (None, None, True)


def test_a_role_that_grants_it_only_under_a_condition_is_no_coverage() -> None:
    """S5: the cheaper role holds it on some resources only; the dearer one is chosen."""
    sometimes = role("sometimes", READ, conditional=frozenset({PermissionId(READ)}))
    always = role("always", READ, "lake:trail:erase")

    found = proposed(office(PERMISSIONS, (sometimes, always)), READ)

    assert found.roles == ("always",)
    assert found.excess == ("lake:trail:erase",)
    assert found.why == {"always": (READ,)}


@pytest.mark.parametrize(
    ("window", "source", "held"),
    [
        (None, "by hand", True),
        (Window(NOW - HOUR, NOW + HOUR), "grant", True),
        (Window(NOW + HOUR, NOW + 2 * HOUR), "grant", False),
        (Window(NOW - HOUR, NOW), "grant", False),
        (Window(NOW, NOW + HOUR), "pending", False),
        (Window(NOW, NOW + HOUR), "scheduled", False),
    ],
)
def test_what_is_held_when_access_would_begin_is_no_difference(
    window: Window | None, source: str, held: bool
) -> None:
    """S14: standing or running; what is only asked for or comes later changes the targets yet."""
    holding = Holding(ANA, RoleId("reader"), window, source)
    at = replace(office(PERMISSIONS, ROLES), holdings=(holding,))

    found = proposed(at, READ)

    assert found.roles == ("reader",)
    recorded = Recorded.HELD if held else Recorded.NOT_HELD
    assert [(each.role, each.recorded) for each in found.seen] == [("reader", recorded)]
    assert [each.role for each in predicted(found, at.catalog)] == ["reader"]
    assert [each.role for each in difference(found, at.catalog)] == ([] if held else ["reader"])


def test_what_an_agent_of_the_beneficiary_holds_is_not_held_by_the_beneficiary() -> None:
    """S14: it counts for separation of duties; the targets show it for the agent."""
    theirs = Holding(IdentityId("copilot"), RoleId("reader"), None, "by hand")

    found = proposed(replace(office(PERMISSIONS, ROLES), holdings=(theirs,)), READ)

    assert [each.recorded for each in found.seen] == [Recorded.NOT_HELD]


def test_no_set_is_possible_when_it_is_granted_under_a_condition_alone() -> None:
    """S5: nothing is proposed rather than something that may not do."""
    sometimes = role("sometimes", READ, conditional=frozenset({PermissionId(READ)}))

    found = proposed(office(PERMISSIONS, (sometimes,)), READ)

    assert (found.roles, found.proof.status) == ((), Sufficiency.INFEASIBLE)
    assert found.obstacles == (f"no role grants `{READ}` without a condition",)


def test_a_role_across_a_separation_of_duties_is_not_proposed_when_one_side_is_held() -> None:
    """S5 S14: the cheapest set would join both sides; the held side rules it out."""
    payer, till = role("payer", PAY), role("till", "till:payments:approve", READ)
    plain = role("plain", READ, "lake:keys:admin")

    free = proposed(office(PERMISSIONS, (payer, till, plain)), READ)
    barred = proposed(office(PERMISSIONS, (payer, till, plain), held=("payer",)), READ)
    alone = proposed(office(PERMISSIONS, (payer, till), held=("payer",)), READ)

    assert free.roles == ("till",)
    assert barred.roles == ("plain",)
    assert alone.roles == ()
    assert alone.obstacles == (
        "separation of duties: `payments` forbids every set that would suffice",
    )


@pytest.mark.parametrize("seed", range(60))
def test_the_set_covers_every_need_and_none_smaller_does(seed: int) -> None:
    """S5: against all sets of a random catalog with conditional grants; the excess is counted."""
    rng = Random(seed)  # noqa: S311  # seeded: the same catalogs everywhere
    catalog = _random(rng)
    coverable = sorted({item for each in catalog.roles.values() for item in _sure(each)})
    needs = rng.sample(coverable, min(len(coverable), rng.randint(1, 3)))
    permissions, roles = tuple(catalog.permissions.values()), tuple(catalog.roles.values())

    found = proposed(office(permissions, roles, company=world(separation=())), *needs)

    every = (
        chosen
        for size in range(1, len(catalog.roles) + 1)
        for chosen in combinations(sorted(catalog.roles), size)
        if set(needs) <= {item for each in chosen for item in _sure(catalog.roles[each])}
    )
    least = min(_weight(catalog, chosen, needs) for chosen in every)
    assert set(needs) <= {item for each in found.roles for item in _sure(catalog.roles[each])}
    assert not any(_suffices(catalog, found, without) for without in found.roles)
    assert len(found.weighed) >= 2
    assert found.weighed[0].score.excess_weight == found.proof.excess_weight
    assert set(found.excess) == _excess(catalog, found.roles, needs)
    assert found.proof.excess_weight == _weight(catalog, found.roles, needs) == least


def _random(rng: Random) -> Catalog:
    levels = (AccessLevel.READ, AccessLevel.WRITE, AccessLevel.PERMISSIONS_MANAGEMENT)
    permissions = [Permission(PermissionId(f"p{n}"), rng.choice(levels)) for n in range(6)]
    roles = []
    for number in range(6):
        items = rng.sample([item.id for item in permissions], rng.randint(1, 4))
        under = frozenset(item for item in items if rng.random() < 0.3)
        human = frozenset({"human"})
        roles.append(
            Role(
                RoleId(f"r{number}"),
                "",
                frozenset(items),
                conditional=under,
                requestable_by=human,
            )
        )
    return catalog_of(permissions, roles)


def _sure(each: Role) -> frozenset[PermissionId]:
    return each.permissions - each.conditional


def _excess(catalog: Catalog, roles: tuple[RoleId, ...], needs: list[PermissionId]) -> set[str]:
    """What comes along: all that is granted but the needs, and what holds only at times."""
    found = [catalog.roles[each] for each in roles]
    return {item for each in found for item in (each.permissions - set(needs)) | each.conditional}


def _weight(catalog: Catalog, roles: tuple[RoleId, ...], needs: list[PermissionId]) -> int:
    items = (catalog.permissions[PermissionId(item)] for item in _excess(catalog, roles, needs))
    return sum(Weights.default().of(item.access_level, item.sensitivity) for item in items)


def _suffices(catalog: Catalog, found: Proposal, without: RoleId) -> bool:
    rest = [catalog.roles[each] for each in found.roles if each != without]
    return set(found.needs) <= {item for each in rest for item in _sure(each)}
