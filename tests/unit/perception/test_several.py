"""S84: of several things asked for at once, none is dropped in silence."""

from typing import Any

import pytest

from govagents.domain.question import About, Clarity, Resolution
from govagents.perception import answered
from tests.unit.perception.company import Scripted, understand

TEXT = "I need something on the loans and the vents, and to turn the dome"
LOANS = ("library:loans:read", "library:loans:extend")
VENTS = ("greenhouse:vents:read", "greenhouse:vents:write")
DOME = "observatory:dome:rotate"


def _need(permission: str, words: str) -> dict[str, Any]:
    return {"permission": permission, "confidence": 40, "quote": {"words": words}}


UNSURE = Scripted(
    {
        "needs": (
            *(_need(name, "loans") for name in LOANS),
            *(_need(name, "vents") for name in VENTS),
            _need(DOME, "turn the dome"),
        ),
        "about": "permission",
    }
)


def _after(*answers: str) -> Resolution:
    return understand(TEXT, *answers, model=UNSURE)


def _needs(found: Resolution) -> list[str]:
    return [need.permission for need in found.understanding.needs]


def _options(found: Resolution) -> list[str]:
    return [] if found.question is None else [item.id for item in found.question.options]


def test_each_thing_is_asked_about_when_an_option_settles_one() -> None:
    first, second, third, fourth = _after(), _after("1"), _after("1", "2"), _after("1", "2", "1")

    assert _options(first) == [*LOANS, *VENTS, DOME]
    assert _options(second) == [*VENTS]
    assert _options(third) == [DOME]
    assert (fourth.clarity, _needs(fourth)) == (Clarity.CLEAR, [LOANS[0], VENTS[1], DOME])


def test_a_question_names_the_thing_it_is_about_when_it_is_not_the_first() -> None:
    found = _after("1")

    assert found.question is not None
    assert found.question.about is About.PERMISSION
    assert found.question.text.startswith("and `the vents`: what exactly do you need?")
    assert _needs(found) == [LOANS[0]]


@pytest.mark.parametrize("answer", ["1 and 4 and 5", "1, 4, 5", "1 + 4 + 5"])
def test_several_options_are_chosen_at_once_when_an_answer_names_them(answer: str) -> None:
    found = _after(answer)

    assert (found.clarity, _needs(found)) == (Clarity.CLEAR, [LOANS[0], VENTS[1], DOME])


def test_only_what_is_left_is_asked_when_an_answer_settles_two_things() -> None:
    found = _after("1 and 3")

    assert (_options(found), _needs(found)) == ([DOME], [LOANS[0], VENTS[0]])


@pytest.mark.parametrize("answer", ["nothing", "No, thanks.", "none", "that was all"])
def test_a_thing_is_dropped_when_the_speaker_says_so(answer: str) -> None:
    found = _after("1", answer, answer)

    assert (found.clarity, _needs(found)) == (Clarity.CLEAR, [LOANS[0]])


def test_nothing_is_settled_when_the_first_answer_is_that_nothing_is_wanted() -> None:
    found = _after("nothing")

    assert (found.clarity, _needs(found)) == (Clarity.UNCLEAR, [])


def test_the_things_are_kept_when_who_it_is_for_was_asked_first() -> None:
    text = TEXT.replace("I need", "Max needs")

    found = understand(text, "max.winter", "1", model=UNSURE)

    assert (found.understanding.beneficiary, _options(found)) == ("max.winter", [*VENTS])


def test_alternatives_for_one_thing_are_one_question_when_they_share_its_words() -> None:
    needs = tuple(_need(name, "loans") for name in LOANS)
    model = Scripted({"needs": needs, "about": "permission"})

    found = understand("something on the loans for my report", "2", model=model)

    assert (found.clarity, _needs(found)) == (Clarity.CLEAR, [LOANS[1]])


def test_a_favour_is_no_second_thing_when_it_is_asked_beside_one() -> None:
    needs = (_need(LOANS[0], "loans"), _need(VENTS[1], "set"))
    model = Scripted({"needs": needs, "about": "permission"})

    found = understand("something on the loans please, can you set me up?", "1", model=model)

    assert (found.clarity, _needs(found)) == (Clarity.CLEAR, [LOANS[0]])


def test_a_thing_is_dropped_in_silence_when_nothing_looks_for_what_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answered, "things", lambda *_: ())

    found = _after("1")

    assert (found.clarity, _needs(found)) == (Clarity.CLEAR, [LOANS[0]])
