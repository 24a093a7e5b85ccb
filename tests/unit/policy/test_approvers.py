from dataclasses import replace

import pytest

from govagents.domain.decision import Consent, Seat
from govagents.domain.identity import Kind
from govagents.domain.ids import IdentityId
from govagents.domain.world import Absence, World
from govagents.policy.approvers import Panel, Seating
from tests.unit.policy.company import (
    HOUR,
    NOW,
    absent,
    case,
    machine,
    only,
    person,
    sheet,
    world,
)


def consent(
    *kinds: str,
    quorum: int = 1,
    asking: tuple[str, str] = ("ana", "ana"),
    name: str = "reader",
    within: World | None = None,
) -> Consent:
    speaker, beneficiary = asking
    about = case([name], speaker=speaker, beneficiary=beneficiary)
    (found,) = only(sheet(about, within=within, panels=[Panel(kinds, quorum)])).consents
    return found


def seat(kind: str, **changes: object) -> Seat:
    return consent(kind, **changes).seats[0]  # type: ignore[arg-type]  # passed on by name


@pytest.mark.parametrize(
    ("kind", "asking", "person"),
    [
        ("role-owner", ("ana", "ana"), "owen"),
        ("system-owner", ("ana", "ana"), "sys"),
        ("manager", ("ana", "ana"), "boss"),
        ("cio", ("ana", "ana"), "cio"),
        ("agent-owner", ("copilot", "copilot"), "ben"),
        ("identity-owner", ("loader", "loader"), "ben"),
        ("manager", ("ben", "ana"), "boss"),
        ("agent-owner", ("boss", "copilot"), "ben"),
    ],
)
def test_seat_goes_to_whom_its_kind_names_when_nothing_stands_against_it(
    kind: str, asking: tuple[str, str], person: str
) -> None:
    assert seat(kind, asking=asking).person == person


@pytest.mark.parametrize(
    ("kind", "asking", "person"),
    [
        ("role-owner", ("owen", "owen"), "top"),
        ("role-owner", ("owen", "sys"), "top"),
        ("system-owner", ("sys", "sys"), "owen"),
        ("manager", ("boss", "ana"), "top"),
        ("manager", ("top", "top"), "cfo"),
        ("manager", ("cfo", "top"), "cio"),
        ("agent-owner", ("ben", "copilot"), "boss"),
        ("cfo", ("cfo", "cfo"), "top"),
    ],
)
def test_seat_goes_upwards_when_a_party_would_fill_it(
    kind: str, asking: tuple[str, str], person: str
) -> None:
    """S44: never the speaker, never the beneficiary; past the top, the last resort in order."""
    found = seat(kind, asking=asking)

    assert found.person == person
    assert "next above" in found.why


def test_seat_goes_upwards_when_its_person_is_away_without_a_stand_in() -> None:
    assert seat("role-owner", within=world(absences=(absent("owen"),))).person == "top"
    assert (
        seat("role-owner", within=world(person("owen", "top", status="on_leave"))).person == "top"
    )
    assert seat("role-owner", within=world(person("owen", "top", status="leaver"))).person == "top"


def test_stand_in_fills_the_seat_when_its_person_is_away() -> None:
    """S44: and says in whose place."""
    found = consent("role-owner", within=world(absences=(absent("owen", "sys"),)))

    assert (found.seats[0].person, found.open) == ("sys", True)
    assert found.seats[0].why.startswith("in the place of `owen`, owner of the role")


@pytest.mark.parametrize(
    ("absences", "asking", "person"),
    [
        ((absent("owen", "sys"), absent("sys", "ben")), ("ana", "ana"), "top"),
        ((absent("owen", "sys"),), ("sys", "sys"), "top"),
        ((absent("owen", "ben"),), ("sys", "ben"), "top"),
        ((absent("owen"), absent("top", "cfo")), ("ana", "ana"), "cfo"),
        ((absent("owen", "owen"),), ("ana", "ana"), "top"),
    ],
)
def test_seat_goes_upwards_from_who_is_stood_in_for_when_the_stand_in_may_not(
    absences: tuple[Absence, ...], asking: tuple[str, str], person: str
) -> None:
    """What was handed on is not handed on again, and nobody's stand-in decides for himself."""
    assert seat("role-owner", asking=asking, within=world(absences=absences)).person == person


def delegation(of: str, to: str, **changes: object) -> dict[str, object]:
    """As the company's file spells it, for an hour from now."""
    until = (NOW + HOUR).isoformat()
    return {"of": of, "to": to, "from": NOW.isoformat(), "until": until, **changes}


def delegating(*lines: dict[str, object], **changes: object) -> World:
    return world(settings={"approvers": {"delegates": list(lines)}}, **changes)


@pytest.mark.parametrize(
    ("changes", "person"),
    [
        ({}, "sys"),
        ({"systems": ["lake"]}, "sys"),
        ({"systems": ["lake", "till"]}, "sys"),
        ({"systems": ["till"]}, "owen"),
        ({"except": ["exporter"]}, "sys"),
        ({"except": ["reader"]}, "owen"),
        ({"until": NOW.isoformat()}, "owen"),
        ({"to": "copilot"}, "owen"),
        ({"to": "nobody"}, "owen"),
    ],
)
def test_delegate_fills_the_seat_when_the_delegation_covers_the_role(
    changes: dict[str, object], person: str
) -> None:
    """S44: systems, excepted roles and dates are binding; only an active person decides."""
    line = {**delegation("owen", "sys"), **changes}

    assert seat("role-owner", within=delegating(line)).person == person


def test_delegate_does_not_decide_about_more_systems_than_were_handed_on() -> None:
    part, whole = (delegation("owen", "sys", systems=s) for s in (["till"], ["till", "lake"]))

    assert seat("role-owner", name="bundle", within=delegating(part)).person == "owen"
    assert seat("role-owner", name="bundle", within=delegating(whole)).person == "sys"


def test_excepted_role_goes_upwards_when_the_delegate_also_stands_in() -> None:
    """What was kept back is not handed on by being away."""
    within = delegating(
        delegation("owen", "sys", **{"except": ["reader"]}), absences=(absent("owen", "sys"),)
    )

    assert seat("role-owner", within=within).person == "top"
    assert seat("role-owner", name="exporter", within=within).person == "sys"


def rotation(*systems: str, person: str = "sys") -> dict[str, object]:
    shift = {"person": person, "from": NOW.isoformat(), "until": (NOW + HOUR).isoformat()}
    return {"id": "one", "systems": list(systems), "shifts": [shift]}


@pytest.mark.parametrize(
    ("name", "asking", "found"),
    [
        ("reader", ("ana", "ana"), "sys"),
        ("payer", ("ana", "ana"), None),
        ("bundle", ("ana", "ana"), None),
        ("reader", ("sys", "sys"), "owen"),
        ("reader", ("ben", "sys"), "owen"),
    ],
)
def test_whoever_is_on_call_fills_the_seat_when_the_rotation_covers_the_systems(
    name: str, asking: tuple[str, str], found: str | None
) -> None:
    """S44: nobody decides on their own while on call; between shifts nobody is."""
    within = world(settings={"oncall": {"rotations": [rotation("lake")]}})
    about = only(sheet(case([name]), within=within)).role
    later = Seating(within, IdentityId("ana"), IdentityId("ana"), NOW + HOUR)

    assert seat("on-call", name=name, asking=asking, within=within).person == found
    assert later.seat(about, "on-call").person is None


def test_absence_is_over_when_its_end_has_come() -> None:
    within = world(absences=(absent("owen"),))
    role_facts = only(sheet(case())).role

    later = Seating(within, IdentityId("ana"), IdentityId("ana"), NOW + HOUR)

    assert later.seat(role_facts, "role-owner").person == "owen"


@pytest.mark.parametrize("kind", ["agent-owner", "identity-owner"])
def test_sponsor_decides_when_the_owner_is_away(kind: str) -> None:
    asking = ("copilot", "copilot")

    for within in (
        world(absences=(absent("ben", "ana"),)),
        world(person("ben", "boss", status="on_leave")),
    ):
        assert seat(kind, asking=asking, within=within).person == "boss"


@pytest.mark.parametrize("kind", ["on-call", "nobody-of-that-name", "agent-owner"])
def test_seat_stays_empty_when_nobody_can_be_named(kind: str) -> None:
    assert seat(kind).person is None
    assert not consent(kind).open


def test_seat_stays_empty_when_the_role_has_no_owner() -> None:
    facts = replace(only(sheet(case())).role, owner="")
    seating = Seating(world(), IdentityId("ana"), IdentityId("ana"), NOW)

    assert seating.seat(facts, "role-owner").person is None


def test_seat_stays_empty_when_nobody_is_left() -> None:
    within = world(
        person("owen", "top", status="leaver"), person("top", None, status="leaver"), last_resort=()
    )

    found = seat("role-owner", within=within)

    assert found.person is None
    assert "nobody is left" in found.why


def test_agent_never_fills_a_seat_when_named() -> None:
    """An agent never approves anything."""
    assert seat("copilot").person != "copilot"
    assert seat("helper", within=world(machine("helper", Kind.AGENT, "ben"))).person != "helper"


def test_second_seat_goes_upwards_when_its_person_already_counts() -> None:
    two = consent("system-owner", "sys", quorum=2)
    one = consent("system-owner", "sys", quorum=1)

    assert [item.person for item in two.seats] == ["sys", "owen"]
    assert [item.person for item in one.seats] == ["sys", "sys"]
    assert (two.open, one.open) == (True, True)


@pytest.mark.parametrize("line", [("owen", "sys"), ("sys", "owen")])
def test_delegate_counts_as_himself_and_as_who_handed_it_on_when_two_have_to_agree(
    line: tuple[str, str],
) -> None:
    """Invariant 6: the two are one person for a quorum, also where one role is kept back."""
    for changes in ({}, {"except": ["reader"]}):
        within = delegating(delegation(*line, **changes))  # type: ignore[arg-type]  # by name
        first, second = consent("system-owner", "role-owner", quorum=2, within=within).seats

        assert first.person in line
        assert second.person == "top"


def test_quorum_is_not_open_when_too_few_are_left() -> None:
    within = world(last_resort=())

    assert not consent("top", "top", quorum=2, within=within).open
    assert not consent("cio", "cfo", quorum=3, within=within).open


@pytest.mark.parametrize("asking", [("ana", "ana"), ("ben", "ana")])
def test_delegates_and_delegators_are_barred_when_the_other_is_a_party(
    asking: tuple[str, str],
) -> None:
    """Invariant 6: a delegate counts as the person for whom he decides and as himself."""
    line = delegation(asking[0], "owen")
    mirrored = {**line, "of": "owen", "to": asking[0], "systems": ["lake"]}
    elsewhere = {**line, "systems": ["till"]}
    over = {**line, "until": NOW.isoformat()}

    def owner(line: dict[str, object]) -> IdentityId | None:
        return seat("role-owner", asking=asking, within=delegating(line)).person

    assert owner(line) == "top"
    assert owner(mirrored) == "top"
    assert owner(elsewhere) == "owen"
    assert owner(over) == "owen"


SCOUT = machine("scout", Kind.AGENT, "owen")
CHILD = machine("child", Kind.SUBAGENT, "cio", parent="scout")
GRANDCHILD = machine("grandchild", Kind.SUBAGENT, "cio", parent="child")


@pytest.mark.parametrize("speaker", ["scout", "child", "grandchild"])
def test_whoever_stands_behind_an_agent_is_barred_when_it_asks_for_somebody_else(
    speaker: str,
) -> None:
    """Invariant 6: owner, sponsor, what it acts for and who owns that, to the top."""
    within = world(SCOUT, CHILD, GRANDCHILD)
    asking = (speaker, "ana")

    assert seat("role-owner", asking=asking, within=within).person == "top"
    assert seat("manager", asking=asking, within=within).person == "top"  # past the sponsor
    assert seat("cfo", asking=asking, within=within).person == "cfo"
    named = seat("cio", asking=asking, within=within).person
    assert named == ("cio" if speaker == "scout" else "top")


def test_delegate_of_an_owner_is_barred_when_the_agent_asks_for_somebody_else() -> None:
    within = delegating(delegation("ben", "owen"))

    assert seat("role-owner", asking=("copilot", "ana"), within=within).person == "top"
    assert seat("role-owner", asking=("copilot", "ana")).person == "owen"


def test_chain_behind_an_agent_ends_when_it_is_circular() -> None:
    within = world(machine("scout", Kind.AGENT, "owen", parent="child"), CHILD)

    assert seat("role-owner", asking=("scout", "ana"), within=within).person == "top"


def test_manager_chain_ends_when_it_is_circular() -> None:
    within = world(
        person("owen", "sys", status="on_leave"),
        person("sys", "owen", status="on_leave"),
    )

    assert seat("role-owner", within=within).person == "cfo"
