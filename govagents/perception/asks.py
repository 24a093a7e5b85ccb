"""What the words want done: looking or changing, a role wholesale, or nobody can tell.

1. What is looked at is a thing, though its word may be a verb elsewhere: "see the bookings", "read
   access to release notes" book and release nothing. So is what a negation governs.
2. "Only want to look" and "read access" rule changing out, where nothing else is asked for.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from govagents.perception import vocabulary
from govagents.perception.index import key_of
from govagents.perception.wished import refused
from govagents.perception.words import words

_READ_ONLY = re.compile(
    r"""
      \b(?:read[- ]?only|view[- ]?only|looking\s+is\s+enough|on\s+(?:my\s+)?screen)\b
    | \b(?:only|just)\s+(?:to\s+)?(?:look|read|view|see|check)(?:ing)?\b
    | (?:\b(?:not|without|never|nothing|no)|n['’]t)\b[^.!?]{0,25}
      \b(?:chang|edit|modif|writ|alter|touch)\w*
    | \b(?:solo\s+(?:consulta|lectura)|nur\s+(?:lesen|ansehen|einsicht)|lecture\s+seule)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ONLY_LOOKS = re.compile(
    r"""
      \b(?:only|just|merely|simply|purely)\s+
      (?:(?:want|need|wish|have|like|would\s+like|going|asking|here|trying)\s+)?(?:to\s+|for\s+)?
      (?:have\s+a\s+)?(?:look|read|view|see|check|inspect|glance|browse)(?:ing)?\b
    | \b(?:look|view|read|see|check)(?:ing)?\s+only\b
    | \b(?:read(?:ing)?|view(?:ing|er)?|read[- ]?only)\s+(?:access|rights?|permissions?)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:and|then|plus|also|as\s+well|before|write|writing|edit\w*|chang\w+|updat\w+)\b"
    r"|[+&/]",
    re.IGNORECASE,
)
_LOOKED_AT = re.compile(
    r"\b(?:(?:read(?:ing)?|view(?:ing)?|read[- ]only)\s+(?:access|rights?|permissions?)"
    r"\s+(?:to|on|for|in|over)|see|view|read|review|inspect|consult|look(?:ing)?\s+(?:at|into|through|over))"
    r"\s+(?P<thing>[^.!?;:,\n/&+]*?)"
    r"(?=[.!?;:,\n/&+]|(?<!-)\b(?:and|or|then|to|so|before|but|plus|because|in\s+order)\b(?!-)|\Z)",
    re.IGNORECASE,
)
_NO_LOOKING = re.compile(
    r"(?:\b(?:not|never|without)|n['’]t)\s+(?:\w+\s+){0,2}(?:see|seeing|look|view|read)(?:ing)?\b",
    re.IGNORECASE,
)
_ADMIN = r"admin(?:istrator|istration)?s?|root|superuser|sysadmin|super[- ]?admin|owner"
_BROAD = re.compile(
    rf"""
      \b(?:(?!(?:me|as|an?|the|be|my|our|for|make|down|of|to|assign|on|is|asks?)\b)[\w-]+\s+){{0,3}}
      (?:{_ADMIN})\b(?:\s+(?:access|rights?|profile|role|permissions?|privileges?))?
      (?:\s+(?:on|of|in|for|over)\s+(?:(?:the|our|all)\s+)?
         (?!(?:an?|one|two|\d|half|today)\b)[\w-]+(?:\s+(?!{{0}})[\w-]+){{0,2}})?
    | \b(?:full|complete|total|unrestricted|unlimited|all)\s+
      (?:read[-/ ]?(?:and[- ])?write|access|control|rights|permissions|privileges)\b
      (?:\s+(?:on|to|in|of|over|for)\s+(?:(?:the|our)\s+)?[\w-]+(?:\s+[\w-]+)?)?
    | \b(?:everything|all\s+there\s+is|the\s+whole\s+lot)\s+(?:in|on|of|under)\s+(?:(?:the|our)\s+)?
      [\w-]+(?:\s+[\w-]+)?
    """.replace("{0}", "for|to|so|because|until|please|in|since|and"),
    re.VERBOSE | re.IGNORECASE,
)
_LIKE_OTHERS = re.compile(
    r"\b(?:same|identical)\s+(?:\w+\s+)?(?:access|rights?|roles?|permissions?)\s+(?:as|like)\b"
    r"|\b(?:access|rights?|roles?|permissions?)\s+(?:\w+\s+)?(?:everyone|everybody|the\s+others|my\s+colleagues)\b"
    r"|\bwhatever\b|\bsomething\s+on\b|\bsome\s+(?:kind\s+of\s+)?access\b",
    re.IGNORECASE,
)


_SHORT_ED = 4  # need, feed, shed
_PASSIVE = frozenset({"be", "get", "got", "being", "been"})
_OWNED = frozenset({"their", "its", "his", "her", "our", "my", "your"})
_PROGRESSIVE = frozenset({"m", "am", "i", "be", "by", "of", "for", "start", "are", "on", "re"})


@dataclass(frozen=True)
class Intent:
    """Verbs of a text; `read_only` when the words rule changing out; `said` is every word of it."""

    verbs: frozenset[str]
    read_only: bool
    said: frozenset[str]

    @cached_property
    def reads(self) -> bool:
        """Whether looking is spoken of."""
        return bool(self.verbs & vocabulary.READS) or self.read_only

    @cached_property
    def changes(self) -> bool:
        """Whether changing is spoken of and not ruled out."""
        return bool(self.verbs & vocabulary.CHANGES) and not self.read_only


def intent(text: str) -> Intent:
    """What kinds of doing `text` speaks of; "who changed it" and "running tours" do nothing."""
    found = set()
    said = words(text)
    idle = _idle(text)
    for at, word in enumerate(said):
        if any(low <= word.start < high for low, high in idle) and not _looks(word.folded):
            continue  # (1)
        before = {item.folded for item in said[max(0, at - 2) : at]}
        if word.folded.endswith("ed") and len(word.folded) > _SHORT_ED and not before & _PASSIVE:
            continue
        if word.folded.endswith("ing") and at and not before & _PROGRESSIVE:
            continue
        if word.folded.endswith("s") and said[at - 1].folded in _OWNED:
            continue  # "their comments"
        found.add(key_of(word.folded))
        abroad = {key_of(item) for item in vocabulary.ABROAD.get(word.folded, ())}
        found |= abroad & (vocabulary.READS | vocabulary.CHANGES)
    if _NO_LOOKING.search(text):
        found.discard("view")
    verbs = found & (vocabulary.READS | vocabulary.CHANGES)
    return Intent(
        frozenset(verbs),
        bool(_READ_ONLY.search(text)) or _looks_only(text, verbs),
        frozenset(found),
    )


def _idle(text: str) -> tuple[tuple[int, int], ...]:
    """(1): where words do nothing."""
    things = (match.span("thing") for match in _LOOKED_AT.finditer(text))
    return (*things, *refused(text))


def _looks(word: str) -> bool:
    return key_of(word) in vocabulary.READS


def _looks_only(text: str, verbs: set[str]) -> bool:
    """(2)."""
    found = _ONLY_LOOKS.search(text)
    if found is None or verbs & vocabulary.CHANGES:
        return False
    return _MORE.search(text, found.end()) is None


def broad(text: str) -> tuple[tuple[int, int], ...]:
    """Where a role is asked for wholesale: administrator, full access, everything somewhere."""
    return tuple(match.span() for match in _BROAD.finditer(text))


def unspecific(text: str) -> bool:
    """Whether the words leave open what is wanted: "whatever it takes", "the same as others"."""
    return _LIKE_OTHERS.search(text) is not None
