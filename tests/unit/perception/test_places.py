"""A system alone is a place: what is to be done there is asked, never guessed (S84)."""

import pytest

from govagents.domain.question import Clarity
from govagents.perception import resolver
from tests.unit.perception.company import Scripted, understand

_SYSTEMS = {
    "Town library": "library",
    "Greenhouse control": "greenhouse",
    "Observatory": "observatory",
}
_GUESS = Scripted(
    {
        "needs": (
            {
                "permission": "observatory:plates:read",
                "confidence": 74,
                "quote": {"words": "view rights"},
            },
        ),
    }
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("rights in the Town library for 1 day", "Town library"),
        ("access to the greenhouse control please", "Greenhouse control"),
        ("I need permissions for the observatory, 2h", "Observatory"),
        ("read access to the Town library", "Town library"),
        ("write rights in the greenhouse control, 1 day", "Greenhouse control"),
        ("log in to the greenhouse control", "Greenhouse control"),
        ("I'd like to use the Observatory until 18:00", "Observatory"),
        ("give Zoé access to the observatory", "Observatory"),
        ("an account in the town library", "Town library"),
        ("I need to get into the observatory", "Observatory"),
        ("town library, 2h", "Town library"),
        ("library credentials for today", "Town library"),
        ("role in the greenhouse control", "Greenhouse control"),
        ("entry to the observatory data please, INC-1001", "Observatory"),
        ("working in the Town library for a day", "Town library"),
    ],
)
def test_what_is_done_is_asked_when_only_the_place_is_said(text: str, place: str) -> None:
    """S84."""
    found = understand(text)

    assert (found.clarity, found.understanding.needs) == (Clarity.UNCLEAR, ())
    assert found.question is not None
    assert found.question.text.startswith(f"`{place}` is where, not what")
    systems = {item.id.split(":")[0] for item in found.question.options}
    assert systems == {_SYSTEMS[place]}


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("rights in the Town library to waive an overdue fine", "library:fines:waive"),
        ("rotate the observatory dome", "observatory:dome:rotate"),
        ("view the roof vents of the greenhouse control", "greenhouse:vents:read"),
    ],
)
def test_a_need_is_read_when_more_than_the_place_is_said(text: str, need: str) -> None:
    """S84: a clear request is no question."""
    found = understand(text)

    assert [item.permission for item in found.understanding.needs] == [need]


def test_an_option_settles_it_when_only_the_place_was_said() -> None:
    """S84."""
    found = understand("rights in the greenhouse control, 2h", "greenhouse:vents:read")

    assert found.clarity is Clarity.CLEAR
    assert [item.permission for item in found.understanding.needs] == ["greenhouse:vents:read"]


def test_a_readers_guess_would_stand_when_the_look_for_places_is_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S84: what the shipped line prevents, however sure a model is."""
    text = "view rights in the observatory for 1 day"
    assert understand(text, model=_GUESS).clarity is Clarity.UNCLEAR
    monkeypatch.setattr(resolver, "only_a_place", lambda case: case)

    assert understand(text, model=_GUESS).clarity is Clarity.CLEAR
