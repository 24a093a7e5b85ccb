"""Whether words about time tell what happened: a verb of the past stands with them."""

import re

_PAST = (
    r"(?!(?:need|feed|speed|embed|seed|shed|bed|red|needed|required|requested|wanted|planned|scheduled|expected"
    r"|granted|allowed|limited|related|supposed|tied|approved|asked)\b)\w+ed|was|were|did|had|left|went|broke|sent"
    r"|ran|came|got|made|said|saw|took|found|lost|began|wrote|fell|gave|met|built|hit"
)
_TOLD_BEFORE = re.compile(
    rf"\b(?:{_PAST})\s+(?:(?!(?:to|for|until|till)\b)[\w'’-]+\s+){{0,3}}?$", re.IGNORECASE
)
_TOLD_AFTER = re.compile(
    rf"^,?\s+(?:(?!(?:will|shall|would|to|be|is|are|am|need|i)\b)[\w'’-]+\s+){{1,4}}?(?:{_PAST})\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"\b(?:on|from|of|at|this|last|around)\s+$", re.IGNORECASE)
_FAR = 80


def happened(text: str, span: tuple[int, int]) -> bool:
    """Whether the time at `span` is told of: "failed on Friday", "on Friday the run failed".

    >>> happened("I left on the 13th", (10, 18)), happened("I was asked to look Friday", (20, 26))
    (True, False)
    """
    before = _LINK.sub("", text[max(0, span[0] - _FAR) : span[0]])
    return bool(_TOLD_BEFORE.search(before) or _TOLD_AFTER.match(text[span[1] : span[1] + _FAR]))
