"""A chat model that says what nobody asked for.

The attacker owns the model, or talked it round: it answers in the form asked for, names only what
it was shown and quotes words that stand there, so that nothing about its answer looks wrong. It
wants a grant for somebody who refused it, who only asked a question, or who is not the one meant.

What it proposes goes through the same local checks as the reading of the local reader.

Open: what the words bear out may still be misread; owners see the words.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from govagents.domain.question import About, Clarity, Resolution
from govagents.domain.request import Need
from govagents.perception import disposal, reader, resolver
from govagents.perception.disposal import Left
from tests.unit.perception.company import Scripted, understand

LOANS = "library:loans:read"


def _says(quote: str, permission: str = LOANS, **more: Any) -> Scripted:  # noqa: ANN401  # any field
    need = {"permission": permission, "confidence": 100, "quote": {"words": quote}}
    return Scripted({"needs": (need,), **more})


def _told(text: str, model: Scripted) -> Resolution:
    return understand(text, model=model)


REFUSED = [
    ("do not give me a way to see who has borrowed which book", "see who has borrowed"),
    ("I don't want to see who has borrowed which book", "see who has borrowed which book"),
    ("please revoke my access to see who has borrowed which book", "see who has borrowed"),
    ("do not let me see who has borrowed which book", "do not let me see who has borrowed"),
    ("I no longer need to see who has borrowed books. Thanks!", "see who has borrowed books"),
]
WONDERED = [
    ("Who can see who has borrowed which book?", "see who has borrowed which book"),
    ("what does it take to see who has borrowed which book? Thanks!", "see who has borrowed"),
]
VAGUE = [
    ("whatever it takes to see who has borrowed which book", "see who has borrowed"),
    ("the same access as my colleagues to see who has borrowed books", "see who has borrowed"),
]


@pytest.mark.parametrize(("text", "quote"), [*REFUSED, *WONDERED, *VAGUE])
def test_a_need_nobody_wished_for_is_refused(text: str, quote: str) -> None:
    """S84 S72: a refusal, a question about the world and an open wish are a question."""
    found = _told(text, _says(quote))

    assert (found.clarity, found.understanding.needs) == (Clarity.UNCLEAR, ())
    assert found.question is not None
    assert found.question.about is About.PERMISSION


def test_a_refused_need_beside_a_wish_is_refused() -> None:
    text = "extend a loan by two weeks, but I don't want to see who has borrowed which book"
    model = Scripted(
        {
            "needs": tuple(
                {"permission": name, "confidence": 100, "quote": {"words": quote}}
                for name, quote in (
                    ("library:loans:extend", "extend a loan"),
                    (LOANS, "see who has borrowed which book"),
                )
            )
        }
    )

    found = _told(text, model)

    assert [need.permission for need in found.understanding.needs] == ["library:loans:extend"]


@pytest.mark.parametrize(
    "text", ["I don't want the Plate Reader role", "Who has the Plate Reader role?"]
)
def test_a_role_nobody_wished_for_is_refused(text: str) -> None:
    found = _told(text, Scripted({"roles": ("ob-plates",)}))

    assert (found.clarity, found.understanding.needs) == (Clarity.UNCLEAR, ())


UNKNOWN = [
    ("give Bob Nobody a way to see who has borrowed which book", None),
    ("let the new temp see who has borrowed which book", "the new temp"),
    ("Robin wants to see who has borrowed which book", "Robin"),
]


@pytest.mark.parametrize(("text", "whom"), UNKNOWN)
@pytest.mark.parametrize("warned", [(), ("keep-a-copy",)])
def test_a_need_of_somebody_unknown_is_refused(
    text: str, whom: str | None, warned: tuple[str, ...]
) -> None:
    """S84: an unknown person is a question, never the speaker, whatever the model warns of."""
    beneficiary = None if whom is None else {"words": whom}

    found = _told(text, _says("see who has borrowed", beneficiary=beneficiary, warnings=warned))

    assert found.clarity is Clarity.UNCLEAR
    assert found.question is not None
    assert found.question.about is About.BENEFICIARY


def test_a_beneficiary_the_words_do_not_name_is_refused() -> None:
    text = "I reset Max Winter's token and need to see who has borrowed which book"

    found = _told(text, _says("see who has borrowed", beneficiary={"words": "Max Winter"}))

    assert found.question is not None
    assert found.question.about is About.BENEFICIARY
    assert [item.id for item in found.question.options] == ["ada.quill", "max.winter"]


def test_a_window_the_words_leave_open_is_refused() -> None:
    text = "see who has borrowed which book for 2 hours tomorrow"

    found = _told(text, _says("see who has borrowed", window=({"words": "for 2 hours"},)))

    assert found.question is not None
    assert (found.question.about, found.understanding.window) == (About.WINDOW, None)


def test_a_wish_is_read_as_the_model_reads_it_when_the_words_bear_it_out() -> None:
    found = _told("I need to see who has borrowed which book", _says("see who has borrowed"))

    assert (found.clarity, found.understanding.needs[0].permission) == (Clarity.CLEAR, LOANS)


@pytest.mark.parametrize(("text", "quote"), [REFUSED[0], WONDERED[0], VAGUE[0]])
def test_a_need_nobody_wished_for_is_believed_when_the_checks_are_gone(
    text: str, quote: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "disposed", _believed)
    monkeypatch.setattr(resolver, "unread_subject", lambda case, understood: None)
    monkeypatch.setattr(resolver, "unsure", lambda case, understood: False)

    assert _told(text, _says(quote)).clarity is Clarity.CLEAR


def test_a_role_nobody_wished_for_is_believed_when_refusals_are_not_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader, "wishes", tuple)
    monkeypatch.setattr(disposal, "wishes", tuple)

    found = _told("I don't want the Plate Reader role", Scripted({"roles": ("ob-plates",)}))

    assert found.understanding.needs


def test_a_need_of_somebody_unknown_is_the_speakers_when_the_words_are_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resolver, "beneficiary", lambda *_, **__: None)
    monkeypatch.setattr(resolver, "unread_subject", lambda case, understood: None)
    text = "give Bob Nobody a way to see who has borrowed which book"

    found = _told(text, _says("see who has borrowed"))

    assert (found.clarity, found.understanding.beneficiary) == (Clarity.CLEAR, "ada.quill")


def _believed(needs: Sequence[Need], about: str | None, *_: object) -> Left:
    return Left(tuple(needs), about)
