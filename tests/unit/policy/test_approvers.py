from dataclasses import replace

import pytest

from govagents.domain.decision import Consent, Seat
from govagents.domain.identity import Kind
from govagents.domain.ids import IdentityId
from govagents.domain.world import World
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


def test_seat_stays_empty_when_a_stand_in_would_be_needed() -> None:
    """This release shows such a consent and does not open it (issue 2, item 5)."""
    within = world(absences=(absent("owen", "sys"),))

    found = consent("role-owner", within=within)

    assert (found.seats[0].person, found.open) == (None, False)
    assert "`sys` stands in" in found.seats[0].why
    assert consent("role-owner", "manager", within=within).open


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
    assert (two.open, one.open) == (False, True)


@pytest.mark.parametrize("asking", [("ana", "ana"), ("ben", "ana")])
def test_delegates_and_delegators_are_barred_when_the_other_is_a_party(
    asking: tuple[str, str],
) -> None:
    """Invariant 6: a delegate counts as the person for whom he decides and as himself."""
    until = (NOW + HOUR).isoformat()
    line = {"of": asking[0], "to": "owen", "from": NOW.isoformat(), "until": until}
    mirrored = {**line, "of": "owen", "to": asking[0], "systems": ["lake"]}
    elsewhere = {**line, "systems": ["till"]}
    over = {**line, "until": NOW.isoformat()}

    def owner(delegation: dict[str, object]) -> IdentityId | None:
        within = world(settings={"approvers": {"delegates": [delegation]}})
        return seat("role-owner", asking=asking, within=within).person

    assert owner(dict(line)) == "top"
    assert owner(dict(mirrored)) == "top"
    assert owner(dict(elsewhere)) == "owen"
    assert owner(dict(over)) == "owen"


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
    until = (NOW + HOUR).isoformat()
    line = {"of": "ben", "to": "owen", "from": NOW.isoformat(), "until": until}
    within = world(settings={"approvers": {"delegates": [line]}})

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
