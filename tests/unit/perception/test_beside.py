"""Somebody whom nobody knows stands beside the request: asked about, never the speaker (S60)."""

import pytest

from govagents.domain.question import About, Clarity
from govagents.perception import beneficiary
from govagents.perception.strangers import beside
from tests.unit.perception.company import understand

_BOOKS = "see who has borrowed which book"


@pytest.mark.parametrize(
    "text",
    [
        f"I need to {_BOOKS} (bob) for 2h",
        f"I need to {_BOOKS} for me/bob, 2h",
        f"{_BOOKS} /jan, 2h",
        f"for Jean-Luc from the carrier, {_BOOKS}, 2h",
        f"Q.K. wants to {_BOOKS}, 2h",
        f"on-call tonight needs to {_BOOKS}, 2h",
        f"give the on-call read access to {_BOOKS}, 2h",
        f"caller on line 2 wants to {_BOOKS}, 2h",
        f"them too please: {_BOOKS}, 2h",
    ],
)
def test_who_it_is_for_is_asked_when_a_word_nobody_knows_stands_where_a_name_does(
    text: str,
) -> None:
    """S60."""
    found = understand(text)

    assert found.question is not None
    assert found.question.about is About.BENEFICIARY


@pytest.mark.parametrize(
    "text",
    [
        f"I need to {_BOOKS} (urgent) for 2h",
        f"I need to {_BOOKS} (monthly) for 2h",
        f"I am on call and need to {_BOOKS} for 2h",
        f"I need to {_BOOKS} and/or more, 2h",
    ],
)
def test_nobody_is_asked_about_when_the_word_says_how_or_when(text: str) -> None:
    """S60."""
    found = understand(text)

    assert found.question is None or found.question.about is not About.BENEFICIARY


def test_the_speaker_would_get_it_when_nothing_looks_beside_the_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60: a name in brackets is what the line is there for."""
    said = f"I need to {_BOOKS} (bob) for 2h"
    monkeypatch.setattr(beneficiary, "beside", lambda text, everyday: None)

    assert understand(said).clarity is Clarity.CLEAR


def test_a_name_is_no_stranger_when_everyday_knows_it() -> None:
    """S60."""
    assert beside("the logs (jan)", lambda word: word == "jan") is None
