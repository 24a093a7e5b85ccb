"""Words that no catalog knows where only somebody, or a thing in need, stands.

1. Before "needs", "wants" or "must" ("jan needs the logs"), behind "let", "give" and "for", and
   people by what they do ("the pentester").
2. Whoever wants something is plainly somebody; so is who needs it, unless what follows is done to
   things ("the kiln needs a repair"), and whom the words say they are for ("asking for jan").
3. Beside a request, whatever it wishes: a word nobody knows alone in brackets or behind a slash
   ("(jan)", "me/jan"), a name in initials ("J. K.", "Jan K."), "for Jan" at the head, and whoever
   is on call, where they are given something or in need.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from govagents.perception.cues import CUES
from govagents.perception.people import is_outsider, is_person
from govagents.perception.words import fold


class Stranger(NamedTuple):
    """Where one is named; `plain` by rule 2."""

    start: int
    end: int
    plain: bool


def strangers(text: str, everyday: Callable[[str], bool]) -> Iterator[Stranger]:
    """(1)(2); `everyday` tells folded words that are common, or the catalog's.

    >>> said = "bob needs the logs, the kiln needs a repair"
    >>> [(said[a:b], plain) for a, b, plain in strangers(said, lambda word: False)]
    [('bob', True), ('kiln', False)]
    """
    for pattern in (_NEEDS, _MEANT, *_GIVEN, _DOER):
        for match in pattern.finditer(text):
            word = fold(match["who"])
            people = is_person(word) or is_outsider(word)
            if people and pattern is _DOER:
                continue
            if people or match["who"] == "IT" or not all(map(everyday, word.split("."))):
                wants = pattern is _MEANT or (pattern is _NEEDS and _wants(text, match))
                plain = wants and not people
                yield Stranger(*match.span("who"), plain)


def beside(text: str, everyday: Callable[[str], bool]) -> tuple[int, int] | None:
    """(3); `everyday` as in `strangers`.

    >>> said = "see the logs (jan) for 2h"
    >>> said[slice(*beside(said, lambda word: False))]
    'jan'
    """
    on_call = _ON_CALL.search(text)
    if on_call is not None:
        return on_call.span("who")
    for pattern in (_INITIALS, _ENCLOSED, _FOR_FIRST):
        for match in pattern.finditer(text):
            kind = match.lastgroup or "who"
            said = [fold(word) for word in re.split(r"[\s.-]+", match[kind]) if len(word) > 1]
            if not any(everyday(word) or _MANNER.search(word) for word in said):
                return match.span(kind)
    return None


def _wants(text: str, match: re.Match[str]) -> bool:
    """(2)."""
    wants = _WANTS.search(match.group())
    return bool(wants) and not CUES.mended.match(text[match.end() :])


_WHO = r"(?<![\w@.-])(?P<who>[^\W\d_][^\W_]*(?:\.[^\W_]+)*)"
_NEEDS = re.compile(
    rf"{_WHO}\s+(?:(?:also|still|now|really|urgently|just|both|has|have|had|is|are|will|would)\s+){{0,2}}"
    r"(?:needs?|wants?|requires?|requests|gets|lacks?|demands?|ha(?:s|ve)\s+to|must(?:\s+(?:have|get))?|should(?:\s+(?:have|get))?|requested|ask(?:s|ed)?\s+for|like|braucht|ben[öo]tigt"
    r"|m[öo]chte|soll|muss|necesita|quiere|doit|veut|a\s+besoin)\b",
    re.IGNORECASE,
)
_WANTS = re.compile(
    r"(?:needs?|wants?|requires?|requests|gets|lacks?|demands?|like|have|get|braucht|ben[öo]tigt"
    r"|m[öo]chte|necesita|quiere|veut|besoin)$",
    re.IGNORECASE,
)
_MEANT = re.compile(
    rf"\b(?:(?:(?:it|this|that)(?:['’]s|\s+is)|asking|request(?:ing)?|access|rights)\s+for|get(?=\s+\S+\s+in(?:to)?\b))"
    rf"\s+{_WHO}\b(?!-)",
    re.IGNORECASE,
)
_GIVEN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:let|give|grant|allow|permit|onboard|enable|hook(?:\s+up)?|set\s+up)\s+{_WHO}\b(?<!s)",
        rf"\A\s*{_WHO}\s+(?:(?:is|was|has)\b|&|\+)",
        rf"\b(?:for|para|pour|für|can|could|may)\s+(?:mi\s+|mon\s+|ma\s+|mein(?:e[nr]?)?\s+)?{_WHO}\b(?!-|\s+\d)",
        rf"\b(?:my|our)\s+(?:[\w-]+\s+){{0,2}}?{_WHO}\s+(?:is|was|has|can(?:not|['’]t)?|starts?|left)\b",
    )
)
_DOER = re.compile(
    r"\b(?:by|to|for|with|add|invite)\s+(?:an?|the|our|my|two|some)\s+(?:[\w-]+\s+)??"
    r"(?P<who>(?!matter|quarter|number)[^\W\d_]+(?:er|or|ist|ee)s?)\b",
    re.IGNORECASE,
)
_ON_CALL = re.compile(
    r"(?:\A\s*|\b(?:give|grant|let|allow|enable|for)\s+|[.!?;:,\n]\s*)"
    r"(?P<who>(?:(?:the|our|whoever\s+is)\s+)?(?:[\w-]+\s+)??(?:on[- ]?call|standby|duty\s+\w+))\b"
    r"(?!\s+(?:rotas?|rosters?|schedules?|calendar|lists?|plans?|phone)\b)"
    r"(?=\s+(?:[\w-]+\s+){0,2}?(?:needs?|wants?|must|has|should|to|read|write|access|rights?|see|look|run|restart)\b)",
    re.IGNORECASE,
)
_INITIALS = re.compile(
    r"(?<![\w.])(?P<who>[A-ZÀ-Þ][a-zß-ÿ]+\s[A-ZÀ-Þ]\.(?=\s[a-z])|\b[A-TV-ZÀ-Þ]\.\s?[A-ZÀ-Þ]\.(?=\s+[a-z])"
    r"|[A-ZÀ-Þ]\.\s[A-ZÀ-Þ][a-zß-ÿ]{2,}(?=\s+[a-z]))"
)
_ENCLOSED = re.compile(
    r"\((?:for\s+|not\s+me,?\s+)?(?P<who>(?-i:[^\W\d_]?[a-zß-ÿ]{2,}))\)"
    r"|(?:(?<=\s)|\b(?:me|myself|I)\s?)/\s?(?P<slashed>[^\W\d_]{3,})(?![\w/-])",
    re.IGNORECASE,
)
_FOR_FIRST = re.compile(
    r"\A\s*[Ff]or\s+(?P<who>[A-ZÀ-Þ][a-zß-ÿ]+(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?(?:\s[A-ZÀ-Þ][a-zß-ÿ]+)?)"
    r"(?=\s*[,:]|\s+(?:from|of|at|in|who)\b)"
)
_MANNER = re.compile(  # how, when or what kind, and so nobody
    r"(?:ing|ed|ion|ly|al|ive|able|ment|ness|ity|ary|ent|ant|ous|ful|less|est)$|^(?:sorry|eod|tbc|tbd|fyi|btw|asap|prio|ops|dev|test)$"
)
