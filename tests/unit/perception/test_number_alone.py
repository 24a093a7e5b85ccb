"""A time said by a number alone, or in no unit known here, is asked about (S84)."""

from datetime import timedelta

import pytest

from govagents.domain.question import About, Clarity
from govagents.perception import windows
from govagents.perception.windows import read_window
from tests.unit.perception.company import NOW, understand

TIMES = [
    "9-5",
    "13 to 14",
    "8 to 10",
    "at 10",
    "22-6",
    "for 30",
    "for ten",
    "for a moment",
    "½ hour",
    "PT2H",
    "P1D",
    "for 3 shifts",
    "2h ago",
]


@pytest.mark.parametrize("said", TIMES)
def test_when_is_asked_when_a_time_makes_no_window(said: str) -> None:
    """S84."""
    found = understand(f"look up books and where they stand {said}")

    assert (found.clarity, found.understanding.window) == (Clarity.UNCLEAR, None)
    assert found.question is not None
    assert found.question.about is About.WINDOW
    assert f"`{said}`" in found.question.text


@pytest.mark.parametrize(
    "text",
    [
        "see the books of rack 13 to 14",
        "see the books of BW 12",
        "see the loans of order 4711-12",
        "see 5 to 10 books",
        "extend the loans for 30 readers",
        "see the books at 3 desks",
        "see the loans that were booked 2h ago",
        "see the loans behind INC-1001",
        "see the plates of release 4.17.2",
        "see the plates at 14%",
    ],
)
def test_no_time_is_asked_for_when_a_number_counts_or_names_things(text: str) -> None:
    """S84: a clear request is no question."""
    assert not read_window(text, NOW).doubt
    assert read_window(f"{text}, for 2h", NOW).window is not None


@pytest.mark.parametrize("text", ["for 2h at 10, see the books", "9-5, see the books for 2h"])
def test_when_is_asked_when_a_number_alone_stands_beside_a_length(text: str) -> None:
    """S84."""
    assert read_window(text, NOW).doubt


def test_a_length_is_read_when_a_row_of_numbers_follows_a_thing() -> None:
    """S84."""
    found = read_window("see the books 3-5 for 2h", NOW).window

    assert found is not None
    assert found.length == timedelta(hours=2)


def test_a_time_is_dropped_when_nothing_looks_for_numbers_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S84: what the shipped line prevents."""
    monkeypatch.setattr(windows, "unread", lambda *_args, **_more: ())

    assert understand("see who has borrowed which book at 10").clarity is Clarity.CLEAR


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("change the score from 3 to 5 for 2h", 2),
        ("lower the limit from 20 to 15 for 3 hours", 3),
        ("scale it from 2 to 4, 1h", 1),
    ],
)
def test_numbers_are_amounts_when_something_is_changed_from_one_to_the_other(
    text: str, hours: int
) -> None:
    """S84: the length said is the window."""
    window = read_window(text, NOW).window

    assert window is not None
    assert (window.start, window.length) == (NOW, timedelta(hours=hours))


@pytest.mark.parametrize("text", ["change the score from 3 to 5", "raise it from 3 to 5 tomorrow"])
def test_when_is_asked_when_amounts_may_be_hours(text: str) -> None:
    """S84: never a night from three to five."""
    assert read_window(text, NOW).doubt


def test_hours_are_read_when_nothing_is_changed() -> None:
    window = read_window("see the books from 14 to 16", NOW).window

    assert window is not None
    assert window.length == timedelta(hours=2)


def test_amounts_would_be_hours_when_nothing_looks_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S84: what the shipped line prevents."""
    monkeypatch.setattr(windows, "amounts", lambda text: [])

    assert read_window("change the score from 3 to 5 for 2h", NOW).window is None
    assert read_window("change the score from 3 to 5", NOW).window is not None
