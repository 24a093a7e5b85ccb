"""A text in pieces: sentences, what joins inside them, and what kind of sentence it is."""

import re
from collections.abc import Iterable

_SENTENCE = re.compile(r"(?<=[.?!;])\s+|\n+|(?<=[\w)]):\s+|\s+[–—]\s+")
_JOINT = re.compile(
    r"\s*(?:,|\+|&|/|;|\b(?:and|then|plus|besides?|against|alongside|next\s+to|as\s+well\s+as"
    r"|together\s+with|et|puis|y|und|sowie)\b)\s*",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"\b(?:access|permission|permit|right|rights|need|want|request|allow|let|grant|give|get|enable|can|could"
    r"|may|must|have\s+to|has\s+to|['’]d|wish|like|require|please|shall|should)\b",
    re.IGNORECASE,
)
_TELLING = re.compile(r"\s*(?:who|which|because|since|as|qui|weil)\b", re.IGNORECASE)
_BESIDE = re.compile(  # the clause that begins here has a verb of its own
    r"\b(?:that|which|who|whom|whose|where|what|why|when|how|if|whether|because|since|as|while)\b",
    re.IGNORECASE,
)
_WHO = r"(?:I|we|you|s?he|it|they)"
_SUBJECT = rf"(?:{_WHO}|(?:my|our|the|this|these|his|her|their)\s+(?:[\w-]+\s+){{0,3}}?[\w-]+)"
_SAID = re.compile(  # what something is, was or has; what somebody did
    rf"(?<!\bto\s)\b(?:am|is|are|was|were|has|had|isn|aren|wasn|weren|hasn|hadn)\b"
    rf"|\b{_WHO}(?:['’](?:m|s|re|ve)\b|\s+(?:\w+ly\s+|just\s+|already\s+)?\w{{2,}}ed\b)"
    rf"|\b{_SUBJECT}\s+(?:have|did|do|does|went|broke|got)\b|\b(?:took|lasted|them\s+needed)\b",
    re.IGNORECASE,
)
_WISHES = re.compile(
    r"\b(?:needs?|wants?|wish(?:es)?|requires?|request(?:s|ing)?|asking|(?<!look\s)(?<!looks\s)like|must|ha(?:ve|s)\s+to"
    r"|should|shall|may|could|can(?!['’]?t)|let|give|grant|allow|enable|please|pls|asked\s+(?:me\s+)?to"
    r"|to\s+be\s+(?:given|granted)|(?:is|are|be|was|were|been)\s+(?:\w+ly\s+)?(?:needed|required|requested|asked)|['’]d)\b",
    re.IGNORECASE,
)


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of sentences."""
    return _split(text, (0, len(text)), _SENTENCE)


def parts(text: str, sentence: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Spans of what "and", commas and their like join inside a sentence."""
    return _split(text, sentence, _JOINT)


def tells(text: str) -> bool:
    """Whether a part of a sentence only says something: about another part, or how things are.

    >>> tells("my laptop is slow"), tells("see what is slow"), tells("I needed the logs")
    (True, False, True)
    """
    if _TELLING.match(text) or _WISHES.search(text):
        return _TELLING.match(text) is not None
    return _SAID.search(_BESIDE.split(text, maxsplit=1)[0]) is not None


def asks(text: str) -> bool:
    """Whether a sentence has the frame of a wish."""
    return _FRAME.search(text) is not None


def wants(text: str) -> bool:
    """Whether a part of a sentence says that something is wished for, needed or to be given."""
    return _WISHES.search(text) is not None


def blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with `spans` turned to spaces, every offset kept."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


def _split(text: str, within: tuple[int, int], at: re.Pattern[str]) -> tuple[tuple[int, int], ...]:
    found, start = [], within[0]
    for match in at.finditer(text, *within):
        found.append((start, match.start()))
        start = match.end()
    found.append((start, within[1]))
    return tuple((low, high) for low, high in found if text[low:high].strip())
