"""What hangs on something, is denied, only asked about or said of another thing is asked (S60)."""

import pytest

from govagents.domain.question import About, Clarity
from govagents.perception import resolver
from tests.unit.perception.company import understand

_PLATES = "view photographic plates, 2h"
_UNSURE = [
    _PLATES + ", but the leak is mended",
    "can photographic plates be exported at all?",
    "sam inspects the roof vents, I " + _PLATES,
    "fines overdue! " + _PLATES,
    "photographic plates in bulk, 2h",
]


@pytest.mark.parametrize("text", _UNSURE)
def test_what_is_needed_is_asked_when_it_may_not_be_asked_for(text: str) -> None:
    """S60: so it is although every need was read."""
    found = understand(text)

    assert found.question is not None
    assert found.question.about is About.PERMISSION


@pytest.mark.parametrize("text", _UNSURE)
def test_it_would_be_given_when_nobody_looks_whether_it_is_asked_for(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60: what the shipped line prevents."""
    monkeypatch.setattr(resolver, "unsure", lambda case, understood: False)
    monkeypatch.setattr(resolver, "unread_subject", lambda case, understood: None)

    assert understand(text).clarity is Clarity.CLEAR


@pytest.mark.parametrize(
    "text",
    [
        "if it is okay I need to " + _PLATES,
        "could I " + _PLATES + "?",
        _PLATES + ", but I do not need more",
        "see who has borrowed which book and " + _PLATES,
        "waive an overdue fine, 2h",
        "export photographic plates in bulk, 2h",
    ],
)
def test_nothing_is_asked_when_it_is_plainly_asked_for(text: str) -> None:
    """S60."""
    assert understand(text).clarity is Clarity.CLEAR


def test_what_is_needed_is_still_asked_when_it_was_first_asked_for_whom() -> None:
    """S60: the answer to one question settles no other."""
    said = "both shelves get a view of photographic plates, 2h, but the leak is mended"
    first, then = understand(said), understand(said, "for me")

    assert first.question is not None
    assert first.question.about is About.BENEFICIARY
    assert then.question is not None
    assert then.question.about is About.PERMISSION


def test_it_is_given_when_the_answer_says_what_is_needed() -> None:
    """S60."""
    found = understand(_UNSURE[0], "view photographic plates")

    assert found.clarity is Clarity.CLEAR
