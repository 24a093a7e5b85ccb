from dataclasses import replace
from datetime import timedelta

import pytest

from govagents.domain.identity import Kind
from govagents.domain.ids import IdentityId, PermissionId, RoleId, TicketId
from govagents.domain.proposal import Stance
from govagents.domain.request import Window
from govagents.domain.rules import Eligibility
from govagents.errors import UnknownNameError
from govagents.policy.facts import NO_CAP, fact_sheet
from govagents.ports import Holding
from tests.unit.policy.company import (
    CATALOG,
    HOUR,
    NOW,
    answer,
    case,
    machine,
    now,
    only,
    person,
    role,
    sheet,
    ticket,
    world,
)


def held(
    identity: str, name: str, window: Window | None = None, source: str = "request"
) -> Holding:
    return Holding(IdentityId(identity), RoleId(name), window, source)


def test_person_has_a_persons_facts_when_gathered() -> None:
    found = sheet(case()).subject

    assert (found.kind, found.audience, found.active) == (Kind.PERSON, "human", True)
    assert (found.department, found.clearance, found.trust) == ("Ops", 1, 50)
    assert (found.owner_employed, found.expired) == (False, False)
    assert found.ceiling_systems == frozenset()


def test_machine_has_a_machines_facts_when_gathered() -> None:
    found = sheet(case(beneficiary="copilot")).subject

    assert (found.kind, found.audience, found.department) == (Kind.AGENT, "agent", "")
    assert (found.owner_employed, found.expired) == (True, False)
    assert (found.ceiling_sensitivity, found.ceiling_systems) == (1, frozenset({"lake"}))


@pytest.mark.parametrize(("status", "employed"), [("on_leave", True), ("leaver", False)])
def test_owner_counts_as_employed_when_only_on_leave(status: str, employed: bool) -> None:
    within = world(person("ben", "boss", status=status))

    assert sheet(case(beneficiary="copilot"), within=within).subject.owner_employed is employed


def test_machine_is_expired_when_its_end_comes_before_the_start() -> None:
    copilot = machine("copilot", Kind.AGENT, "ben")
    assert copilot.nonhuman is not None
    ending = replace(copilot, nonhuman=replace(copilot.nonhuman, expires=NOW + HOUR))
    later = case(beneficiary="copilot", window=Window(NOW + HOUR, NOW + 2 * HOUR))

    assert sheet(later, within=world(ending)).subject.expired
    assert not sheet(case(beneficiary="copilot"), within=world(ending)).subject.expired


def test_role_facts_are_those_of_everything_it_grants_when_gathered() -> None:
    found = only(sheet(case(["keeper"]))).role

    assert (found.sensitivity, found.clearance, found.changes) == (3, 3, True)
    assert (found.owner, found.system_owner) == ("owen", "sys")
    assert found.systems == {"lake"}
    assert (found.privileged, found.cross_system, found.max_minutes) == (True, False, 1440)


def test_bundle_is_owned_as_a_system_by_its_role_owner_when_it_crosses_systems() -> None:
    found = only(sheet(case(["bundle"]))).role

    assert (found.cross_system, found.systems) == (True, frozenset({"lake", "till"}))
    assert found.system_owner == "owen"


def test_conditional_permission_counts_as_granted_when_facts_are_gathered() -> None:
    sly = role("sly", "lake:stats:read", conditional=frozenset({PermissionId("lake:keys:admin")}))
    catalog = replace(CATALOG, roles={**CATALOG.roles, sly.id: sly})

    found = fact_sheet(
        world=world(), catalog=catalog, case=case(["sly"]), circumstances=now(), panels=()
    )

    assert only(found).role.sensitivity == 3


def test_role_is_never_requestable_when_not_assignable() -> None:
    sealed = role("sealed", "lake:stats:read", assignable=False, max_time=None)
    catalog = replace(CATALOG, roles={**CATALOG.roles, sealed.id: sealed})

    found = fact_sheet(
        world=world(), catalog=catalog, case=case(["sealed"]), circumstances=now(), panels=()
    )

    assert only(found).role.requestable_by == frozenset()
    assert only(found).role.max_minutes == NO_CAP


@pytest.mark.parametrize(
    ("needs", "prohibited"), [(["lake:trail:erase"], True), (["lake:keys:admin"], False)]
)
def test_role_is_prohibited_when_a_need_it_covers_is(needs: list[str], prohibited: bool) -> None:
    assert only(sheet(case(["keeper"], needs=needs))).role.prohibited is prohibited


def test_departments_are_those_common_to_all_bound_permissions_when_several_are() -> None:
    rules = world().eligibility
    bound = {
        PermissionId("lake:keys:admin"): frozenset({"Data", "Ops"}),
        PermissionId("lake:trail:erase"): frozenset({"Data"}),
    }
    within = world(eligibility=replace(rules, department_bound=bound))

    found = only(sheet(case(["keeper"]), within=within)).role

    assert (found.department_bound, found.departments) == (True, frozenset({"Data"}))
    assert not only(sheet(case(["reader"]), within=within)).role.department_bound


def test_clearance_is_the_sensitivitys_rank_when_the_world_says_nothing() -> None:
    within = world(eligibility=Eligibility({}, 3, {}, ()))

    assert only(sheet(case(["exporter"]), within=within)).role.clearance == 2


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        (9, timedelta(hours=1), (9, 1, 600, 0, 60)),
        (22, timedelta(hours=2), (22, 1, 1440, 0, 120)),
        (22, timedelta(hours=3), (22, 1, 60, 1, 180)),
        (10, timedelta(days=7), (10, 1, 600, 7, 10_080)),
        (9, timedelta(seconds=61), (9, 1, 542, 0, 2)),
    ],
)
def test_time_facts_say_where_the_window_lies_when_gathered(
    start: int, length: timedelta, expected: tuple[int, ...]
) -> None:
    """S41: time of the window, not only of the decision."""
    begin = NOW.replace(hour=start)

    found = only(sheet(case(window=Window(begin, begin + length)))).context

    assert (
        found.start_hour,
        found.start_weekday,
        found.end_minute,
        found.days,
        found.minutes,
    ) == expected
    assert (found.hour, found.weekday) == (9, 1)


def test_floating_window_is_judged_as_it_would_run_when_time_has_passed() -> None:
    """S65: asked at nine for an hour, agreed to at ten at night: the night's facts count."""
    asked = case(window=Window(NOW, NOW + HOUR, floating=True))

    found = only(sheet(asked, circumstances=now(at=NOW.replace(hour=22)))).context

    assert (found.start_hour, found.end_minute, found.minutes) == (22, 1380, 60)


def test_clocked_window_shrinks_to_nothing_when_it_is_over() -> None:
    found = only(sheet(case(), circumstances=now(at=NOW + 2 * HOUR))).context

    assert found.minutes == 0


@pytest.mark.parametrize(
    ("speaker", "beneficiary", "expected"),
    [
        ("ana", "ana", {"self"}),
        ("ben", "ana", {"same-department"}),
        ("boss", "ana", {"same-department", "manages"}),
        ("top", "ana", {"manages"}),
        ("owen", "ana", set()),
        ("copilot", "ana", {"owner-department"}),
        ("copilot", "owen", set()),
        ("loader", "ana", set()),
        ("ben", "copilot", {"owner"}),
        ("boss", "copilot", {"sponsor"}),
        ("ana", "copilot", set()),
        ("copilot", "helper", set()),
        ("nobody", "ana", set()),
    ],
)
def test_relation_says_who_may_ask_for_whom_when_gathered(
    speaker: str, beneficiary: str, expected: set[str]
) -> None:
    found = sheet(case(speaker=speaker, beneficiary=beneficiary))

    assert only(found).context.relation == expected


@pytest.mark.parametrize("speaker", ["ben", "copilot"])
def test_relation_is_empty_when_the_speaker_has_left(speaker: str) -> None:
    within = world(person("ben", "boss", status="leaver"))

    assert only(sheet(case(speaker=speaker), within=within)).context.relation == set()


@pytest.mark.parametrize(
    ("beneficiary", "assignee", "state", "counts"),
    [
        ("ana", "ana", "open", True),
        ("ana", "ben", "in_progress", True),
        ("ana", "ben", "resolved", False),
        ("ana", "ana", "closed", False),
        ("ana", "boss", "open", False),
        ("ana", "owen", "open", False),
        ("ana", None, "open", False),
        ("copilot", "ben", "open", True),
        ("copilot", "ana", "open", True),
        ("copilot", "owen", "open", False),
        ("boss", "top", "open", False),
    ],
)
def test_ticket_counts_when_it_is_open_and_of_the_beneficiary(
    beneficiary: str, assignee: str | None, state: str, counts: bool
) -> None:
    """Invariant 8: a ticket proves something only if the ticket system says so."""
    about = case(beneficiary=beneficiary)
    citing = replace(about, understanding=replace(about.understanding, ticket=TicketId("INC-1")))

    found = only(sheet(citing, within=world(tickets=ticket("INC-1", assignee, state)))).context

    assert (found.ticket_kind, found.ticket_priority) == (
        ("incident", "P1") if counts else ("", "")
    )


def test_assessment_and_memory_reach_the_facts_when_they_object() -> None:
    about = case()
    vetoed = replace(about, assessment=replace(about.assessment, stance=Stance.VETO))
    unsure = replace(about, disagreement=True)

    assert only(sheet(about)).context.veto is False
    assert only(sheet(vetoed)).context.veto is True
    assert only(sheet(vetoed)).context.wants_person is True
    assert only(sheet(unsure)).context.disagreement is True


def test_seat_is_approved_when_the_person_who_fills_it_says_yes() -> None:
    about = case()
    circumstances = now(answers=(answer("owen", about),))

    found = only(sheet(about, circumstances=circumstances)).context

    assert found.approved == {"role-owner", "owner"}


def test_denial_stands_when_a_person_said_no() -> None:
    """S70: a human decision is final."""
    about = case()
    circumstances = now(answers=(answer("owen", about, consent=False),))

    found = only(sheet(about, circumstances=circumstances)).context

    assert (found.denied_before, found.approved) == (True, frozenset())


def test_conflict_is_counted_over_the_set_when_two_roles_complete_a_rule() -> None:
    found = sheet(case(["payer", "releaser", "reader"]))

    conflicts = {item.role.id: item.context.conflicts for item in found.roles}
    assert conflicts == {"payer": {"payments"}, "releaser": {"payments"}, "reader": set()}


@pytest.mark.parametrize(
    ("window", "conflicts"),
    [
        (None, {"payments"}),
        (Window(NOW + timedelta(minutes=59), NOW + 2 * HOUR), {"payments"}),
        (Window(NOW + HOUR, NOW + 2 * HOUR), set()),
    ],
)
def test_conflict_is_counted_when_the_other_side_is_held_meanwhile(
    window: Window | None, conflicts: set[str]
) -> None:
    """Invariant 7: overlapping windows, over the person and all their agents."""
    circumstances = now(holdings=(held("copilot", "payer", window),))

    found = only(sheet(case(["releaser"]), circumstances=circumstances)).context

    assert found.conflicts == conflicts


def test_subagent_gets_no_more_than_its_parent_holds_now_and_to_the_end() -> None:
    """S66: attenuation, in scope and time."""
    about = case(beneficiary="helper")

    def within(*holdings: Holding) -> bool:
        return only(sheet(about, circumstances=now(holdings=holdings))).role.within_principal

    assert within(held("copilot", "reader"))
    assert within(held("copilot", "reader", Window(NOW, NOW + HOUR)))
    assert not within()
    assert not within(held("ben", "reader"))
    assert not within(held("copilot", "exporter"))
    assert not within(held("copilot", "reader", source="pending"))
    assert not within(held("copilot", "reader", source="overdue"))
    assert not within(held("copilot", "reader", Window(NOW, NOW + HOUR / 2)))
    assert not within(held("copilot", "reader", Window(NOW + HOUR / 2, NOW + 2 * HOUR)))


def test_unknown_role_gets_no_facts_when_the_catalog_lacks_it() -> None:
    assert [item.role.id for item in sheet(case(["reader", "ghost"])).roles] == ["reader"]


def test_unknown_beneficiary_is_an_error_when_the_world_lacks_it() -> None:
    with pytest.raises(UnknownNameError, match="`ghost`"):
        sheet(case(beneficiary="ghost"))


def test_facts_are_the_same_when_gathered_twice() -> None:
    assert sheet(case(["bundle", "reader"])) == sheet(case(["bundle", "reader"]))
