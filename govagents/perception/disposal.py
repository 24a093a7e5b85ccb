"""What local checks leave of a reading, whoever read: a model proposes, this disposes.

1. Words that refuse ("do not give me ...") name no need and no role. A need that only they speak
   for is dropped where others stand beside it; alone it is what to ask about.
2. A request of questions about the world alone, or of what is and was, wishes for nothing: whatever
   was read is a question.
   What an answer to a question asks for stands.
3. Words that leave open what is wanted ("whatever it takes") are a question, however sure a reader
   is.
"""

from collections.abc import Sequence
from typing import NamedTuple

from govagents.domain.question import About
from govagents.domain.request import Need
from govagents.perception.asks import unspecific
from govagents.perception.idle import idle
from govagents.perception.index import CatalogIndex, terms
from govagents.perception.retrieval import candidates
from govagents.perception.sentences import blank
from govagents.perception.wished import denied


class Left(NamedTuple):
    """What may stand: with `about` set, `needs` are what may be meant."""

    needs: tuple[Need, ...]
    about: str | None


def wishes(own: Sequence[str]) -> tuple[str, ...]:
    """(1)(2): each part with what wishes for nothing blanked, every offset kept."""
    free = [blank(text, denied(text)) for text in own]
    if free and idle(own[0]):
        free[0] = blank(own[0], [(0, len(own[0]))])
    return tuple(free)


def disposed(
    needs: Sequence[Need], about: str | None, own: Sequence[str], index: CatalogIndex
) -> Left:
    """(1)(2)(3): `needs` as the words bear them out, and what else to ask."""
    free = wishes(own)
    if free == tuple(own):
        kept = tuple(needs)
    else:
        found = {item.permission.id for item in candidates(free, index)}
        kept = tuple(need for need in needs if _wished(need, free) and need.permission in found)
    if about is not None:
        return Left(tuple(needs), about)
    if not kept:
        lost = bool(needs) or (any(map(terms, own)) and not any(map(terms, free)))
        return Left(tuple(needs), About.PERMISSION.value if lost else None)
    vague = unspecific(own[0]) and all(need.span.part == 0 for need in kept)
    return Left(kept, About.PERMISSION.value if vague else None)


def _wished(need: Need, free: Sequence[str]) -> bool:
    """Whether a word of the need's place is left that says something."""
    span = need.span
    return bool(terms(free[span.part][span.start : span.end]))
