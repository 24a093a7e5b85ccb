"""Texts that wish for nothing as a whole: they only wonder, or they only tell.

1. A text of questions about the world ("who can see ...?", "would it be possible to ...?") and
   courtesies alone asks for an answer, not for access. "Can I ..." and anything said beside the
   question is a wish: so is what follows it ("who is on it - want to list them").
2. A text of which every part tells how things are or were ("last week I needed ...", "the problem
   is solved, nothing to do") asks for nothing now.
"""

import re

from govagents.perception.sentences import asks, blank, parts, sentences, tells
from govagents.perception.tickets import TICKET
from govagents.perception.vocabulary import STOP
from govagents.perception.wished import refused
from govagents.perception.words import words

_GET = r"(?:for\s+me\s+)?to\s+(?:get|have|give|let|grant|obtain|receive|be\s+given|be\s+granted)\b"
_QUESTION = re.compile(
    rf"""
    \s*(?:(?:hi|hello|hey|so|and|but|ok|okay|please|quick\s+question|just\s+curious)\b[\s,:!–-]*)*
    (?: (?:who|whose|whom|what|which|where|why|how)\b
      | when\b(?![^?]*\bI\s+(?:need|want|must|have\s+to)\b[^?]*\Z)
      | (?:tell\s+me|explain|do\s+you\s+know|i\s+wonder)\b
      | (?:just\s+)?(?:wondering|curious)\s+(?:who|what|which|how|why|where|when)\b
      | what['’]s\b | who['’]s\b
      | (?:am|should|do|did|was|had)\s+(?:I|we)\b | would\s+(?:I|we)\s+be\b
      | (?:is|would|could)\s+(?:it|that|this)\s+(?:be\s+)?(?:even\s+)?
        (?:possible|allowed|permitted|ok|okay|fine|feasible)\b(?!\s+{_GET})
      | is\s+there\s+(?:an?|any)\s+(?:way|possibility|role|permission)\b
      | [^.!?]{{0,60}}\bknow\s+(?:whether|if)\s+(?:I|we|one|people)\b
      | can\s+(?:one|people|everyone|everybody|anyone\s+else)\b
      | (?!is\s+there\s+any\s+chance\b)(?:is|are|was|were|does|do|did|has|have|had|will)\s+[^?]*\?
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COURTESY = frozenset(
    "a and asking cheers curious for hello hey hi in just kind many much ok please regards so"
    " thank thanks the you your nothing fyi sorry".split()
)


def only_wonders(text: str) -> bool:
    """(1).

    >>> only_wonders("Who can see the logs? Thanks!"), only_wonders("what failed? 2h of logs")
    (True, False)
    """
    said = [part for span in sentences(text) for part in _turns(text[slice(*span)])]
    beside = [item for item in said if not _QUESTION.match(item)]
    courteous = all({word.folded for word in words(item)} <= _COURTESY for item in beside)
    return len(beside) < len(said) and courteous


def only_tells(text: str) -> bool:
    """(2).

    >>> only_tells("Thanks, the hold on the logs is solved"), only_tells("it is full, the logs, 2h")
    (True, False)
    """
    text = blank(text, refused(text))
    turns = [turn for span in sentences(text) for turn in _turns(text[slice(*span)])]
    places = [turn[slice(*place)] for turn in turns for place in parts(turn, (0, len(turn)))]
    said = [item for item in places if asks(item) or _speaks(TICKET.sub(" ", item))]
    return bool(said) and all(map(tells, said))


def _speaks(part: str) -> bool:
    """Whether more stands there than courtesies, times and numbers."""
    silent = STOP | _COURTESY
    return any(word.folded.isalpha() and word.folded not in silent for word in words(part))


def idle(text: str) -> bool:
    """(1)(2): whether a text wishes for nothing as a whole."""
    return only_wonders(text) or only_tells(text)


def _turns(sentence: str) -> list[str]:
    """(1): a sentence, cut where a dash or a wish breaks it off."""
    return [part for part in _TURN.split(sentence) if part.strip()]


_TURN = re.compile(
    r"\s+-+\s+|\s*[,:(…]+\s*(?=(?:(?:so|and|but|because)\s+)?(?:(?:I|we)(?:['’]d)?\s+"
    r"(?:would\s+|really\s+|just\s+|also\s+|now\s+)*)?"
    r"(?:need|want|wanna|gotta|must|have\s+to|like\s+to|(?:please|pls)\s+[a-z]+|(?:let|give|grant)\s+me"
    r"|(?:can|may|could)\s+I)\b)",
    re.IGNORECASE,
)
