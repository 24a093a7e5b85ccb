"""Looking stays looking: a thing's name that is a verb elsewhere adds no changing need (S60)."""

import pytest

from govagents.domain.question import About, Clarity
from govagents.perception import asks
from govagents.perception.asks import intent
from tests.unit.perception.company import understand


@pytest.mark.parametrize(
    ("text", "permission"),
    [
        ("read access to the irrigation runs of each bed, 1 day", "greenhouse:irrigation:read"),
        ("only want to LOOK at the irrigation runs of each bed", "greenhouse:irrigation:read"),
        ("see the irrigation runs of each bed", "greenhouse:irrigation:read"),
        ("see the well-to-bed irrigation runs of each bed", "greenhouse:irrigation:read"),
        ("see the watering and review irrigation runs of each bed", "greenhouse:irrigation:read"),
        ("viewing rights on the irrigation runs of each bed", "greenhouse:irrigation:read"),
        ("I'd just like to see who has borrowed which book", "library:loans:read"),
    ],
)
def test_only_looking_is_needed_when_only_looking_is_asked_for(text: str, permission: str) -> None:
    """S60."""
    found = understand(text)

    assert found.clarity is Clarity.CLEAR
    assert [need.permission for need in found.understanding.needs] == [permission]


@pytest.mark.parametrize(
    ("text", "read_only", "changes"),
    [
        ("only want to look at the bookings", True, False),
        ("read access to release notes", True, False),
        ("look at the vents, not to open or change anything", True, False),
        ("I just need to check the queue and restart it", False, True),
        ("read access to the ledger and change a line", False, True),
        ("see the run list and start a run", False, True),
    ],
)
def test_changing_is_ruled_out_when_nothing_else_is_asked_for(
    text: str, read_only: bool, changes: bool
) -> None:
    """S60."""
    found = intent(text)

    assert (found.read_only, found.changes) == (read_only, changes)


def test_looking_and_changing_are_needed_when_both_are_asked_for() -> None:
    """S60: nothing is dropped without a word."""
    found = understand("see when each bed was watered and start an irrigation cycle by hand, 2h")

    assert {need.permission for need in found.understanding.needs} == {
        "greenhouse:irrigation:read",
        "greenhouse:irrigation:run",
    }


def test_a_changing_need_would_be_added_when_things_may_act(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60: what the shipped lines prevent."""
    monkeypatch.setattr(asks, "_idle", lambda text: ())
    monkeypatch.setattr(asks, "_looks_only", lambda text, verbs: False)

    found = understand("read access to the irrigation runs of each bed, 1 day")

    assert "greenhouse:irrigation:run" in {need.permission for need in found.understanding.needs}


def test_a_question_is_asked_when_an_unknown_thing_stands_beside_a_known_doing() -> None:
    """S60: no match is said only where nothing is near."""
    found = understand("extend the forklift loan by two weeks")

    assert found.question is not None
    assert found.question.about is About.PERMISSION
    assert "library:loans:extend" in {option.id for option in found.question.options}
