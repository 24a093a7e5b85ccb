r"""Characters that no request may hold: what a screen obeys, what reorders it, what is no text.

1. Control characters are refused, but for tab, line feed and carriage return, which a terminal or a
   mail puts in, and escape: escape codes come along with what people copy from a terminal, and
   whoever decides must see them as they were typed. Everything shown to a person escapes them.
2. Bidirectional controls are refused: they make a text read otherwise than it is read here.
   Source: Unicode, property Bidi_Control.
3. Lone surrogates are refused: they are bytes that are no UTF-8.
4. A refusal names each of them, shows where they stand, and says the text that may be sent.
"""

import unicodedata
from collections.abc import Iterator

from govagents.errors import InputError

_ALLOWED = frozenset("\t\n\r\x1b")  # (1)
_BIDI = frozenset(map(chr, (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_CONTROLS = """
    NULL|START OF HEADING|START OF TEXT|END OF TEXT|END OF TRANSMISSION|ENQUIRY|ACKNOWLEDGE|ALERT
    |BACKSPACE|CHARACTER TABULATION|LINE FEED|LINE TABULATION|FORM FEED|CARRIAGE RETURN|SHIFT OUT
    |SHIFT IN|DATA LINK ESCAPE|DEVICE CONTROL ONE|DEVICE CONTROL TWO|DEVICE CONTROL THREE
    |DEVICE CONTROL FOUR|NEGATIVE ACKNOWLEDGE|SYNCHRONOUS IDLE|END OF TRANSMISSION BLOCK|CANCEL
    |END OF MEDIUM|SUBSTITUTE|ESCAPE|INFORMATION SEPARATOR FOUR|INFORMATION SEPARATOR THREE
    |INFORMATION SEPARATOR TWO|INFORMATION SEPARATOR ONE|DELETE|NEXT LINE
    |CONTROL SEQUENCE INTRODUCER|OPERATING SYSTEM COMMAND|STRING TERMINATOR
"""
_NAMES: dict[str, str] = {
    unicodedata.lookup(name.strip()): name.strip() for name in _CONTROLS.split("|")
}
_FIRST_ESCAPED_BYTE, _LAST_ESCAPED_BYTE = 0xDC80, 0xDCFF
_MOST_PLACES = 8


def check_characters(text: str) -> None:
    """(1)(2)(3).

    Raises:
        InputError: `text` holds such characters; says which, where, and what may be sent (4).
    """
    if any(map(_refused, text)):
        message = (
            f"the text holds characters that no request may hold: {'; '.join(_named(text))}: "
            f"in `{_escaped(text)}`: say it without them: `{_cleaned(text)}`"
        )
        raise InputError(message)


def _refused(character: str) -> bool:
    control = unicodedata.category(character) == "Cc" and character not in _ALLOWED
    return control or character in _BIDI or unicodedata.category(character) == "Cs"


def _named(text: str) -> Iterator[str]:
    """Each of them once, with its places counted from 1."""
    places: dict[str, list[int]] = {}
    for at, character in enumerate(text, 1):
        if _refused(character):
            places.setdefault(character, []).append(at)
    for character, found in places.items():
        said = ", ".join(map(str, found[:_MOST_PLACES]))
        more = f" and {len(found) - _MOST_PLACES} more" if len(found) > _MOST_PLACES else ""
        yield f"U+{ord(character):04X} {_name(character)} at character {said}{more}"


def _name(character: str) -> str:
    code = ord(character)
    if _FIRST_ESCAPED_BYTE <= code <= _LAST_ESCAPED_BYTE:  # how Python hands on a stray byte
        return f"(lone surrogate: byte 0x{code - _FIRST_ESCAPED_BYTE + 0x80:02X} is no UTF-8)"
    if unicodedata.category(character) == "Cs":
        return "(lone surrogate)"
    name = unicodedata.name(character, "CONTROL CHARACTER")
    return _NAMES.get(character, name)


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(each):04x}" if _refused(each) else each for each in text)


def _cleaned(text: str) -> str:
    return "".join(each for each in text if not _refused(each)).strip()
