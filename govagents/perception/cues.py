"""What stands before and behind whoever the words give something to."""

import re
from typing import NamedTuple


class Cues(NamedTuple):
    """What stands around a name that something is given to; `mended`: behind a thing that needs."""

    before: re.Pattern[str]
    weak: re.Pattern[str]
    after: re.Pattern[str]
    handed: re.Pattern[str]
    first_person: re.Pattern[str]
    object_of: re.Pattern[str]
    mended: re.Pattern[str]


_ASIDE = (
    r"(?:\s+(?:both|also|still|now|really|urgently))?(?:\s+I\s+mean)?(?:\s*\([^)]*\)|,[^,.;]{0,30},?"
    r"|\s+(?:in|from|at|on|of)\s+(?:[\w'’-]+\s+){0,3}?[\w'’-]+)?"
)
_MUST = (
    r"needs?(?!\s+me)|must|has\s+to|have\s+to|should|shall|wants?\s+to(?!\s+know)|may|would\s+like|will|requires?"
    r"|is\s+to|gets?|takes\s+over|is\s+allowed|braucht|ben[oö]tigt|soll|muss|necesita|tiene\s+que|doit"
    r"|a\s+besoin"
)
CUES = Cues(
    before=re.compile(
        r"\b(?:on\s+behalf\s+of|in\s+the\s+name\s+of|(?:it['’]?s|this\s+is|that['’]?s|access\s+is)\s+for|give|grant|let|allow|enable|permit|authori[sz]e|provide"
        r"|sort(?:\s+out)?|set(?:\s+up)?|hook|equip|(?:can|could|may|should|shall|must)(?=\s+\S+(?:\s+\S+)?\s+(?:get|have|see|be"
        r"|look|read|use))|access\s+(?:to\s+\S+\s+)?for|au\s+nom\s+de|im\s+namen\s+von|en\s+nombre\s+de)\s+"
        r"(?:(?:our|my|the|dear|colleague|also|agent|bot|user|service|account)\s+){0,3}$",
        re.IGNORECASE,
    ),
    weak=re.compile(
        r"\b(?:for|für|pour|para)\s+"
        r"(?:(?:our|my|the|colleague|agent|bot|user|service|account|identity)\s+){0,3}$",
        re.IGNORECASE,
    ),
    after=re.compile(rf"^{_ASIDE}\s*,?\s*(?:{_MUST})\b(?!\s+(?:not|never)\b)", re.IGNORECASE),
    handed=re.compile(
        r"\b(?:let|give|grant|allow|enable|for|sort|set|hook|authori[sz]e)\s+(?:him|her|them)\b(?!\s+(?:own|team|account))",
        re.IGNORECASE,
    ),
    first_person=re.compile(
        r"\b(?:i|me|my(?:self)?|i['’](?:d|ll|m|ve)|we|us|ich|mir|yo|je|j['’])\b", re.IGNORECASE
    ),
    object_of=re.compile(r"\b(?:with|from|by|of|to|for|than|helps?|after)\s+$", re.IGNORECASE),
    mended=re.compile(
        r"\s+(?:to\s+)?be\s+(?!(?:able|allowed|given|granted)\b)\w+|\s+\w+ing\b|\s+(?:it|this|that)\b|\s+(?:me|us)\s+to\b"
        r"|\s+to\s+(?:know|hear|find|go|leave|wait)\b|\s+an?\s+re\w+|\s+(?:an?\s+)?(?:more|new|extra)\b",
        re.IGNORECASE,
    ),
)
