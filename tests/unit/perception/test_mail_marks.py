"""The mark that a mail carries before its subject is nobody's wish (S84)."""

import re

import pytest

from govagents.perception import own_words


@pytest.mark.parametrize("mark", ["FW: ", "Fwd: ", "RE: ", "WG: ", "TR:", "AW: FW: ", "Re[2]: "])
def test_a_mail_mark_is_blanked_when_it_opens_a_line(mark: str) -> None:
    text = f"{mark}tickets"

    found = own_words.own_words(text)

    assert len(found) == len(text)
    assert not found[: len(mark)].strip()


@pytest.mark.parametrize("text", ["RE: see the books, 2h", "hello\nAW: see the books, 2h"])
def test_what_follows_is_kept_when_the_mark_is_an_answers(text: str) -> None:
    assert own_words.own_words(text).split()[-4:] == ["see", "the", "books,", "2h"]


@pytest.mark.parametrize("text", ["fw logs", "see the re-run: books", "the fw rules, 2h"])
def test_a_word_is_kept_when_it_is_no_mark(text: str) -> None:
    assert own_words.own_words(text) == text


def test_a_mail_mark_is_a_word_when_nothing_looks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_words, "_MARKED", re.compile(r"(?!)"))

    assert own_words.own_words("RE: tickets").strip() == "RE: tickets"


@pytest.mark.parametrize(
    "text",
    ["FW:\nsee the books, 2h", "Fwd: loans\n\nsee the books, 2h", "RE: WG: x\nsee the books, 2h"],
)
def test_what_stands_below_is_kept_when_nothing_quoted_follows_a_forward(text: str) -> None:
    """S84: the subject is somebody else's, the words below it are not."""
    assert own_words.own_words(text).split() == ["see", "the", "books,", "2h"]


@pytest.mark.parametrize(
    "text",
    [
        "FW: see the books, 2h",
        "Fwd: loans\n> see the books, 2h",
        "Fwd: loans\nFrom: Kenji\nsee the books, 2h",
        "Fwd: x\n---- Original message ----\nsee the books, 2h",
        "From: Zoé Brook\nsee the books, 2h",
        "Zoé wrote: see the books, 2h",
        "Tanaka asks: see the books, 2h",
    ],
)
def test_nothing_is_the_speakers_own_when_somebody_elses_words_are_brought(text: str) -> None:
    """S38 S84."""
    assert "books" not in own_words.own_words(text)


@pytest.mark.parametrize("text", ["From: 10:00\nsee the books", "From: Monday\nsee the books"])
def test_the_words_are_the_speakers_when_from_says_when(text: str) -> None:
    """S84."""
    assert "books" in own_words.own_words(text)


def test_a_subject_would_be_read_when_nothing_looks_for_a_forward(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S84: what the shipped line prevents."""
    monkeypatch.setattr(own_words, "_FORWARDED", re.compile(r"(?!)"))

    assert "books" in own_words.own_words("FW: see the books, 2h")
