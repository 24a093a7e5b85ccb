"""What the words rule out beside what they want.

1. "But do not scale it", "but not scale", ", not scaling", "no scaling" and "without scaling" leave
   that alone: nothing is read in it. What changes nothing ("not edit") says how it is looked at.
2. "I can't mend it without seeing it" wishes to see; "is not responding" and "but do not have the
   rights" only tell.
"""

import re

_BESIDE_WISH = re.compile(
    r"""
    (?: (?:\bbut\s+|[,;(–—-]\s*|\band\s+|^\s*)(?:please\s+)?
        (?: (?:do\s+not|don['’]?t)\s+
            (?!(?:worry|forget|hesitate|mind|know|think|care|have|be|ask|bother|see|find|get|want|need
              |seem|manage|remember|understand|work|appear|like|wish|require)\b)
          | not\s+(?!(?:only|just|merely|sure|me|myself|mine|for|yet|now|until|before|to
              |an?|all)\b)
          | no\s+(?=[a-z]{3,}ing\b)(?!(?:warning|meeting|booking|training|building|longer)\b)
        )
      | \bwithout\s+(?=[a-z]{3,}ing\b)(?!(?:having|being|waiting|asking)\b)
    )
    (?!(?:chang|edit|modif|writ|alter|touch)\w*)(?P<thing>[a-z]{3,})\b
    [^.!?;,\n()]*?(?=\b(?:but|instead|so|because|then|I|we)\b|[.!?;,\n()]|\Z)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNABLE = re.compile(
    r"(?:n['’]t|\b(?:not|cannot|unable|never|impossible|hard|stuck|blocked|nobody|nothing))\b[^.!?;\n]*$",
    re.IGNORECASE,
)


def left_alone(text: str) -> tuple[tuple[int, int], ...]:
    """(1)(2): what is ruled out beside what is wanted.

    >>> said = "restart it but do not scale it, 1h"
    >>> [said[a:b] for a, b in left_alone(said)]
    ['but do not scale it']
    """
    return tuple(
        match.span()
        for match in _BESIDE_WISH.finditer(text)
        if not (match[0].startswith("without") and _UNABLE.search(text[: match.start()]))
    )
