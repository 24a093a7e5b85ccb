"""Whether the words wish for access at all: a refusal and a bare question wish for nothing.

1. What a negation governs ("do not give me ...", "I don't want ...") is not asked for; it ends with
   its sentence or at "but".
2. A text of questions about the world ("who can see ...?") and courtesies alone asks for an
   answer, not for access. "Can I ..." and anything said beside the question is a wish.
"""

import re

from govagents.perception.sentences import sentences
from govagents.perception.words import words

_NOT = r"(?:do\s+not|don['’]?t|does\s+not|doesn['’]?t|did\s+not|didn['’]?t|never|no\s+longer)"
_GIVES = r"(?:give|grant|let|allow|assign|provision|provide|set|sort|make|add|enable|authori[sz]e)"
_DENIED = re.compile(
    rf"""
    (?: \b{_NOT}\s+(?:please\s+|ever\s+|you\s+dare\s+)*{_GIVES}\b
      | \b(?:please\s+)?not\s+(?:give|grant|let|allow|assign|enable)\b
      | \b{_NOT}\s+(?:really\s+|actually\s+|even\s+)*(?:want|need|require|wish|ask|request|like)\b
      | \b(?:would\s+not|wouldn['’]t)\s+(?:like|want)\b
      | \b(?:must|should|shall)(?:\s+not|n['’]t)\b | \bshan['’]t\b
      | \bno\s+(?:more\s+)?access\b
      | \b(?:remove|revoke|withdraw|cancel|take\s+away|stop\s+giving)\s+(?:\S+\s+){{0,4}}?
        (?:access|permissions?|rights?)\b
      | \bno\s+(?:quiero|necesito|me\s+d[ée]|deis)\b | \bne\s+(?:veux|voudrais)\s+pas\b
      | \bne\s+me\s+donne\w*\s+pas\b | \b(?:will|brauche|m[öo]chte)\s+(?:kein\w*|nicht)\b
    )
    [^.!?;\n]*?(?=\bbut\b|\binstead\b|[.!?;\n]|\Z)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_QUESTION = re.compile(
    r"""
    \s*(?:(?:hi|hello|hey|so|and|ok|okay|please|quick\s+question|just\s+curious)\b[\s,:!–-]*)*
    (?: (?:who|whose|whom|what|which|where|when|why|how)\b
      | (?:tell\s+me|explain|do\s+you\s+know|i\s+wonder)\b
      | what['’]s\b | who['’]s\b
      | (?:is|are|was|were|does|do|did|has|have|had|will)\s+[^?]*\?
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COURTESY = frozenset(
    "a and asking cheers curious for hello hey hi in just kind many much ok please regards so"
    " thank thanks the you your".split()
)


def denied(text: str) -> tuple[tuple[int, int], ...]:
    """(1).

    >>> said = "I need the logs, I don't want the keys"
    >>> [said[a:b] for a, b in denied(said)]
    ["don't want the keys"]
    """
    return tuple(match.span() for match in _DENIED.finditer(text))


def only_wonders(text: str) -> bool:
    """(2).

    >>> only_wonders("Who can see the logs? Thanks!"), only_wonders("what failed? 2h of logs")
    (True, False)
    """
    said = [text[slice(*span)] for span in sentences(text)]
    beside = [item for item in said if not _QUESTION.match(item)]
    courteous = all({word.folded for word in words(item)} <= _COURTESY for item in beside)
    return len(beside) < len(said) and courteous
