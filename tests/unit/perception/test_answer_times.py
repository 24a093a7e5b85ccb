"""What an answer about something else says of time counts (S84)."""

import pytest

from govagents.domain.question import About, Clarity
from govagents.perception import answered
from govagents.perception.windows import Timed
from tests.unit.perception.company import Scripted, understand

MODEL = Scripted(
    {
        "needs": tuple(
            {"permission": name, "confidence": 40, "quote": {"words": "loans"}}
            for name in ("library:loans:read", "library:loans:extend")
        ),
        "about": "permission",
    }
)
HALF_AN_HOUR = 1800


def _seconds(*said: str) -> float | None:
    found = understand("something on the loans", *said, model=MODEL).understanding.window
    return None if found is None else found.length.total_seconds()


@pytest.mark.parametrize(
    "answer", ["1, but only for 30 minutes", "only for 30 minutes", "1, 30min"]
)
def test_the_length_is_kept_when_the_answer_to_what_names_one(answer: str) -> None:
    """S84."""
    assert _seconds(answer) == HALF_AN_HOUR
    assert _seconds(answer, "1") == HALF_AN_HOUR


def test_the_newest_length_counts_when_two_are_said() -> None:
    """S84."""
    asked = "something on the loans for 8 hours"

    found = understand(asked, "see them for 30 minutes", "1", model=MODEL).understanding.window

    assert found is not None
    assert found.length.total_seconds() == HALF_AN_HOUR


def test_an_answer_says_nothing_of_time_when_it_is_an_option() -> None:
    """S84: the option's label is the catalog's, not the speaker's."""
    assert _seconds("Extend a loan by two weeks.") is None


def test_when_is_asked_when_the_answer_to_what_leaves_it_open() -> None:
    """S84."""
    found = understand("something on the loans", "for 2 or 3 hours", "1", model=MODEL)

    assert (found.clarity, found.understanding.window) == (Clarity.UNCLEAR, None)
    assert found.question is not None
    assert found.question.about is About.WINDOW
    assert "2 or 3 hours" in found.question.text


def test_what_is_asked_again_when_the_answer_names_too_long_a_time() -> None:
    """S84."""
    found = understand("something on the loans", "for 400 days", model=MODEL)

    assert found.question is not None
    assert found.question.about is About.PERMISSION
    assert "longer than a year" in found.question.text


def test_the_length_is_lost_when_an_answer_is_not_read_for_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S84: what the shipped line prevents."""
    monkeypatch.setattr(answered, "_time_beside", lambda *_: Timed(None))

    assert _seconds("only for 30 minutes", "1") is None
