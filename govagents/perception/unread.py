"""Words that nothing has read: while there are any, a person looks before access is given.

Rules:
1. A word is read if it speaks of what is needed (the permission, its phrases or its system are
   described by it, or by a word like it), of the window, of whom it is for or of the ticket that
   counts, or if it is one of the few with which people ask.
2. Every other is not. Who forbids, reports, doubts, jokes or speaks for somebody else does so in
   words too, and no list of those has an end; the list of those with which one asks has.
3. The greeting at the head and the speaker's own name say nothing about the wish.
4. What it is for may be said in any words that deny nothing: behind what is needed ("for the
   monthly report", "so that I can"), before it ("For the audit I need") or as what one is about
   ("I'm preparing the audit and"). Names in there are another module's (`unaccounted`).

SECURITY: policy gives nothing unasked while a word is unread (its fact `accounted`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from govagents.domain.identity import Identity
from govagents.domain.request import Understanding
from govagents.domain.text import Span
from govagents.perception.case import Case
from govagents.perception.index import CatalogIndex, terms
from govagents.perception.retrieval import index_of
from govagents.perception.unaccounted import greeting
from govagents.perception.windows import Timed
from govagents.perception.words import id_words, words

_ASKING = frozenset(
    """
    i d m ll me my need want wish would could can may might please pls kindly like love ask asking
    request requesting requested get have be able give grant let allow enable access permission
    permissions right rights a an the some any it to for of in on at from with into and now asap
    urgently urgent temporarily temporary you hi hello hey thanks thank thx cheers regards kind
    best advance am is are do does what which where when how has have must should so here there
    today right w through go up per by each between over
    """.split()
)
_AIM = re.compile(
    r"\b(?:for\s+(?:the|my|our|this|these|an?|today['’]?s|tomorrow['’]?s)\s|(?:in\s+order\s+)?to\s"
    r"|so\s+(?:that\s+)?(?:i|we)\s|because\s|since\s+(?:i|we|the)\s)[^.;:!?\n]*",
    re.IGNORECASE,
)
_AIM_FIRST = re.compile(
    r"\bfor\s+(?:the|my|our|this|an?)\s[^.;:!?\n]*?(?=,?\s+(?:i|can|could|may|please)\b)"
    r"|\b(?:i['’]?m|i\s+am|we['’]?re|we\s+are)\s+"
    r"(?!(?:ask|say|tell|speak|relay|pass|forward|kid|jok|test|wonder|guess)\w*ing|writing\s+(?!(?:the|my|our|a)\b))[a-z]+ing\b"
    r"[^.;:!?\n]*",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"n['’]t\b|\b(?:no|not|never|nobody|none|nothing|cannot|without|unless|except|instead|but|if)\b",
    re.IGNORECASE,
)
_OF_A_TICKET = frozenset(
    "ticket incident change problem task re ref regarding work working".split()
)
_OF_SOMEBODY_ELSE = frozenset("needs wants he she his her him they them their behalf s".split())


def unread(case: Case, part: int, known: Understanding, timed: Timed) -> tuple[Span, ...]:
    """Every word of a part that is not read (1), each as it stands."""
    text, index = case.own[part], index_of(case.catalog, case.world)
    ticket = case.world.tickets.get(known.ticket) if known.ticket else None
    read = _ASKING | _names(case.speaker)  # (3)
    if known.beneficiary != known.speaker:
        read |= _OF_SOMEBODY_ELSE | _names(case.world.identities[known.beneficiary])
    if ticket is not None:
        read |= _OF_A_TICKET | _folded((ticket.id, ticket.title))
    for need in known.needs:
        system = case.world.systems.get(case.catalog.permissions[need.permission].system)
        read |= _folded((system.id, system.name)) if system is not None else frozenset()
    heard = tuple(spoken(text, known, index))
    spans = ((0, greeting(text)), *timed.spans, *heard, *_aims(text, heard))
    return tuple(
        Span(word.start, word.end, part)
        for word in words(text)
        if word.folded not in read
        and not any(start <= word.start and word.end <= end for start, end in spans)
    )


def _names(identity: Identity) -> frozenset[str]:
    return _folded((identity.id, identity.name))


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(
        each for text in texts for each in (*id_words(text), *(w.folded for w in words(text)))
    )


def spoken(text: str, known: Understanding, index: CatalogIndex) -> Iterator[tuple[int, int]]:
    """(1): where something stands that describes what is needed."""
    for term in terms(text):
        keys = (term.key, *(key for key, _ in index.alike(term.key)))
        if any(index.describes(need.permission, key) for need in known.needs for key in keys):
            yield term.start, term.end


def _aims(text: str, spoken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """(4)."""
    for match in _AIM_FIRST.finditer(text):
        if not _DENIES.search(match.group()):
            yield match.span()
    ends = [end for _, end in spoken]
    for match in _AIM.finditer(text, min(ends, default=len(text))):
        sentence = re.search(r"[.;:!?\n]", text[min(ends) : match.start()])
        if sentence is None and not _DENIES.search(match.group()):
            yield match.span()
