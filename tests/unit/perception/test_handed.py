"""Whoever is set up, let or helped to do something is asked about, never made the speaker (S84)."""

from collections.abc import Iterator

import pytest

from govagents.domain.ids import IdentityId
from govagents.domain.question import About, Clarity
from govagents.perception import beneficiary as judged
from govagents.perception.beneficiary import beneficiary
from tests.unit.perception.company import WORLD, understand

ADA = WORLD.identities[IdentityId("ada.quill")]
_THINGS = frozenset({"book", "loan", "plat", "dome", "vent", "fine", "rotat", "waiv"})


def _who(text: str) -> tuple[str, ...] | None:
    found = beneficiary(text, ADA, WORLD, knows=_THINGS.__contains__)
    return None if found is None else tuple(found.who)


@pytest.mark.parametrize(
    "text",
    [
        "Please set up Magdalena, our new trainee, to see the plates, 1 week",
        "set up Magdalena to see the plates",
        "set Magdalena up to rotate the dome",
        "enable Magdalena to rotate the dome",
        "onboard our new starter so she can see the loans",
        "onboard Magdalena to waive fines",
        "allow our newest team member to see the plates",
        "let magdalena rotate the dome",
        "let Magdalena, our trainee, see the plates",
        "our new trainee Magdalena needs to see the plates",
        "Magdalena, our new trainee, needs to see the plates",
        "help Magdalena see the plates",
        "please help our new contractor to rotate the dome",
        "add Magdalena to the people who can waive fines",
        "add Magdalena so that she can waive fines",
        "get Magdalena going on waiving fines",
        "get our new colleague started with the plates",
        "have Magdalena rotate the dome",
        "make Magdalena able to rotate the dome",
        "prepare the new hire to see the loans",
        "provision Jan Kowalski to see the plates",
        "authorise Pietra to rotate the dome",
        "give Jan Kowalski a way to see the plates",
        "set up our new padawan to see the plates",
    ],
)
def test_nobody_is_made_up_when_a_stranger_is_set_up_to_do_it(text: str) -> None:
    """S84."""
    assert _who(text) == ()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("onboard Zoé to see the plates", ("zoe.brook",)),
        ("have Zoé rotate the dome", ("zoe.brook",)),
        ("let Zoé, our new astronomer, see the plates", ("zoe.brook",)),
        ("set up our new trainee to see the plates", ("finn.lund",)),
        ("let our intern Finn see the loans", ("finn.lund",)),
        ("can you help Zoé see the plates", ("ada.quill", "zoe.brook")),
        ("help Max see the loans", ("ada.quill", "max.sommer", "max.winter")),
    ],
)
def test_the_person_is_meant_when_the_directory_knows_who_is_set_up(
    text: str, who: tuple[str, ...]
) -> None:
    """S84: whoever is helped may be meant, and so may the speaker."""
    assert _who(text) == who


@pytest.mark.parametrize(
    "text",
    [
        "set up forwarding to see the plates",
        "set up the dome to rotate at night",
        "set up grafana to see the plates",
        "enable MFA to see the plates",
        "enable the vents to open",
        "add Basel to the plates",
        "add Magdalena to the group",
        "add the book so that readers can see it",
        "let us see the plates",
        "let Basel know that I see the plates",
        "let traffic through the vents",
        "help me to see the plates",
        "I want to help Magdalena see the plates",
        "I need to help the new contractor rotate the dome",
        "get Monday to see the plates",
        "get clearance to see the plates",
        "get going on the fines",
        "waive the fine of Magdalena, our new trainee",
    ],
)
def test_the_speaker_is_meant_when_a_thing_is_set_up_or_the_errand_is_theirs(text: str) -> None:
    """S84: a clear request is no question."""
    assert _who(text) is None


def test_a_question_asks_who_when_a_stranger_is_set_up() -> None:
    """S84."""
    found = understand("Please set up Magdalena, our new trainee, to rotate the dome")

    assert found.question is not None
    assert found.question.about is About.BENEFICIARY
    assert found.question.text.startswith("`Magdalena` may be somebody other than you")


def test_the_speaker_would_get_it_when_the_look_for_the_handed_is_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S84: what the shipped line prevents."""

    def nobody(*_: object) -> Iterator[tuple[int, int]]:
        return iter(())

    monkeypatch.setattr(judged, "handed", nobody)
    monkeypatch.setattr(judged, "loose", nobody)

    found = understand("Please set up Magdalena, our new trainee, to rotate the dome")

    assert (found.clarity, found.understanding.beneficiary) == (Clarity.CLEAR, "ada.quill")


def test_another_would_get_it_when_the_look_for_a_name_beside_a_post_is_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S84: what the shipped line prevents."""
    monkeypatch.setattr(judged, "named_beside", lambda *_: None)

    assert _who("Magdalena, our new trainee, needs to see the plates") == ("finn.lund",)
