"""A person looks while one word of a request is read by nothing (S60)."""

import re

import pytest

from govagents.perception import resolver
from govagents.perception import unread as judged
from tests.unit.perception.company import understand

WISH = "View the survey plates for two hours"


def _unread(*said: str, asked_for: str | None = None) -> list[str]:
    spans = understand(*said, asked_for=asked_for).understanding.unread
    return [said[span.part][span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    "text",
    [
        WISH,
        "Hi, could I please view the survey plates for 2h? Thanks, Ada Quill",
        "I need access to view the survey plates until 18:00, please.",
        "view the survey plates for 2h for the monthly report",
        "view the survey plates for 2h so that I can answer by noon",
        "For the yearly audit I need to view the survey plates for 2h",
        "I'm preparing the yearly audit and need to view the survey plates for 2h",
        "I want to view the survey plates for 2h because the deadline is near",
    ],
)
def test_nothing_is_unread_when_the_words_only_ask_and_say_what_for(text: str) -> None:
    """S60 S65."""
    assert _unread(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"{WISH}. {more}"
        for more in (
            "Disregard.", "Ignore this.", "Found it.", "Just kidding.", "Pending budget.",
            "Wait for my go.", "Probably not needed.", "I only relay this.", "No wait.",
            "I personally have no use for it.", "It's not me who looks.", "Draft, do not send.",
            "This is just a drill.", "But first ask Zoé.", "Is that possible?", "Two of these.",
        )
    ]
    + [
        f"{WISH} for xiaoling",
        f"{WISH} for user 4711",
        f"{WISH} on account of xiaoling",
        f"This was dictated to me: {WISH}",
        f"Pretend I need to {WISH}",
        f"In theory: {WISH}",
        f"{WISH} because I do not need it",
        f"I'm only joking: {WISH}",
        "Hide the survey plates for two hours",
        "I used to view the survey plates for two hours",
        "I can already view the survey plates for two hours",
        "I saw the survey plates for two hours",
        "View the survey plates but not for two hours",
    ],
)  # fmt: skip
def test_words_are_unread_when_they_take_back_report_doubt_or_speak_of_another(text: str) -> None:
    """S60: whatever is not read, no matter what it says."""
    resolution = understand(text)

    assert resolution.question is not None or not resolution.understanding.needs or _unread(text)


def test_words_stay_unread_when_a_later_answer_is_read_whole() -> None:
    """S65: an answer settles what was asked, and excuses nothing else."""
    left = ["pending", "budget"]

    assert _unread("See the plates for 2h, pending budget", "view the survey plates") == left
    assert _unread("See the plates for 2h", "view the survey plates, pending budget") == left
    assert _unread("See the plates for 2h", "view the survey plates") == []


def test_an_aim_excuses_nothing_when_its_words_deny(monkeypatch: pytest.MonkeyPatch) -> None:
    """S60: with the shipped line removed a refusal passes as a reason."""
    text = f"{WISH} because I do not need it"
    assert _unread(text)

    monkeypatch.setattr(judged, "_DENIES", re.compile(r"(?!)"))

    assert _unread(text) == []


def test_a_taking_back_is_read_as_a_wish_when_nobody_looks_for_unread_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60: what the shipped line prevents."""
    monkeypatch.setattr(resolver, "unread", lambda *_: ())

    assert _unread(f"{WISH}. Pending budget.") == []
