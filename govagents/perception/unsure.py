"""What is read and yet nobody can be sure it is asked for, told by the few words that have an end.

Rules:
1. A word that nothing has read, begins a clause and makes it hang on something or takes it back
   ("suppose", "unless", "but", "maybe"). "If I could" wishes, "if possible" is a courtesy, "maybe
   2h" and "maybe more later" leave what is asked for as it is.
2. A word that denies before what is needed, in its clause and not the speaker's own doing ("no
   resets for me please, unlocking is all"). What "that isn't ..." says of a thing named before it
   denies nothing.
3. A question whether something is possible at all, where neither the speaker nor whoever is asked
   does it ("can figures be exported?"), and nothing else asks for what is needed.
4. A need whose action nobody said, where it changes something or does more with a thing than to
   look at it, as another permission does ("figures, 2h": to see them, or to take them along?); of
   several needs each whose words stand apart from its action. Looking and changing at one thing
   are one need here.
5. What is struck, taken back or left open behind the first word of a need (`taken_back.py`).
6. Needs in several systems, where nothing has read the word that opens the sentence of one.
"""

import re
from collections.abc import Iterator

from govagents.domain.ids import PermissionId
from govagents.domain.request import Understanding
from govagents.domain.text import Span
from govagents.perception.asks import intent
from govagents.perception.case import Case, names_of
from govagents.perception.index import CatalogIndex, terms
from govagents.perception.retrieval import index_of
from govagents.perception.sentences import sentences
from govagents.perception.taken_back import taken_back
from govagents.perception.unread import spoken
from govagents.perception.vocabulary import STOP
from govagents.perception.words import fold

_HANGS = frozenset(
    """
    if unless suppose supposing provided assuming otherwise whether but hypothetically maybe perhaps
    possibly
    """.split()
)
_COURTESY = re.compile(
    r"\s+(?:(?:I|we)\b|(?:[a-z'’]+\s+){0,2}(?:possible|ok|okay|fine|alright|needed|necessary)\b)",
    re.IGNORECASE,
)
_EASES = re.compile(
    r"\s+(?:(?:for|about|around|up\s+to)\s+)?(?:\d|(?:an?\s+(?:hour|day|week)|half|one|two|three|four|until"
    r"|till|you|more|less|longer|later)\b)",
    re.IGNORECASE,
)
_WHICH = re.compile(r"\b(?:that|which|who)\s+$", re.IGNORECASE)
_JOINS = re.compile(r"\b(?:only|and|or)\b", re.IGNORECASE)
_DENIES = re.compile(r"n['’]t$|^(?:no|not|without|cannot|none|nothing|nor)$")
_CLAUSE = re.compile(r"[.!?;:,](?=\s)|[\n()–—]|\s-\s")
_LOOKS = frozenset({"view", "list"})
_OWN = re.compile(r"\b(?:i|we|me|us|my)\b", re.IGNORECASE)
_WHETHER = re.compile(
    r"\s*(?:can|could|may|might|shall|will|would|is|are|do|does|should|has|have)\s+"
    r"(?!(?:you|it|somebody|someone|anybody|anyone)\b)[^?]*\?\s*\Z",
    re.IGNORECASE,
)


def unsure(case: Case, understood: Understanding) -> bool:
    """Whether what is needed is to be asked about, although it was read."""
    if not case.own or any(need.span.part for need in understood.needs) or not understood.needs:
        return False
    text, index = case.own[0], index_of(case.catalog, case.world)
    needed = sorted(spoken(text, understood, index))
    open_words = [span for span in understood.unread if span.part == 0]
    return (
        any(_hangs(text, span) or _denied(text, span, needed) for span in open_words)
        or _only_whether(text, needed)
        or (bool(needed) and taken_back(text[needed[0][1] :]))
        or any(_unsaid(text, understood, index))
        or _scattered(text, understood, index)
    )


def _hangs(text: str, span: Span) -> bool:
    """(1)."""
    if fold(text[span.start : span.end]) not in _HANGS or _COURTESY.match(text, span.end):
        return False
    if _EASES.match(text, span.end):
        return False
    begins = max((it.end() for it in _CLAUSE.finditer(text, 0, span.start)), default=0)
    return not _JOINS.sub("", text[begins : span.start]).strip()


def _denied(text: str, span: Span, needed: list[tuple[int, int]]) -> bool:
    """(2)."""
    if not _DENIES.search(fold(text[span.start : span.end])):
        return False
    begins = max((it.end() for it in _CLAUSE.finditer(text, 0, span.start)), default=0)
    ends = next((it.start() for it in _CLAUSE.finditer(text, span.end)), len(text))
    if _WHICH.search(text[: span.start]) and any(begins <= at < span.start for at, _ in needed):
        return False
    own = _OWN.search(text, begins, span.start)
    return own is None and any(span.end <= start < ends for start, _ in needed)


def _only_whether(text: str, needed: list[tuple[int, int]]) -> bool:
    """(3)."""
    every = (slice(*span) for span in sentences(text))
    asking = [text[at] for at in every if any(at.start <= start < at.stop for start, _ in needed)]
    return bool(asking) and all(_WHETHER.match(it) and not _OWN.search(it) for it in asking)


def _unsaid(text: str, understood: Understanding, index: CatalogIndex) -> Iterator[PermissionId]:
    """(4)."""
    names = names_of(understood.needs)
    for name in names:
        actions, thing = index.actions[name], _thing(name)
        doing = actions if index.permissions[name].access_level.changes else _taking(name, index)
        if doing and not doing & _said(text, index):
            yield name
        if len(names) == 1 or any(it != name and it.startswith(f"{thing}:") for it in names):
            continue
        apart = _own_words(text, name, names, index)
        told = {text[low:high] for low, high in sentences(text) for at in apart if low <= at < high}
        if not any(actions & _said(said, index) for said in told):
            yield name


def _taking(name: PermissionId, index: CatalogIndex) -> frozenset[str]:
    """What is done with a thing by who changes nothing, where another permission shows the thing.

    The words of the catalog alone: phrases begin with a thing as often as with what is done.
    """
    others = (it for it in index.permissions if _thing(it) == _thing(name) and it != name)
    shown = any(index.verbs[it] & _LOOKS for it in others)
    return index.verbs[name] if shown and not index.verbs[name] & _LOOKS else frozenset()


def _thing(name: PermissionId) -> str:
    """What a permission is for, without what it lets do: systems and things stand before."""
    return name.rsplit(":", 1)[0]


def _said(text: str, index: CatalogIndex) -> frozenset[str]:
    """Every word of `text` as the catalog may know it."""
    keys = {term.key for term in terms(text)} | intent(text).said
    return frozenset(known for key in keys for known, _ in index.alike(key)) | keys


def _own_words(
    text: str, name: PermissionId, names: list[PermissionId], index: CatalogIndex
) -> list[int]:
    """Where something stands that speaks for `name` and no other need."""
    found = []
    for term in terms(text):
        keys = [term.key, *(key for key, _ in index.alike(term.key))]
        speaks = {it for it in names for key in keys if index.describes(it, key)}
        if speaks == {name}:
            found.append(term.start)
    return found


def _scattered(text: str, understood: Understanding, index: CatalogIndex) -> bool:
    """(6)."""
    names = names_of(understood.needs)
    if len({index.permissions[name].system for name in names}) == 1:
        return False
    firsts = [min(_own_words(text, name, names, index), default=0) for name in names]
    for low, high in sentences(text):
        reach = max((at for at in firsts if low <= at < high), default=low)
        opening = (span for span in understood.unread if low <= span.start < reach)
        if any(not text[low : span.start].strip() and _says(text, span) for span in opening):
            return True
    return False


def _says(text: str, span: Span) -> bool:
    return fold(text[span.start : span.end]) not in STOP
