"""What the words want done: looking or changing, a role wholesale, or nobody can tell."""

import re
from dataclasses import dataclass
from functools import cached_property

from govagents.perception import vocabulary
from govagents.perception.index import key_of
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
    for at, word in enumerate(said):
        before = {item.folded for item in said[max(0, at - 2) : at]}
        if word.folded.endswith("ed") and len(word.folded) > _SHORT_ED and not before & _PASSIVE:
            continue
        if word.folded.endswith("ing") and not before & _PROGRESSIVE:
            continue
        found.add(key_of(word.folded))
        abroad = {key_of(item) for item in vocabulary.ABROAD.get(word.folded, ())}
        found |= abroad & (vocabulary.READS | vocabulary.CHANGES)
    if _NO_LOOKING.search(text):
        found.discard("view")
    verbs = found & (vocabulary.READS | vocabulary.CHANGES)
    return Intent(frozenset(verbs), bool(_READ_ONLY.search(text)), frozenset(found))


def broad(text: str) -> tuple[tuple[int, int], ...]:
    """Where a role is asked for wholesale: administrator, full access, everything somewhere."""
    return tuple(match.span() for match in _BROAD.finditer(text))


def unspecific(text: str) -> bool:
    """Whether the words leave open what is wanted: "whatever it takes", "the same as others"."""
    return _LIKE_OTHERS.search(text) is not None
