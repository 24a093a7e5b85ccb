import sys
import unicodedata

import pytest

from govagents.domain.screening import Screened
from govagents.errors import InputError
from govagents.perception.characters import check_characters
from govagents.perception.triage import _LONGEST, Triage, check_text
from tests.unit.perception.company import Ports, request_of


@pytest.mark.parametrize("text", ["", "  \n\t", "\u202e\u200b", "\x1b\x00", "?!…"])
def test_a_text_is_refused_when_it_holds_no_word(text: str) -> None:
    with pytest.raises(InputError, match="the text is empty"):
        check_text(text)


def test_a_text_is_refused_when_it_is_too_long() -> None:
    check_text("a" * _LONGEST)

    with pytest.raises(InputError, match="4001 characters"):
        check_text("a" * (_LONGEST + 1))


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
    with pytest.raises(InputError, match="lone surrogate: byte 0xFF"):
        check_text("see loans \udcff")


def test_every_control_and_bidirectional_character_is_refused_when_it_is_not_plain_text() -> None:
    """S72: Cc without tab, line feed, carriage return and escape; Bidi_Control; surrogates."""
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        kind = unicodedata.category(character)
        bidi = kind == "Cf" and (
            unicodedata.bidirectional(character) in MARKS or code in (0x61C, 0x200E, 0x200F)
        )
        expected = bidi or kind == "Cs" or (kind == "Cc" and character not in "\t\n\r\x1b")
        assert _is_refused(character) == expected, hex(code)


MARKS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def _is_refused(character: str) -> bool:
    try:
        check_characters(character)
    except InputError:
        return True
    return False


def test_each_character_is_named_once_with_its_places_when_several_are_refused() -> None:
    with pytest.raises(InputError) as told:
        check_text("a\u202eb\x07c\u202e" + "\x00" * 20)

    message = str(told.value)
    assert "U+202E RIGHT-TO-LEFT OVERRIDE at character 2, 6;" in message
    assert "U+0007 ALERT at character 4;" in message
    assert "U+0000 NULL at character 7, 8, 9, 10, 11, 12, 13, 14 and 12 more" in message
    assert message.endswith("`abc`")
