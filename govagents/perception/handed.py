"""Somebody whom the words let, give, set up or help to do something: the access would be theirs.

1. People by what they are ("let the auditors see", "prepare the new hire"), and a name that no
   catalog knows ("set up X to ...", "get X going on ...", "add X to those who can ...").
2. What stands for a thing or a place is worked on, not let: "set up forwarding", "let Basel know",
   "add X to the group".
3. Help that the speaker wants to give is the speaker's errand: "I want to help X ...".
4. A name beside a post ("Magdalena, our new trainee") is the person, whoever holds such a post.
5. A name that no verb governs ("..., also X", "cc X", "I am X") stands beside the request.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from govagents.perception.index import key_of
from govagents.perception.people import MANNERS, is_department, is_person, stands_alone
from govagents.perception.vocabulary import ELSEWHERE, STOP
from govagents.perception.words import words

_Knows = Callable[[str], bool]


def group(text: str, at: int) -> tuple[int, int] | None:
    """People by what they are, or a department, whose words begin at `at`.

    >>> group("let the auditors see", 4), group("let the audit begin", 4)
    ((4, 16), None)
    """
    said = words(text[at : at + _REACH])[:_MOST_WORDS]
    for count, word in enumerate(said):
        alone = said[0].folded not in _FORMS and not said[0].text.endswith(("'s", "’s"))
        if word.folded in _NOBODY or _STOPS.search(text[at : at + word.start]):
            return None
        named = stands_alone(word.folded) or word.folded.endswith("s") or not alone
        if (is_person(word.folded) and named) or word.folded in _THEY:
            return (at, at + word.end)
        follows = said[count + 1].folded if count + 1 < len(said) else ""
        if is_department(word.folded) and (follows in STOP or not follows) and count < _ALONE:
            return (at, at + word.end)
        if word.folded in STOP and word.folded not in _FORMS:
            return None
        if alone and not is_department(word.folded):
            return None
    return None


_ALONE = 2
_REACH, _MOST_WORDS = 60, 6
_STOPS = re.compile(r"[.!?;:,\n]")
_FORMS = frozenset("a an the my our this that his her their one of some all any every".split())
_THEY = frozenset({"they", "them", "him", "her"})
_NOBODY = frozenset("i me we us you it this that there here".split())


def handed(text: str, knows: _Knows) -> Iterator[tuple[int, int]]:
    """(1)(2)(3): where somebody without a name in the directory is let, given or set up.

    >>> said = "Please set up Magdalena to reply to tickets"
    >>> [said[a:b] for a, b in handed(said, lambda key: False)]
    ['Magdalena']
    """
    yield from _acted_on(text, knows, _LETS, _NAMED)


def helped(text: str, knows: _Knows) -> Iterator[tuple[int, int]]:
    """(3): where the program is asked to help somebody: they may be meant, or the speaker.

    >>> list(helped("I want to help Pietra see the plates", lambda key: False))
    []
    """
    yield from _acted_on(text, knows, _HELPS, (_HELPED,))


def _acted_on(
    text: str, knows: _Knows, verbs: re.Pattern[str], named: Sequence[re.Pattern[str]]
) -> Iterator[tuple[int, int]]:
    for match in verbs.finditer(text):
        people = group(text, match.end())
        if people is not None and not _KNOW.match(text, people[1]):
            yield people
    for pattern in named:
        for match in pattern.finditer(text):
            if not any(common(word.folded, knows) for word in words(match["name"])):
                yield match.span("name")


def common(word: str, knows: _Knows) -> bool:
    """Whether a folded word is everyday's or the catalog's, and so nobody's name."""
    return word in STOP or word in ELSEWHERE or word in MANNERS or knows(key_of(word))


_KNOW = re.compile(r"\s+know\b")
_LETS = re.compile(
    r"\b(?:give|grant|let|allow|enable|permit|authori[sz]e|provide|set\s+up|onboard|prepare|provision|equip"
    r"|invite|hook\s+up|kit\s+out)\s+(?:(?:read|write|full)?\s*(?:access|rights?)\s+to\s+)?",
    re.IGNORECASE,
)
_CAPITAL = r"[A-ZÀ-Þ][\w’-]*[a-zß-ÿ][\w’-]*(?:\s+[A-ZÀ-Þ][\w’-]+){0,2}"
_POST = r"(?:\s*[,(–-]+\s*(?i:an?|the|my|our)\s+(?:[\w-]+\s+){0,3}?[\w-]+\s*[,)–-]*)?"
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?i:set\s+up|set|onboard|enable|allow|permit|authori[sz]e|provision|equip|prepare|get|let|have|make)\s+"
        rf"(?P<name>{_CAPITAL}){_POST}\s+(?:(?:up|out|ready|going|started|able)\s+)*(?!know\b|through\b)(?:to|so|on|with|[a-z]{{3,}})\b",
        rf"\b(?i:add|put|invite)\s+(?P<name>{_CAPITAL})\s+(?:so\b|able\b|(?:to|on|among)\s+(?:[\w-]+\s+){{1,3}}(?:who|that)\s+(?:can|may)\b)",
        rf"\b(?i:give|grant)\s+(?P<name>{_CAPITAL})\s+(?=[a-z])",
        r"\b(?i:let|onboard)\s+(?P<name>[a-z]{3,}(?<!ing)(?<!ion)(?<!s))\s+(?!know\b|through\b)[a-z]{3,}\b",
        r"\b(?i:set\s+up|onboard|let|allow|enable|prepare)\s+(?:my|our)\s+new\w*\s+(?:[\w-]+\s+)??(?P<name>[a-z]+(?<!ing)(?<!ion)(?<!s))\s+(?:to|so|[a-z]{3,})\b",
        r"(?:(?:\A|[.!?,;]\s*)(?i:please\s+)?(?i:give|provide|grant)\s+|@)(?P<name>[a-z]{2,})\s+"
        r"(?=(?:read|write|access|rights|permission|the\s+right|with\s+(?:read|write|access))\b)",
    )
)
_ASKS = (
    r"(?:\A|[.!?;:,–-]\s*"
    r"|\b(?i:please|pls|hi|hello|(?:can|could|would|will)\s+you)\s+(?:please\s+)?)"
)
_HELPS = re.compile(rf"{_ASKS}(?i:help|assist|support)\s+")
_HELPED = re.compile(rf"{_HELPS.pattern}(?P<name>{_CAPITAL})\s+(?:to\s+)?[a-z]+")


def standing(before: str, after: str) -> bool:
    """(5): whether whoever is named between `before` and `after` stands beside a request.

    >>> standing("the logs, also ", ""), standing("the desk of ", ", 2h")
    (True, False)
    """
    if re.match(r"['’]s\s+(?:name|behalf)\b", after):
        return True
    return bool(_BESIDE_BEFORE.search(before) and _BESIDE_AFTER.match(after))


_BESIDE_BEFORE = re.compile(
    r"(?:\b(?:I\s+am|I['’]m|this\s+is|acting\s+for)\s+|\balso\s+(?:for\s+)?|\bcc:?\s+|\bplus\s+|\bsigned,?\s+|@|\b(?:user|account|id)\s*[=:]\s*"
    r"|\b(?:sure|ensure)\s+(?:that\s+)?)$",
    re.IGNORECASE,
)
_BESIDE_AFTER = re.compile(
    r"\s*(?:$|[.,;:!?)]|(?:and|can|may|could|is\s+able|gets?|please)\b)", re.IGNORECASE
)


_OUR_POST = re.compile(r"(?:my|our|the)\s", re.IGNORECASE)
_BEFORE_POST = re.compile(r"(?P<name>[A-ZÀ-Þ][\w’-]+(?:\s+[A-ZÀ-Þ][\w’-]+)?)\s*[,(–-]+\s*$")
_AFTER_POST = re.compile(r"\s*[,(–-]?\s*(?P<name>[A-ZÀ-Þ][\w’-]+(?:\s+[A-ZÀ-Þ][\w’-]+)?)")


def named_beside(text: str, post: tuple[int, int], knows: _Knows) -> tuple[int, int] | None:
    """(4): the name that no catalog knows beside the post at `post`.

    >>> named_beside("let Magdalena, our trainee, see", (15, 26), lambda key: False)
    (4, 13)
    """
    if not _OUR_POST.match(text, *post):
        return None
    for match in (_BEFORE_POST.search(text[: post[0]]), _AFTER_POST.match(text, post[1])):
        if match is not None and not any(
            common(word.folded, knows) for word in words(match["name"])
        ):
            return match.span("name")
    return None
