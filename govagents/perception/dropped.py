"""What the words ask for as well and no need speaks for: it is asked about, never dropped.

1. Of what "and", "also", "plus" and commas join, a part is asked for as well where it names things
   the catalog has and no need is among what speaks for it most; so is a wish in a sentence of its
   own.
2. What is joined and "also" asked for is asked about even where the catalog has no word for it.
   The part that opens the sentence is one where "and" follows it and nobody is told about.
3. No thing asked for: what tells ("it pages ..."), what says where, why or with what ("for the
   board"), a doing alone ("and approve them"), times, tickets, people and what is refused.
"""

import re
from collections.abc import Iterator, Sequence

from govagents.domain.ids import PermissionId
from govagents.domain.request import Need
from govagents.domain.text import Span
from govagents.errors import InputError
from govagents.perception import vocabulary
from govagents.perception.asks import broad
from govagents.perception.case import Case, names_of
from govagents.perception.index import CatalogIndex, Hit, Term, terms
from govagents.perception.mentions import mentions
from govagents.perception.retrieval import index_of
from govagents.perception.sentences import asks, blank, parts, sentences, tells
from govagents.perception.several import FAVOUR, Thing
from govagents.perception.tickets import TICKET
from govagents.perception.windows import read_window
from govagents.perception.wished import denied

_OFFERED = 5
_NEAR = 60  # hundredths of the best score
_LIKE = 55  # hundredths, of a sentence and what it may ask for
_GUESS = 40  # confidence in what may be meant
_ASIDE = re.compile(
    r"\s*(?:in|for|with|on|to|from|due|by|at|of|as|per|because|while|when|if|so|but|since|until|during"
    r"|after|before|without|nothing|not|no|never|don['’]?t|only|thanks?|please|until|using|via|about|regarding|re)\b"
    r"|.*\b(?:I|we|it|he|she|they|you|there|this|that|is|are|was|were|will|has|had|do|does|did)\b",
    re.IGNORECASE | re.DOTALL,
)
_HELD_TO = re.compile(r"\bagainst\s*$", re.IGNORECASE)
_AND = re.compile(r"\s*(?:\+|&|\b(?:and|plus|as\s+well\s+as|together\s+with)\b)", re.IGNORECASE)
_TOLD_OF = re.compile(r"\s+(?!(?:and|or|as|too|also|for|in|on|at|to|please)\b)[a-z]+")
_ALSO = re.compile(r"\b(?:also|as\s+well|too|in\s+addition|additionally|moreover)\b", re.IGNORECASE)
_DOING = vocabulary.READS | vocabulary.CHANGES | FAVOUR


def dropped(case: Case) -> tuple[Thing, ...]:
    """(1)(2): the things the request asks for beside its needs, in order."""
    needs = frozenset(names_of(case.reading.needs))
    if not needs or not case.own or case.reading.about is not None:
        return ()
    text, index = asked_for(case), index_of(case.catalog, case.world)
    every = sentences(text)
    wishing = [span for span in every if asks(text[slice(*span)])] or every
    return tuple(thing for span in wishing for thing in _beside(text, span, needs, index))


def asked_for(case: Case) -> str:
    """(3): the request's own words without times, tickets, people and what is refused."""
    own = case.own[0]
    try:
        times = read_window(own, case.request.at).spans
    except InputError:  # the resolver says so to the speaker
        times = ()
    people = mentions(own, case.speaker, case.world)
    tickets = [match.span() for match in TICKET.finditer(own)]
    without = [*times, *tickets, *((item.start, item.end) for item in people), *denied(own)]
    without += broad(own)  # a role asked for wholesale is set aside
    letters = list(blank(own, without))
    for item in people:
        if _TOLD_OF.match(own, item.end):
            letters[item.start] = "I"  # a subject: what follows tells
    return "".join(letters)


def _beside(
    text: str, sentence: tuple[int, int], needs: frozenset[PermissionId], index: CatalogIndex
) -> Iterator[Thing]:
    """(1): parts that are joined to one which a need speaks for."""
    places = parts(text, sentence)
    hits = [_hits(text[slice(*place)], index) for place in places]
    spoken = [any(hit.permission in needs for hit in _best(found)) for found in hits]
    if not any(spoken):
        yield from _alone(text, sentence, index)
        return
    for at, (low, high) in enumerate(places):
        said = text[low:high]
        opening = at == 0 and (said[:1].isspace() or not _AND.match(text[high:]))
        aside = tells(said) or _ASIDE.match(said) or _HELD_TO.search(text[:low])
        if spoken[at] or opening or aside:
            continue
        if _known(said, index) or (_ALSO.search(said) and _things(said)):
            yield _thing(said, Span(low, high), hits[at])


def _alone(text: str, sentence: tuple[int, int], index: CatalogIndex) -> Iterator[Thing]:
    """(1): a wish of its own for what the catalog has words for."""
    said = text[slice(*sentence)]
    hits = _hits(said, index)
    if asks(said) and hits and hits[0].likeness >= _LIKE and len(hits[0].matched) > 1:
        yield _thing(said, Span(*sentence), hits)


def _things(said: str) -> list[Term]:
    return [term for term in terms(said) if term.key not in _DOING]


def _known(said: str, index: CatalogIndex) -> bool:
    """(1): whether the catalog has a word of it; "permanently" and the like say how, not what."""
    return any(index.knows(term.key) and not term.key.endswith("ly") for term in _things(said))


def _hits(said: str, index: CatalogIndex) -> tuple[Hit, ...]:
    return index.search(_things(said), limit=len(index.ids))


def _thing(said: str, span: Span, hits: Sequence[Hit]) -> Thing:
    best = _best(hits)[:_OFFERED]
    return Thing(said.strip(), tuple(Need(hit.permission, _GUESS, span) for hit in best))


def _best(hits: Sequence[Hit]) -> list[Hit]:
    return [hit for hit in hits if hit.score * 100 >= _NEAR * hits[0].score]
