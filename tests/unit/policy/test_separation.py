from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from govagents.domain.identity import Kind
from govagents.domain.ids import IdentityId, RoleId
from govagents.domain.rules import SeparationRule
from govagents.policy.separation import conflicts, reached, separation_constraints
from govagents.policy.standing import party
from govagents.ports import Holding
from tests.unit.policy.company import CATALOG, ROLES, machine, world

_NAMES = sorted(str(role.id) for role in ROLES)
_PERMISSIONS = sorted(str(item) for item in CATALOG.permissions)


def holdings(*names: str) -> list[Holding]:
    return [Holding(IdentityId("ana"), RoleId(name), None, "request") for name in names]


def completed(held: list[str], proposed: list[str]) -> set[str]:
    found = conflicts(
        world(), CATALOG, [RoleId(name) for name in held], [RoleId(name) for name in proposed]
    )
    return {rule for rules in found.values() for rule in rules}


def test_rule_conflicts_when_a_grant_adds_its_second_side() -> None:
    assert completed(["payer"], ["releaser"]) == {"payments"}
    assert completed(["bundle"], ["releaser"]) == {"payments"}
    assert completed(["exporter"], ["keeper"]) == {"admins"}


def test_rule_does_not_conflict_when_it_was_complete_before() -> None:
    """Invariant 7: a pair already complete is a finding for review, not a prohibition."""
    assert completed(["payer", "releaser"], ["bundle"]) == set()
    assert completed(["payer"], ["bundle"]) == set()


def test_constraints_forbid_the_other_side_when_one_is_held() -> None:
    found = separation_constraints(world(), CATALOG, holdings("payer", "exporter"))

    assert found.forbidden_permissions == {"till:payments:approve"}
    assert found.forbidden_roles == {"keeper"}
    assert found.rules == ("payments", "admins")
    assert (found.exclusive_permissions, found.exclusive_roles) == (frozenset(), frozenset())


def test_constraints_are_pairs_when_neither_side_is_held() -> None:
    found = separation_constraints(world(), CATALOG, [])

    assert found.exclusive_permissions == {("till:payments:approve", "till:payments:create")}
    assert found.exclusive_roles == {("exporter", "keeper")}
    assert found.rules == ()


def test_unknown_role_reaches_nothing_when_held() -> None:
    assert reached(CATALOG, RoleId("ghost")) == frozenset()
    assert completed(["ghost"], ["releaser"]) == set()


@st.composite
def _rules(draw: st.DrawFn) -> SeparationRule:
    of_roles = draw(st.booleans())
    members = st.sets(st.sampled_from(_NAMES if of_roles else _PERMISSIONS), min_size=1, max_size=3)
    return SeparationRule("r", frozenset(draw(members)), frozenset(draw(members)), "", of_roles)


@given(
    _rules(),
    st.sets(st.sampled_from(_NAMES), max_size=3),
    st.sets(st.sampled_from(_NAMES), min_size=1, max_size=3),
)
def test_constraints_and_conflicts_agree_when_any_rule_meets_any_set(
    rule: SeparationRule, held: set[str], proposed: set[str]
) -> None:
    """What the solver is told to avoid is what policy would refuse: no more and no less."""
    within = world(separation=(rule,))
    told = separation_constraints(within, CATALOG, holdings(*held))
    roles = {RoleId(name) for name in proposed}
    reach = {item for role in roles for item in reached(CATALOG, role)}
    already = {item for name in held for item in reached(CATALOG, RoleId(name))}
    pairs = {tuple(sorted(pair)) for pair in combinations(reach | already, 2)}
    role_pairs = {tuple(sorted(pair)) for pair in combinations(roles | set(map(RoleId, held)), 2)}

    avoided = bool(
        told.forbidden_permissions & (reach - already)
        or told.forbidden_roles & (roles - set(held))
        or told.exclusive_permissions & pairs
        or told.exclusive_roles & role_pairs
    )
    found = conflicts(within, CATALOG, [RoleId(name) for name in held], sorted(roles))

    assert avoided == any(found.values())


def test_party_is_the_person_with_all_their_agents_when_asked_from_any_member() -> None:
    everybody = {"ben", "copilot", "helper"}

    assert party(world(), IdentityId("ben")) == everybody
    assert party(world(), IdentityId("copilot")) == everybody
    assert party(world(), IdentityId("helper")) == everybody
    assert party(world(), IdentityId("loader")) == {"loader"}
    assert party(world(), IdentityId("ana")) == {"ana"}


def test_party_takes_in_the_principals_owner_when_a_subagent_has_another() -> None:
    lent = machine("helper", Kind.SUBAGENT, "ana", parent="copilot")

    assert party(world(lent), IdentityId("helper")) == {"helper", "copilot", "ben", "ana"}
