"""Whether somebody stands beside a request who may be the one in need.

1. A name that no verb governs ("..., also Yara", "not me, Yara", "cc Yara", "that Yara can ...").
2. "Not me", "asking for a friend", "beneficiary: ...": whoever is meant, it is not plainly the
   speaker.
3. A third person who is to be able ("make sure he can ..."), or something is for ("for her").
4. A person known by whose they are ("my successor: ...", "permit Ana's deputy"), or given
   something under a name that no catalog knows ("give kim read ...", "provide Mr. Tanaka ...").
"""

import re
from collections.abc import Callable

from govagents.perception.index import key_of
from govagents.perception.people import is_person
from govagents.perception.vocabulary import STOP
from govagents.perception.words import fold

_BEFORE = re.compile(
    r"(?:\bnot\s+(?:for\s+)?(?:me|myself)\s*[,;.:–—-]+\s*(?:but\s+)?(?:for\s+)?|\balso\s+(?:for\s+)?"
    r"|\bcc:?\s+|\bplus\s+|\bsigned,?\s+|@|\b(?:user|account|id)\s*[=:]\s*"
    r"|\b(?:sure|ensure)\s+(?:that\s+)?)$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s*(?:$|[.,;:!?)]|(?:can|may|could|is\s+able|gets?|please)\b)", re.IGNORECASE)
_ACCOUNT = re.compile(r"\(\s*on\s+$", re.IGNORECASE)
_SAYS = re.compile(
    r"\bnot\s+(?:for\s+)?(?:me|myself)\s*(?:[,;.!–—-]|$)|\basking\s+for\s+(?:a|my)\s+\w+"
    r"|\bbeneficiary\s*(?:is|=|:)\s*(?!(?:me|myself)\b)[\w.'’-]+(?:\s+[\w'’-]+){0,2}"
    r"|\b(?:this|it)\s+is\s+for\s+whoever\b"
    r"|\b(?:user|account)\s*[=:]\s*[\w.-]+"
    r"|\bshare\s+[^.!?;\n]{1,60}?\bwith\s+(?!(?:me|us|myself|you)\b)(?:the\s+)?[\w'’-]+",
    re.IGNORECASE,
)
_THIRD = re.compile(
    r"\b(?:make\s+sure|ensure|see\s+to\s+it|so)\s+(?:that\s+)?(?:s?he|they)\s+(?:can|may|could|is|are|gets?)\b"
    r"|\bfor\s+(?:him|her)\b(?=\s*(?:$|[.,;!?)]|please\b|until\b|for\b|today\b|\d))"
    r"|\b(?:his|her)\s+first\s+(?:day|week|shift)\b",
    re.IGNORECASE,
)
_WHOSE = r"(?:my|our|the\s+[\w-]+['’]s|[\w-]+['’]s)"
_OF_SOMEBODY = re.compile(
    rf"(?:\b(?:make\s+sure|ensure)\s+(?:that\s+)?(?:(?:a|the)\s+)?"
    rf"|\b(?:permit|allow|give|show|provide|set|let|grant|hand)\s+|^\s*"
    rf"|\benable\s+\w+ing\s+[^.!?;\n]{{1,60}}?\bfor\s+)"
    rf"(?P<who>{_WHOSE}\s+(?:[\w-]+\s+)??(?P<person>[\w-]+))(?P<after>\s*:)?",
    re.IGNORECASE,
)
_COVERS = frozenset({"cover", "understudy", "shift"})
_TITLED = re.compile(
    r"\b(?:provide|give|let|allow|permit|grant|show|for)\s+(?P<who>(?:mr|mrs|ms|dr)\b\.?\s+[\w'’-]+)",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"(?:(?:^|[.!?,;]\s*)(?:please\s+)?(?:give|provide|grant)\s+|@)(?P<who>[a-z]{2,})\s+"
    r"(?=(?:read|write|access|rights|permission|the\s+right|with\s+(?:read|write|access))\b)",
    re.IGNORECASE,
)
_MANNERS = frozenset(
    """
    full complete partial temporary temp short brief direct limited basic plain urgent additional
    extra new elevated regular normal emergency immediate simple standard same quick
    """.split()
)


def standing(before: str, after: str) -> bool:
    """(1): whether whoever is named between `before` and `after` may be meant.

    >>> standing("the logs, also ", ""), standing("the desk of ", ", 2h")
    (True, False)
    """
    if _ACCOUNT.search(before) and re.match(r"['’]s\s+account\b", after):
        return True
    return bool(_BEFORE.search(before) and _AFTER.match(after))


def bystander(text: str, knows: Callable[[str], bool]) -> tuple[int, int] | None:
    """(2)(3)(4): where somebody without a name in the directory may be meant.

    >>> said = "make sure she can see the plates"
    >>> said[slice(*bystander(said, lambda key: False))]
    'make sure she can'
    """
    found = _SAYS.search(text) or _THIRD.search(text)
    if found is not None:
        return found.span()
    for match in _OF_SOMEBODY.finditer(text):
        if _person(match):
            return match.span("who")
    titled = _TITLED.search(text)
    if titled is not None:
        return titled.span("who")
    for match in _GIVEN.finditer(text):
        said = fold(match["who"])
        if said not in STOP | _MANNERS and not knows(key_of(said)):
            return match.span("who")
    return None


def _person(match: re.Match[str]) -> bool:
    """(4): what opens a text is whose part it is only where a colon follows."""
    said = fold(match["person"])
    opens = not match[0].lstrip().casefold().startswith(_HANDING)
    return (is_person(said) or said in _COVERS) and bool(match["after"] or not opens)


_HANDING = tuple("make ensure permit allow give show provide set let grant hand enable".split())
