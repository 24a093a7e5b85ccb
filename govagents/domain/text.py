"""Text from outside: carried, shown, never obeyed.

INVARIANT (text is tainted): `Untrusted` cannot be turned into a string by accident. It has no
`__str__`, formatting it raises, its repr holds only its length. The two ways out say what they are
for: `raw()` for the code that parses it, `shown()` for a person's screen.
"""

import unicodedata
from dataclasses import dataclass
from typing import NoReturn


class Untrusted:
    """Words somebody else chose."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Keeps the text exactly as it came."""
        self._text = text

    def raw(self) -> str:
        """The exact characters, for a parser; never for a query, a system prompt or a page."""
        return self._text

    def shown(self) -> str:
        """Plain text with control, bidirectional and escape characters made visible."""
        return "".join(_visible(character) for character in self._text)

    def withheld(self) -> "Untrusted":
        """As long as it is, and nothing else of it: places in it stay places."""
        return Untrusted("█" * len(self._text))

    def __len__(self) -> int:
        """Characters."""
        return len(self._text)

    def __eq__(self, other: object) -> bool:
        """Equal text."""
        return isinstance(other, Untrusted) and other._text == self._text

    def __hash__(self) -> int:
        """By text."""
        return hash(self._text)

    def __repr__(self) -> str:
        """Length only."""
        return f"Untrusted({len(self._text)} characters)"

    def __str__(self) -> NoReturn:
        """Refused: say `raw()` or `shown()`."""
        message = (
            "untrusted text has no string form: use raw() to parse it or shown() to display it"
        )
        raise TypeError(message)

    def __format__(self, spec: str) -> NoReturn:
        """Refused like `__str__`."""
        str(self)
        raise AssertionError(spec)


@dataclass(frozen=True, order=True)
class Span:
    """Characters `[start, end)` of the `part`-th thing the speaker wrote (0 = the request)."""

    start: int
    end: int
    part: int = 0


_LAST_SHORT_ESCAPE = 0xFFFF


def _visible(character: str) -> str:
    if character == "\n":
        return "\n"
    # Cc control, Cf format (bidirectional, zero width, tags), Co private, Zl and Zp line breaks
    if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}:
        code = ord(character)
        return f"\\u{code:04x}" if code <= _LAST_SHORT_ESCAPE else f"\\U{code:08x}"
    return character
