"""Somebody whom the words set up, let or help to do something: the access would be theirs.

1. "Set up X to ...", "let X ...", "help X ...", "get X going on ..." and "add X to those who can
   ..." act on a person where X is a name that no catalog knows or a kind of person ("our new
   trainee").
2. What stands for a thing, a place or a customer is worked on, not let: "set up forwarding to ...",
   "add Basel as a stop". So is what has no doing behind it: "add X to the group".
3. Help that the speaker wants to give is the speaker's errand: "I want to help X ...".
4. A name beside a post ("Magdalena, our new trainee") is the person, whoever holds such a post.
"""

import re
from collections.abc import Callable, Iterator

from govagents.perception.index import key_of
from govagents.perception.people import is_person
from govagents.perception.vocabulary import STOP
from govagents.perception.words import words

_Knows = Callable[[str], bool]

_NAME = r"[^\W\d_][\w’-]+(?:\s+[A-ZÀ-Þ][\w’-]+){0,2}"
_KIND = (
    r"(?:an?|the|my|our|this|that|one\s+of\s+(?:my|our|the))\s+(?:[\w-]+\s+){0,3}?"
    r"(?!new)[^\W\d_][\w-]+"
)
_APPOSED = rf"(?:\s*[,(–-]+\s*(?i:{_KIND})\s*[,)–-]*)?"
_WHO = rf"(?:(?P<kind>(?i:{_KIND}))|(?P<name>{_NAME})){_APPOSED}"
_VERB = r"(?P<doing>(?!(?:the|our|my|an?|this|that|all|its?)\b)[a-z]+)\b"
_SO = r"(?i:so\s+(?:that\s+)?(?:s?he|they)\s+(?:can|may|could|is\s+able\s+to)\s+)"
_READY = (
    r"set\s+up|set|onboard|enable|allow|permit|authori[sz]e|provision|equip|prepare|get"
    r"|kit\s+out|hook\s+up|sort\s+out"
)
_STATE = r"(?:(?:up|out|ready|prepared|able|going|started|set)\s+)?"
_ENABLED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?P<act>(?i:{_READY}))\s+{_WHO}\s+{_STATE}(?:{_SO}|to\s+(?:be\s+able\s+to\s+)?){_VERB}",
        rf"\b(?P<act>(?i:{_READY}|add|invite|put|make))\s+{_WHO}\s*,?\s+(?:{_SO}|able\s+to\s+){_VERB}",
        rf"\b(?P<act>(?i:get|have))\s+{_WHO}\s+(?:(?:going|started)\s+(?:on|with)\b|(?P<doing>[a-z]+ing)\b)",
        rf"(?:^|[.!?;:,]\s*|\b(?i:please|pls)\s+)(?P<act>(?i:have))\s+{_WHO}\s+{_VERB}",
        rf"\b(?P<act>(?i:let))\s+{_WHO}\s+{_VERB}",
        rf"\b(?P<act>(?i:add|put|invite))\s+{_WHO}\s+(?:to|on|among)\s+(?:the\s+|our\s+|a\s+)?[\w-]+(?:\s+[\w-]+)?"
        r"\s+(?:who|that)\s+(?:can|may|could|are\s+allowed\s+to)\b",
    )
)
_HELPED = re.compile(
    r"(?:^|[.!?;:,–-]\s*|\b(?i:please|pls|hi|hello|(?:can|could|would|will)\s+you)\s+(?i:please\s+)?)"
    rf"(?P<act>(?i:help|assist|support))\s+{_WHO}\s+(?:to\s+)?{_VERB}"
)
_NO_NAMES = frozenset(
    """
    me us him her them it you i we this that these those everything something all both
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december today tomorrow
    """.split()
)
_OUR_NEW = re.compile(r"(?:my|our)\s+(?:new|newest|incoming|latest)\b", re.IGNORECASE)
_OF_PEOPLE = frozenset(
    {"let", "onboard"}
)  # what only people are, so that small letters may name one
_THING = re.compile(r"(?:ing|ion|ions|ity|ment|ments|ness|s)$")
_POST = re.compile(r"(?:my|our|the)\s", re.IGNORECASE)
_BEFORE_POST = re.compile(r"(?P<name>[A-ZÀ-Þ][\w’-]+(?:\s+[A-ZÀ-Þ][\w’-]+)?)\s*[,(–-]+\s*$")
_AFTER_POST = re.compile(r"\s*[,(–-]?\s*(?P<name>[A-ZÀ-Þ][\w’-]+(?:\s+[A-ZÀ-Þ][\w’-]+)?)")


def enabled(text: str, knows: _Knows) -> Iterator[tuple[int, int]]:
    """(1): where somebody is set up, let or told to do something.

    >>> said = "Please set up Magdalena to reply to tickets"
    >>> [said[a:b] for a, b in enabled(said, lambda key: False)]
    ['Magdalena']
    """
    for pattern in _ENABLED:
        for match in pattern.finditer(text):
            if _person(match, knows):
                yield match.span("kind" if match["kind"] else "name")


def helped(text: str, knows: _Knows) -> Iterator[tuple[int, int]]:
    """(1)(3): where the program is asked to help somebody: they may be meant, or the speaker.

    >>> list(helped("I want to help Pietra see the plates", lambda key: False))
    []
    """
    for match in _HELPED.finditer(text):
        if _person(match, knows):
            yield match.span("kind" if match["kind"] else "name")


def named_beside(text: str, post: tuple[int, int], knows: _Knows) -> tuple[int, int] | None:
    """(4): the name that no catalog knows beside the post at `post`.

    >>> named_beside("let Magdalena, our trainee, see", (15, 26), lambda key: False)
    (4, 13)
    """
    if not _POST.match(text, *post):
        return None
    for match in (_BEFORE_POST.search(text[: post[0]]), _AFTER_POST.match(text, post[1])):
        if match is not None and _strange(match["name"], knows):
            return match.span("name")
    return None


def _person(match: re.Match[str], knows: _Knows) -> bool:
    """(2)."""
    doing = match.groupdict().get("doing")
    if doing is not None and doing in STOP - _DOINGS:
        return False
    if match["kind"]:
        last = words(match["kind"])[-1].folded
        new = _OUR_NEW.match(match["kind"]) is not None
        return is_person(last) or (new and not knows(key_of(last)) and not _THING.search(last))
    name = match["name"]
    small = match["act"].casefold() in _OF_PEOPLE and not _THING.search(name.split()[0])
    return _strange(name, knows) and (name[:1].isupper() or small)


_DOINGS = frozenset({"see", "look", "use", "get", "have", "take", "give", "make", "set", "put"})


def _strange(name: str, knows: _Knows) -> bool:
    said = [word.folded for word in words(name)]
    return not name.isupper() and not any(
        word in _NO_NAMES or word in STOP or knows(key_of(word)) for word in said
    )
