"""A length of nothing, or below it, is a question and never a window (S84)."""

import re
from collections.abc import Sequence

import pytest

from govagents.domain.question import About, Clarity
from govagents.errors import InputError
from govagents.perception import leftovers, windows
from govagents.perception.windows import read_window
from tests.unit.perception.company import NOW, understand


@pytest.mark.parametrize(
    "length",
    [
        "for minus two hours",
        "for minus 2h",
        "minus thirty minutes",
        "for negative two hours",
        "for a negative hour",
        "for -2 hours",
        "for - 2 hours",
        "for −two hours",
        "for -30 min please",
        "for zero hours",
        "zero minutes",
        "for no time",
        "for nothing",
        "for less than zero hours",
        "two hours backwards",
        "für minus zwei Stunden",
        "pour moins deux heures",
        "por menos dos horas",
    ],
)
def test_a_length_is_asked_for_when_the_one_said_is_nothing_or_less(length: str) -> None:
    """S84."""
    found = understand(f"rotate the dome of the telescope {length}")

    assert found.understanding.window is None
    assert found.question is not None
    assert found.question.about is About.WINDOW


@pytest.mark.parametrize("length", ["for 0h", "0 days", "for 0.0 h"])
def test_a_length_is_refused_when_it_is_nothing_in_digits(length: str) -> None:
    """S84."""
    with pytest.raises(InputError, match="not after its start"):
        understand(f"rotate the dome {length}")


@pytest.mark.parametrize(
    "text",
    [
        "rotate the dome - 2 hours",
        "rotate the dome – 2h",
        "see the plates of the zero hour run, 2h",
        "see the loans with zero hours booked, 2h",
        "no hours are booked, see the loans for 2h",
        "in no time please: see the plates, 2 hours",
        "see the zero-day plates for 2 hours",
    ],
)
def test_a_length_is_read_when_a_dash_or_a_naught_only_stands_near(text: str) -> None:
    """S84: a clear request is no question."""
    found = read_window(text, NOW)

    assert (found.window is not None, found.doubt) == (True, False)


def test_two_hours_would_be_read_when_the_look_for_less_is_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S84: what the shipped line prevents."""

    def without(text: str, accounted: Sequence[tuple[int, int]], *, until: bool) -> tuple[()]:
        assert text
        assert accounted
        assert not until
        return ()

    monkeypatch.setattr(windows, "leftover", without)

    found = understand("rotate the dome of the telescope for minus two hours")

    assert found.clarity is Clarity.CLEAR
    assert found.understanding.window is not None


def test_a_row_of_digits_is_tried_once_when_it_is_long() -> None:
    """S84: from every digit anew, four thousand of them took seconds."""
    pattern: re.Pattern[str] = leftovers._NEVER  # the bound is in the pattern

    assert pattern.search("11 h before 18:00") is not None
    assert pattern.match("11 h before 18:00", 1) is None
    assert read_window("1" * 4000, NOW).window is None
