"""Whether somebody is still of the company, and until when (S27 S44)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from govagents.domain.identity import Identity, Kind
from govagents.domain.ids import IdentityId
from govagents.domain.request import Window
from govagents.policy.standing import end_of, gone
from tests.unit.policy.company import HOUR, NOW, case, machine, only, person, sheet, world


def ending(name: str, expires: datetime | None, parent: str | None = None) -> Identity:
    found = machine(name, Kind.AGENT, "ben", parent)
    assert found.nonhuman is not None
    return replace(found, nonhuman=replace(found.nonhuman, expires=expires))


@pytest.mark.parametrize(
    ("own", "principals", "expected"),
    [
        (NOW + HOUR, NOW + 2 * HOUR, NOW + HOUR),
        (NOW + 2 * HOUR, NOW + HOUR, NOW + HOUR),
        (None, NOW + HOUR, NOW + HOUR),
        (NOW + HOUR, None, NOW + HOUR),
        (None, None, None),
    ],
)
def test_the_first_end_counts_when_an_agent_acts_for_another(
    own: datetime | None, principals: datetime | None, expected: datetime | None
) -> None:
    within = world(ending("copilot", principals), ending("helper", own, parent="copilot"))

    assert end_of(within, IdentityId("helper")) == expected


def test_it_is_gone_from_its_end_on_when_it_has_one() -> None:
    within = world(ending("copilot", NOW + HOUR))

    assert not gone(within, IdentityId("copilot"), NOW + HOUR - timedelta(seconds=1))
    assert gone(within, IdentityId("copilot"), NOW + HOUR)


@pytest.mark.parametrize(
    ("status", "expected"), [("active", False), ("on_leave", False), ("leaver", True)]
)
def test_a_person_is_gone_when_they_left(status: str, expected: bool) -> None:
    within = world(person("ana", "boss", status=status), ending("copilot", None, parent="ana"))

    assert gone(within, IdentityId("ana"), NOW) is expected
    assert gone(within, IdentityId("copilot"), NOW) is expected


def test_nobody_of_the_company_is_gone_when_asked_about() -> None:
    assert gone(world(), IdentityId("nobody"), NOW)


def test_it_ends_when_agents_act_for_one_another_in_a_circle() -> None:
    within = world(
        ending("copilot", NOW + HOUR, parent="helper"), ending("helper", None, parent="copilot")
    )

    assert end_of(within, IdentityId("helper")) == NOW + HOUR


def test_the_window_is_judged_cut_when_the_identity_ends_in_it() -> None:
    """S38: what policy sees is what would be given."""
    window = Window(NOW, NOW + 4 * HOUR, floating=True)
    asked = case(beneficiary="copilot", window=window)

    context = only(sheet(asked, within=world(ending("copilot", NOW + HOUR)))).context

    assert (context.minutes, context.end_minute) == (60, 600)


def test_a_window_floats_no_more_when_it_was_cut() -> None:
    """S38: a later activation does not carry the end along."""
    window = Window(NOW, NOW + 4 * HOUR, floating=True)

    assert window.until(None) == window.until(NOW + 4 * HOUR) == window
    assert window.until(NOW + HOUR).activated(NOW + HOUR / 2).end == NOW + HOUR
