"""What is struck, taken back, left open or told behind a need is no wish as it stands (S60)."""

import re

import pytest

from govagents.domain.question import About, Clarity
from govagents.perception import sentences, unsure
from govagents.perception.clockwords import Said
from tests.unit.perception.company import understand

_PLATES = "view photographic plates, 2h"
_TAKEN_BACK = [
    _PLATES + ". strike the second part",
    _PLATES + ", actually leave the survey out",
    _PLATES + "?? no no, legal said hold",
    _PLATES + ". No, wait",
    _PLATES + ". the boss told me to wait",
    _PLATES + ", or better not",
    _PLATES + ", I'll let you know",
    _PLATES + " - not sure",
    _PLATES + ", or rather don't",
    _PLATES + ". the board vetoed it",
    _PLATES + " - cancelled",
    _PLATES + ". Done already, thanks",
    _PLATES + ". Correction: none of it",
]


@pytest.mark.parametrize("text", [*_TAKEN_BACK, _PLATES + ", or maybe not"])
def test_what_is_needed_is_asked_when_it_is_taken_back(text: str) -> None:
    """S60."""
    found = understand(text)

    assert found.question is not None
    assert found.question.about is About.PERMISSION


def test_something_is_asked_when_the_wish_itself_wavers() -> None:
    """S60."""
    assert understand("maybe " + _PLATES).clarity is Clarity.UNCLEAR


@pytest.mark.parametrize("text", _TAKEN_BACK)
def test_it_would_be_given_when_nobody_reads_what_follows(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60: what the shipped line prevents."""
    monkeypatch.setattr(unsure, "taken_back", lambda said: False)

    assert understand(text).clarity is Clarity.CLEAR


@pytest.mark.parametrize(
    "text",
    [
        _PLATES + ", no more than that",
        _PLATES + ". approved",
        _PLATES + ", Zoé approved it",
        _PLATES + ". urgently needed",
        _PLATES + ". I'll let you know when I'm done",
        "view photographic plates, maybe 2h",
        "Are the plates sorted or not? I need to " + _PLATES,
        "view photographic plates that aren't filed yet, 2h",
    ],
)
def test_nothing_is_asked_when_nothing_is_taken_back(text: str) -> None:
    """S60."""
    assert understand(text).clarity is Clarity.CLEAR


_TOLD = "photographic plates are viewed now, exporting them took 2h"


def test_nothing_is_wished_for_when_words_report_how_long_it_took() -> None:
    """S60: "took" tells, and how long it took is no window."""
    found = understand(_TOLD)

    assert found.clarity is Clarity.UNCLEAR
    assert found.understanding.window is None


@pytest.mark.parametrize(
    "said", ["it took 2h", "that lasted about 3 hours", "it needed 2h", "it has taken us over 2h"]
)
def test_a_length_is_no_window_when_it_is_how_long_something_took(said: str) -> None:
    """S60."""
    found = understand(f"{said} last time. view photographic plates")

    assert found.understanding.window is None


def test_it_would_be_a_window_when_took_is_no_word_of_the_past(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60: what the shipped lines prevent."""
    blind = re.compile(r"(?!)")
    monkeypatch.setattr(sentences, "_SAID", blind)
    monkeypatch.setattr(Said, "BEFORE_PAST", blind)

    found = understand(_TOLD)

    assert found.understanding.window is not None
