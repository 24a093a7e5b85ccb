"""A form whose field for whom is open asks who it is for (S60)."""

import pytest

from govagents.domain.question import About, Clarity
from govagents.perception import beneficiary, resolver
from tests.unit.perception.company import understand

_PLATES = "view photographic plates, 2h"
_OPEN = [
    f"name: (will follow)\nwhat: {_PLATES}",
    f"who: tba. {_PLATES}",
    f"what: {_PLATES}\nwho: ?",
    f"employee: to be hired; {_PLATES}",
    f"who will use it: open. {_PLATES}",
    f"for whom: see below\n{_PLATES}",
    f"Name:\nWhat: {_PLATES}",
]


@pytest.mark.parametrize("text", _OPEN)
def test_who_is_asked_when_a_field_for_whom_is_open(text: str) -> None:
    """S60."""
    found = understand(text)

    assert found.question is not None
    assert found.question.about is About.BENEFICIARY


@pytest.mark.parametrize("text", _OPEN[:3])
def test_the_speaker_would_get_it_when_no_field_is_looked_at(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60: what the shipped line prevents."""
    monkeypatch.setattr(beneficiary, "open_field", lambda text, people, knows: None)
    monkeypatch.setattr(resolver, "unread_subject", lambda case, understood: None)

    found = understand(text)

    assert (found.clarity, found.understanding.beneficiary) == (Clarity.CLEAR, "ada.quill")


@pytest.mark.parametrize(
    "text",
    [
        f"who: me. {_PLATES}",
        f"name: Ada Quill\nwhat: {_PLATES}",
        "Ref: tax. I need to view photographic plates. Start: 28 Nov 18:00. End: 28 Nov 20:00.",
        "need: photographic plates, view. until: tonight 19:00",
    ],
)
def test_nothing_is_asked_when_a_form_is_filled_in(text: str) -> None:
    """S60."""
    found = understand(text)

    assert (found.clarity, found.understanding.beneficiary) == (Clarity.CLEAR, "ada.quill")
    assert found.understanding.window is not None
