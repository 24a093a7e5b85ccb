"""What the words hand back: no wish for it, and no work to be done on it.

1. "Take away my ...", "give up my ...", "you can have it back" and "take me off ..." hand back.
2. A word that also names work ("remove my ...", "close my ...") does where the words say that the
   work is over, or that the thing is needed no longer. So does a last "please revoke".
3. It ends with its sentence, at "but" or where the speaker wishes for something else.
"""

import re
from collections.abc import Iterator

_OWN = r"(?:my|our|his|her|their|[A-ZÀ-Þ][\w-]+['’]s)"
_BEFORE_A_WISH = (  # (3)
    r"[^.!?;\n]*?(?=\bbut\b|\binstead\b|,?\s*\b(?:I|we)(?:['’]d)?\s+(?:now\s+)?"
    r"(?:need|want|must|have\s+to|would\s+like)\b|[.!?;\n]|\Z)"
)
_HANDED_BACK = re.compile(
    rf"""
    (?: \b(?:take|taking)\s+(?:away|back|off)\s+{_OWN}\s+(?!(?:\w+\s+)?(?:request|application))
      | \btake\s+{_OWN}\s+(?:[\w-]+\s+){{1,4}}?(?:away|back)\b
      | \b(?:have|get)\s+{_OWN}\s+(?:[\w-]+\s+){{1,4}}?(?:revoked|withdrawn|taken\s+(?:away|off))\b
      | \b(?:take|remove|withdraw|pull|strip)\s+(?:[\w-]+\s+){{1,5}}?
        (?:away\s+from|off(?:\s+of)?|from)\s+(?:me|us)\b
      | \b(?:take|withdraw|strip)\s+(?:[\w-]+\s+){{1,5}}?(?:off|from)\s+my\s
      | \b(?:take|remove|strip|rid|relieve)\s+(?:me|us|my\s+name)\s+(?:off|from|of|out\s+of)\s
      | \b(?:give\s+up|giving\s+up|give\s+back|hand\s+in|relinquish|surrender|forgo)\s+(?:my|our)\s
      | \b(?:give|hand)\s+(?:my|our|this|that|these)\s+(?:[\w-]+\s+){{1,4}}?(?:back|up)\b
      | (?:^|[.!?;]\s*)(?:giving|handing)\s+(?:[\w-]+\s+){{1,5}}?(?:back|up)\b
      | \byou\s+(?:can|may)\s+(?:now\s+)?(?:have|take|revoke)\s+
        (?:it\b|{_OWN}\s|(?:[\w-]+\s+){{1,5}}?back\b)
      | \bmy\s+(?:[\w-]+\s+){{1,5}}?(?:can|may|should)\s+(?:now\s+)?
        (?:go|lapse|be\s+(?:revoked|withdrawn|taken\s+(?:away|back|off)))\b
      | \b(?:do\s+not|don['’]?t|no\s+longer)\s+use\b
    )
    {_BEFORE_A_WISH}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ENDED = re.compile(
    rf"""
      \b(?:end|close|stop|drop|remove|cancel|delete|disable|deactivate|terminate|withdraw|kill|cut
        |undo|pull|lose|(?:turn|switch|shut)\s+off|(?:have|get))\s+(?:my|our)\s{_BEFORE_A_WISH}
    | \bmy\s+(?:[\w-]+\s+){{1,5}}?(?:can|may|should)\s+(?:now\s+)?be\s+
      (?:removed|dropped|ended|closed)\b{_BEFORE_A_WISH}
    | \A[\s\S]*\b(?:please|pls)\s+(?:revoke|remove|end|close)
      (?:\s+(?:it|that|them|now|again|thanks))*\W*\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WORK_OVER = re.compile(
    r"\b(?:I['’]?m|I\s+am|we['’]?re|we\s+are|all|it['’]?s|(?:job|work|task|that)(?:['’]s|\s+is)?)\s+"
    r"(?:all\s+|now\s+|already\s+)?(?:done|finished|over|through|complete|completed)\b"
    r"(?!\s+(?:by|at|on|in|until|with)\b)"
    r"|\b(?:do\s+not|don['’]?t|no\s+longer|won['’]?t)\s+(?:really\s+)?(?:need|use|want)(?:ed)?\b"
    r"|\bnot\s+(?:needed|in\s+use)\b|\b(?:any\s*more|any\s+longer)\b"
    r"|(?:^|[.!?;:,–-]\s*)(?:all\s+)?(?:done|finished)\b(?!\s+(?:by|at|on|in|until)\b)",
    re.IGNORECASE,
)


def handed_back(text: str) -> Iterator[tuple[int, int]]:
    """Where the words hand something back.

    >>> said = "take away my shell, I need the logs"
    >>> [said[a:b] for a, b in handed_back(said)]
    ['take away my shell']
    """
    yield from (match.span() for match in _HANDED_BACK.finditer(text))  # (1)
    if _WORK_OVER.search(text):
        yield from (match.span() for match in _ENDED.finditer(text))  # (2)
