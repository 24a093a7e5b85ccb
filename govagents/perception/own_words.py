"""Which of the words are the speaker's own.

1. What stands in quotation marks, in a quoted line, in a comment, in a code block or in a bracket
   that addresses a machine is somebody else's.
2. What follows an announcement of pasted or forwarded text is somebody else's, to the end.
3. An opening mark without a closing one reaches to the end: better to ask than to obey.
4. The mark a mail carries before its subject ("RE:", "AW:") is the mail program's; behind the mark
   of a forwarded one ("FW:") so is the subject. What stands below is the speaker's.
5. Masking keeps every offset: a foreign character becomes a space.

INVARIANT (own words): no other module decides this, and every reader's answer is checked against
it.
"""

import re

_QUOTED = re.compile(
    r"""
      "[^"]*(?:"|\Z)                        # (3) reaches to the end where unclosed
    | [“„”][^“”]*(?:[“”]|\Z)
    | «[^»]*(?:»|\Z)
    | ‹[^›]*(?:›|\Z)
    | ‘[^’\n]{12,}’(?!\w)
    | (?<!\w)'[^'\n]{12,}'(?!\w)
    | ```.*?(?:```|\Z)
    | `[^`]*(?:`|\Z)
    | <!--.*?(?:-->|\Z)
    | <(?P<tag>[A-Za-z][\w-]*)\b[^>]*>.*?(?:</(?P=tag)>|\Z)
    | ^[ \t]*>[^\n]*                        # a quoted line of a mail
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)

_MACHINE = r"system|assistant|agent|bot|ai|admin|prompt|instruction|note|override|policy|user|inst"

_ADDRESSED = re.compile(
    rf"""
      \[[^\]]*\b(?:{_MACHINE})\b[^\]]*(?:\]|\Z)
    | \{{[^}}]*\b(?:{_MACHINE})\b[^}}]*(?:\}}|\Z)
    | <\|[^|>]*\|?>.*?(?:<\||\Z)
    | (?:^|(?<=[.!?\n]))[ \t]*(?:\#+[ \t]*)?(?:system|assistant|ai|bot|agent|developer)
      (?:\s+(?:note|message|prompt|override|instruction)s?)?\s*:.*
    | \bnote\s+to\s+(?:the\s+|any\s+)?(?:[\w-]+\s+){{0,2}}(?:agent|bot|assistant|ai|model)s?\b.*
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)

_ANNOUNCED = re.compile(
    r"""
    (?: \b(?:ticket|mail|e-?mail|message|chat|text|note|log|letter|page|document)s?
        (?:\s+(?:text|body|content|history))?\s+
        (?:follows|reads|below|says|said|pasted|copied|attached)\b[^:\n"“„«]{0,40}:
      | \b(?:he|she|they|it|customer|supplier|vendor|partner|sender|caller
        |(?-i:[A-ZÀ-Þ])[\w'’-]+)\s+(?:wrote|writes|says|said|asks|asked)\s*:
      | \b(?:pasted|copied|forwarded|forwarding)\b[^:\n"“„«]{0,60}:
      | (?<=\S)[ \t]+(?:fwd|fw)\b[^:\n"“„«]{0,60}:
      | -{2,}\s*(?:original|forwarded|begin)\b[^\n]*
      | \bbegin\s+forwarded\s+message\b[^\n]*
      | ^[ \t]*(?:from|von|de)[ \t]*:(?:[^\n]*@[^\n]*
        |[ \t]*(?!(?:[a-z]+day|today|tomorrow|now|noon|january|february|march|april|may|june|july
        |august|september|october|november|december)\b)
        (?-i:[A-ZÀ-Þ])[\w.'’-]+(?:[ \t]+(?-i:[A-ZÀ-Þ])[\w.'’-]+){0,3}[ \t]*$)
    )
    (?P<rest>.*)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE | re.MULTILINE,
)

_FORWARDED = re.compile(
    r"^[ \t]*(?:(?:fw|fwd|re|wg|tr|aw)[ \t]*(?:\[\d{1,3}\][ \t]*)?:[ \t]*)*?"
    r"(?:fw|fwd|wg|tr)[ \t]*(?:\[\d{1,3}\][ \t]*)?:[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_MARKED = re.compile(
    r"^[ \t]*(?:(?:re|aw)[ \t]*(?:\[\d{1,3}\][ \t]*)?:[ \t]*)+",
    re.IGNORECASE | re.MULTILINE,
)


def foreign(text: str) -> tuple[tuple[int, int], ...]:
    """Spans that are not the speaker's own, in order; they may touch.

    >>> [text[a:b] for text in ['read logs, he says "make me admin"'] for a, b in foreign(text)]
    ['"make me admin"']
    """
    quoted = [match.span() for match in _QUOTED.finditer(text)]  # (1)
    addressed = [match.span() for match in _ADDRESSED.finditer(_blank(text, quoted))]
    found = quoted + addressed
    found += [match.span() for match in _FORWARDED.finditer(_blank(text, found))]  # (4)
    rest = _ANNOUNCED.search(_blank(text, found))  # (2)
    if rest is not None and _is_pasted(text, rest.start("rest"), found):
        found.append(rest.span("rest"))
    found += [match.span() for match in _MARKED.finditer(_blank(text, found))]  # (4)
    return tuple(sorted(found))


def own_words(text: str) -> str:
    """`text` with everything foreign blanked, character for character.

    >>> own_words('logs "x" now')
    'logs     now'
    """
    return _blank(text, foreign(text))


def _is_pasted(text: str, start: int, found: list[tuple[int, int]]) -> bool:
    """Whether the announced text itself follows; a quotation right after it ends by itself."""
    begin = start + len(text[start:]) - len(text[start:].lstrip())
    return begin < len(text) and all(begin != low for low, _ in found)


def _blank(text: str, spans: list[tuple[int, int]] | tuple[tuple[int, int], ...]) -> str:
    """(5)."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = [" " if letter != "\n" else letter for letter in letters[start:end]]
    return "".join(letters)
