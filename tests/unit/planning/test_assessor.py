"""The record names every factor of who it is and of how things stand; each dynamic one can turn it.

Shows S9; and S10 for the usage log, which may be missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from govagents.domain.catalog import Sensitivity
from govagents.domain.decision import Verdict
from govagents.domain.ids import IdentityId
from govagents.domain.proposal import Assessment, Stance
from govagents.policy.engine import decision_point
from govagents.policy.source import PolicyFile
from tests.unit.planning.office import Office, assessed, office, proposed
from tests.unit.policy.company import PERMISSIONS, ROLES, case, machine, person, role, sheet, world

EXPORT, KEYS, PAY = "lake:stats:export", "lake:keys:admin", "till:payments:create"
USED = {"ana": (EXPORT,)}
NOBODY: Mapping[str, Sequence[str]] = {"ana": ("lake:stats:read",), "owen": (EXPORT,)}
WITHOUT_A_PERSON = decision_point(
    [
        PolicyFile(
            "automatic.cedar",
            """
            @id("automatic") @guards("no veto, nobody wants a person")
            permit (principal, action == Action::"grant", resource)
            when { !context.veto } when { !context.wants_person };
            """,
        )
    ]
)


def at_office(used: Mapping[str, Sequence[str]] | None, *, trust: int = 50) -> Office:
    ana = replace(person("ana", "boss", department="Ops"), trust=trust)
    return office(PERMISSIONS, ROLES, company=world(ana), used=used)


def of(need: str, used: Mapping[str, Sequence[str]] | None, *, trust: int = 50) -> Assessment:
    at = at_office(used, trust=trust)
    return assessed(at, proposed(at, need))


@pytest.mark.parametrize(
    ("need", "who", "static"),
    [
        (EXPORT, "ana", ("person", "Ops", "1", "confidential", "no")),
        (EXPORT, "owen", ("person", "Data", "1", "confidential", "no")),
        (KEYS, "ana", ("person", "Ops", "1", "restricted", "yes")),
        (PAY, "copilot", ("agent", "none", "none", "internal", "no")),
    ],
)
def test_the_static_group_is_whole_when_anybody_is_assessed(
    need: str, who: str, static: tuple[str, ...]
) -> None:
    """S9: kind, department, clearance, sensitivity, privilege; all of them, and as they are."""
    at = at_office(USED)

    found = assessed(at, proposed(at, need, beneficiary=who)).static_factors

    names = ("kind", "department", "clearance", "sensitivity", "privileged")
    assert found == dict(zip(names, static, strict=True))


def test_the_clearance_is_the_persons_own_when_it_differs() -> None:
    """S9."""
    ana = person("ana", "boss")
    assert ana.person is not None
    cleared = replace(ana, person=replace(ana.person, clearance=3))
    at = office(PERMISSIONS, ROLES, company=world(cleared), used=USED)

    assert assessed(at, proposed(at, EXPORT)).static_factors["clearance"] == "3"


@pytest.mark.parametrize(
    ("used", "mine", "peers"),
    [
        ({"ana": (EXPORT,)}, "yes", "no"),
        ({"ben": (EXPORT,)}, "no", "yes"),
        ({"ana": (EXPORT,), "ben": (EXPORT,)}, "yes", "yes"),
        (NOBODY, "no", "no"),
        ({}, "no", "no"),
    ],
)
def test_the_dynamic_group_is_whole_and_as_the_usage_log_has_it(
    used: Mapping[str, Sequence[str]], mine: str, peers: str
) -> None:
    """S9: trust, own use, peers' use (of the same department, never somebody else's), window."""
    assert of(EXPORT, used, trust=61).dynamic_factors == {
        "trust": "61",
        "used before": mine,
        "peers use it": peers,
        "window": "480 minutes",
    }


@pytest.mark.parametrize("need", [EXPORT, PAY])
def test_use_is_unknown_when_there_is_no_usage_log(need: str) -> None:
    """S10: a missing source is no "never used"."""
    found = of(need, None).dynamic_factors

    assert (found["used before"], found["peers use it"]) == ("unknown", "unknown")


def test_a_person_decides_on_delicate_data_when_nothing_is_known_of_its_use() -> None:
    """S10: unknown is trusted no more than a no, and the reason says which it was."""
    unknown, never = of(EXPORT, None), of(EXPORT, NOBODY)

    assert unknown.stance is never.stance is Stance.APPROVAL
    assert unknown.reasons == ("nothing is known of who used this: there is no usage log",)
    assert never.reasons == ("neither the beneficiary nor a peer ever used this",)


@pytest.mark.parametrize(
    ("flipped", "used", "trust", "stance"),
    [
        ("nothing", USED, 50, Stance.ACCEPT),
        ("used before", NOBODY, 50, Stance.APPROVAL),
        ("peers use it", {**NOBODY, "ben": (EXPORT,)}, 50, Stance.ACCEPT),
        ("trust", USED, 39, Stance.SHORTER),
        ("trust", USED, 19, Stance.VETO),
    ],
)
def test_one_dynamic_factor_turns_the_verdict(
    flipped: str, used: Mapping[str, Sequence[str]], trust: int, stance: Stance
) -> None:
    """S9: same person, same words, same roles; the policy's verdict follows the risk agent's."""
    at = at_office(used, trust=trust)
    found = assessed(at, proposed(at, EXPORT))
    facts = sheet(replace(case(["exporter"]), assessment=found))

    decided = WITHOUT_A_PERSON.decide(facts, case(["exporter"]).proposal)

    expected = Verdict.PERMIT if stance is Stance.ACCEPT else Verdict.DENY
    assert flipped
    assert (found.stance, decided.verdict) == (stance, expected)


@pytest.mark.parametrize(("hours", "stance"), [(4, Stance.APPROVAL), (5, Stance.SHORTER)])
def test_the_length_of_the_window_turns_it_when_trust_is_low(hours: int, stance: Stance) -> None:
    """S9: the window is a dynamic factor, too."""
    at = at_office(USED, trust=39)
    plain = proposed(at, EXPORT)
    window = replace(plain.window, end=plain.window.start + timedelta(hours=hours))

    found = assessed(at, replace(plain, window=window))

    assert found.stance is stance
    assert found.dynamic_factors["window"] == f"{hours * 60} minutes"


@pytest.mark.parametrize(("trust", "stance"), [(40, Stance.ACCEPT), (39, Stance.NARROWER)])
def test_a_static_factor_tells_when_trust_is_low(trust: int, stance: Stance) -> None:
    """S9: privileged roles are ruled out for the next round, and only they."""
    found = of(KEYS, {"ana": (KEYS,)}, trust=trust)

    assert found.stance is stance
    assert found.exclude == (() if stance is Stance.ACCEPT else ("keeper",))


def test_what_was_ruled_out_stays_so_when_the_window_is_cut_next() -> None:
    """S9: the second counter-proposal takes nothing back of the first: it can only narrow."""
    ana = replace(person("ana", "boss"), trust=39)
    plain = role("plain", KEYS, "lake:trail:erase")
    company = world(ana, separation=())
    at = office(PERMISSIONS, (*ROLES, plain), company=company, used=USED)

    found = assessed(at, replace(proposed(at, KEYS), roles=(plain.id,), round=2))

    assert found.stance is Stance.SHORTER
    assert found.exclude == ("keeper",)


def test_the_peers_of_an_agent_are_those_of_its_owner() -> None:
    """S9."""
    other = machine("other", ROBOT.kind, "ana")
    company = world(ROBOT, other)

    near = office(PERMISSIONS, ROLES, company=company, used={"copilot": (PAY,)})
    far = office(PERMISSIONS, ROLES, company=company, used={"other": (PAY,)})

    found = [
        assessed(at, proposed(at, PAY, beneficiary="robot")).dynamic_factors for at in (near, far)
    ]
    assert [each["peers use it"] for each in found] == ["yes", "no"]


ROBOT = replace(world().identities[IdentityId("copilot")], id=IdentityId("robot"))


def test_sensitivity_is_the_highest_that_the_roles_reach() -> None:
    """S9: what comes along counts, not what was asked for."""
    at = at_office(USED)
    plain = proposed(at, "lake:trail:erase")

    assert plain.roles == ("keeper",)
    assert assessed(at, plain).static_factors["sensitivity"] == Sensitivity.RESTRICTED.value
