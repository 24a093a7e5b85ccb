"""While a word is unread where somebody stands who does it, it is asked who it is for (S60)."""

import pytest

from govagents.domain.question import About, Clarity
from govagents.perception import resolver
from tests.unit.perception.company import understand

_BOOKS = "see who has borrowed which book, 2h"


@pytest.mark.parametrize(
    "text",
    [
        "whoever wins the coin toss gets to " + _BOOKS,
        "both branches get to " + _BOOKS,
        "Kasia from the agency may " + _BOOKS,
        "I'd like Zbigniew to be able to " + _BOOKS,
        "for the cleaners: " + _BOOKS,
        "engineering gets a view of photographic plates, 2h",
        "both shelves get a view of photographic plates, 2h",
        "view photographic plates, 2h. sent on behalf of Zoé",
        "Sterling views photographic plates, 2h",
        "Zoé's crew views photographic plates, 2h",
    ],
)
def test_who_it_is_for_is_asked_when_nothing_reads_who_does_it(text: str) -> None:
    """S60: names, crews and jokes have no end; what nobody understands there is a question."""
    found = understand(text)

    assert found.question is not None
    assert found.question.about is About.BENEFICIARY


@pytest.mark.parametrize(
    "text",
    [
        "I desperately need to " + _BOOKS,
        "While the shelves are repainted I need to " + _BOOKS,
        "looking: " + _BOOKS,
        "The kiln has cooled down. Could I " + _BOOKS,
        "gotta " + _BOOKS,
        "INC-7 since noon: " + _BOOKS,
        "did the kiln break again? looking: " + _BOOKS,
        "if possible " + _BOOKS,
        "Last week you gave me 8 hours of loans. Today two are enough: " + _BOOKS,
        "viewing Zoé's photographic plates, 2h",
        "Zoé is off sick, so I view her photographic plates, 2h",
        "This is Ada Quill, lending. " + _BOOKS,
    ],
)
def test_nobody_is_asked_about_when_the_speaker_is_who_does_it(text: str) -> None:
    """S60."""
    found = understand(text)

    assert found.question is None or found.question.about is not About.BENEFICIARY


@pytest.mark.parametrize(
    ("said", "got"),
    [
        ("both shelves get a view of photographic plates, 2h", "ada.quill"),
        ("view photographic plates, 2h. sent on behalf of Zoé", "zoe.brook"),
    ],
)
def test_somebody_would_get_it_when_nobody_looks_at_who_does_it(
    said: str, got: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60: shelves and letters of others are what the line is there for."""
    monkeypatch.setattr(resolver, "unread_subject", lambda case, understood: None)

    found = understand(said)

    assert (found.clarity, found.understanding.beneficiary) == (Clarity.CLEAR, got)


def test_what_is_needed_is_asked_first_when_it_is_not_known() -> None:
    """S60: who it is for is no question while nobody knows what."""
    found = understand("both shelves, the dome, 2h")

    assert found.question is not None
    assert found.question.about is not About.BENEFICIARY
