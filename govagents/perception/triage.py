"""Is there anything to read: no model, no lookup, the same answer for the same characters.

1. No words at all, more than fit, or characters that no request may hold (`characters.py`) are the
   caller's to mend, before a request exists.
2. Other characters that change how a text looks (zero width, escape) are remarked on; they refuse
   nothing.
3. Only what cannot be a request, greetings and thanks alone, is refused; doubt is for the reader.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from govagents.domain.request import Request
from govagents.domain.screening import Screened, Screening
from govagents.domain.text import Untrusted
from govagents.errors import InputError
from govagents.perception.characters import check_characters
from govagents.perception.own_words import own_words
from govagents.perception.words import words
from govagents.ports import Words

_LONGEST = 4000
_EMPTY = "the text is empty: say what you need, for what, and for how long"
_NOT_A_WISH = frozenset(
    """
    a again all and are best bonjour buenas buenos bye cheers day danke dear dias evening
    everybody everyone for fine folks gracias good great greetings guten hallo hello hey hi hola
    how is it kind lot lots many merci morning much nice ok okay please regards so thank thanks
    that the there tag team thx to very weekend well you your
    """.split()
)


def check_text(text: str) -> None:
    """(1).

    Raises:
        InputError: nothing to read, longer than 4,000 characters, or what no request may hold.
    """
    if not any(unicodedata.category(character)[0] in "LN" for character in text):
        raise InputError(_EMPTY)
    check_reason(text)


def check_reason(text: str) -> None:
    """(1) Of words that nobody has to read anything from.

    Raises:
        InputError: longer than 4,000 characters, or what no request may hold.
    """
    # SECURITY: all words, requests, answers and reasons, come in here; what is refused is not kept
    if len(text) > _LONGEST:
        message = f"the text has {len(text)} characters: say it in {_LONGEST} or fewer"
        raise InputError(message)
    check_characters(text)


def remarks(text: str) -> tuple[str, ...]:
    r"""(2): codes for characters that make a text look other than it is.

    >>> remarks("read\u202elogs\x1b[31m")
    ('bidirectional-characters', 'control-characters')
    """
    found = set()
    for character in text:
        category = unicodedata.category(character)
        if unicodedata.bidirectional(character) in _DIRECTION:
            found.add("bidirectional-characters")
        elif category == "Cf":
            found.add("invisible-characters")
        elif category in {"Cc", "Co", "Cn", "Cs"} and character not in "\n\r\t":
            found.add("control-characters")
    return tuple(sorted(found))


_DIRECTION = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


class ToTriage(TypedDict):
    """What triage is handed."""

    request: Request


class Triaged(TypedDict):
    """What it writes."""

    screening: Screening


@dataclass(frozen=True)
class Triage:
    """Words → Screening."""

    words: Words

    def __call__(self, state: ToTriage) -> Triaged:
        """Looks at everything the speaker wrote."""
        return {"screening": screen(self.words.of(state["request"].id))}


def screen(said: Sequence[Untrusted]) -> Screening:
    """(2)(3)."""
    texts = [part.raw() for part in said]
    found = {remark for text in texts for remark in remarks(text)}
    if any(own_words(text) != text for text in texts):
        found.add("foreign-words")
    wish = {word.folded for text in texts for word in words(text)} - _NOT_A_WISH
    if not wish:
        return Screening(Screened.REFUSED, tuple(sorted(found | {"not-a-request"})))
    return Screening(Screened.CLEAR, tuple(sorted(found)))
