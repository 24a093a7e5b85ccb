"""What only tells how things are asks for nothing, and adds no need to what is asked for (S60)."""

import pytest

from govagents.domain.question import Clarity
from govagents.perception import idle, ranking
from govagents.perception.idle import only_tells
from govagents.perception.sentences import tells
from tests.unit.perception.company import understand

_BOOKS = "see who has borrowed which book"
_LOANS = ["library:loans:read"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Last week I needed the loans for 2 hours.", True),
        ("Thanks, the problem with the loans is solved, nothing to do", True),
        ("the list of loans is done, thanks. no access needed any more", True),
        ("I looked at the loans yesterday already, 1h, all good", True),
        ("the loans were wrong, INC-11, 2h", True),
        ("the shelf is full, the loans, 2h", False),
        ("who is on it? need to see that for one day", False),
        ("I was asked to look at the loans, 2h", False),
        ("the loans that are late, 2h", False),
        ("access to the loans is required for 2h", False),
        ("Ana is to be given sight of the loans", False),
        ("hello, thanks", False),
    ],
)
def test_a_text_only_tells_when_every_part_says_how_things_are(text: str, *, told: bool) -> None:
    """S60."""
    assert only_tells(text) is told


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("my laptop is slow", True),
        ("it looked odd", True),
        ("who has borrowed it", True),
        ("looks like a gap", False),
        ("see what is late", False),
        ("I still need it", False),
        ("the loans posted yesterday", False),
    ],
)
def test_a_part_tells_when_its_own_verb_says_what_is_or_was(part: str, *, told: bool) -> None:
    """S60."""
    assert tells(part) is told


def test_a_report_is_asked_about_when_it_reads_like_a_wish_of_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60; without the rule what was needed last week would be proposed today."""
    said = f"Last week I needed to {_BOOKS} for 2 hours"
    asked = understand(said)
    monkeypatch.setattr(idle, "only_tells", lambda _: False)
    guessed = understand(said)

    assert asked.question is not None
    assert "something that was" in asked.question.text
    assert guessed.clarity is Clarity.CLEAR
    assert [need.permission for need in guessed.understanding.needs] == _LOANS


@pytest.mark.parametrize(
    "text",
    [
        f"I need to {_BOOKS} for 2h, the telescope is slow",
        f"sorry wrong telescope, I need to {_BOOKS} for 2h",
        f"I need to {_BOOKS} for 2h. The dome of the telescope broke",
    ],
)
def test_an_aside_is_no_need_when_it_tells_or_stands_before_the_wish(text: str) -> None:
    """S60."""
    needs = understand(text).understanding.needs

    assert [need.permission for need in needs] in ([], _LOANS)


def test_an_aside_would_become_a_need_when_every_part_could_ask(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60: the line that leaves parts out is what keeps the telescope out."""
    said = f"rotate the dome of the telescope was my old job, I need to {_BOOKS} for 2h"
    kept = understand(said).understanding.needs
    monkeypatch.setattr(ranking, "tells", lambda _: False)
    monkeypatch.setattr(ranking, "wants", lambda _: False)
    more = understand(said).understanding.needs

    assert len(more) > len(kept)
