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

    assert own_words.own_words("FW: tickets").strip() == "FW:"
