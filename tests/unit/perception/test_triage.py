import pytest

from govagents.domain.screening import Screened
from govagents.errors import InputError
from govagents.perception.triage import LONGEST, Triage, check_text
from tests.unit.perception.company import Ports, request_of


@pytest.mark.parametrize("text", ["", "  \n\t", "\u202e\u200b", "\x1b\x00", "?!…"])
def test_a_text_is_refused_when_it_holds_no_word(text: str) -> None:
    with pytest.raises(InputError, match="the text is empty"):
        check_text(text)


def test_a_text_is_refused_when_it_is_too_long() -> None:
    check_text("a" * LONGEST)

    with pytest.raises(InputError, match="4001 characters"):
        check_text("a" * (LONGEST + 1))


def _screen(text: str) -> tuple[Screened, tuple[str, ...]]:
    found = Triage(Ports([text]))({"request": request_of("ada.quill")})["screening"]
    return found.result, found.reasons


def test_greetings_alone_are_refused_when_nothing_is_asked() -> None:
    assert _screen("Good morning everybody, thanks!") == (Screened.REFUSED, ("not-a-request",))


def test_strange_characters_are_remarked_on_when_a_wish_stands_beside_them() -> None:
    assert _screen('see loans \u202e\u200b\x1b "x"') == (
        Screened.CLEAR,
        ("bidirectional-characters", "control-characters", "foreign-words", "invisible-characters"),
    )


def test_a_text_is_refused_when_it_cannot_be_written_as_utf_8() -> None:
    with pytest.raises(InputError, match="lone surrogate"):
        check_text("see loans \ud800")
