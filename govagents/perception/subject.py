"""Who does it stands before what is done: while a word there is read by nothing, who is asked.

Names have no end, and neither have crews, firms, bots and jokes; the words with which people ask
for themselves have one (`unread`). So nobody looks for somebody here: what is not understood in
that place is asked about.

Rules:
1. The place reaches from the beginning of the clause in which a need is first asked for to the
   first word that speaks of it; a question about the world is none, nor
   one that tells what was given before ("you gave me"). A colon begins a clause where
   more than three words stand before.
2. What people do names nobody ("look", "restarting"), nor does how or how often, a number, a
   ticket's id, a label ("subject"), nor one of the small words that have an end ("since"), unless
   somebody may be meant by it ("both", "whoever", "them") or is what does something ("gets",
   "Sterling opens").
3. Nothing is asked where the flag says plainly that it is for somebody else. Where only the words
   give it to somebody, a word before the name in its clause may turn that ("sent on behalf of").
4. Where the speaker is who does something ("I need", "could we"), only a name is asked about: a
   word with a capital inside a sentence, with neither article nor preposition.
5. Names of whole profiles ("domain admin") name nobody either.
6. Whose thing it is that something is done to ("ending Ana's session") does not do it.
"""

import re
from collections.abc import Iterator, Sequence

from govagents.domain.request import Understanding
from govagents.domain.text import Span
from govagents.perception.asks import broad
from govagents.perception.case import Case
from govagents.perception.idle import only_wonders
from govagents.perception.index import key_of
from govagents.perception.mentions import Mention, mentions
from govagents.perception.narrowing import led_from
from govagents.perception.retrieval import index_of
from govagents.perception.sentences import sentences
from govagents.perception.several import FAVOUR
from govagents.perception.unaccounted import LABELS
from govagents.perception.unread import spoken
from govagents.perception.vocabulary import CHANGES, READS, STOP
from govagents.perception.words import fold, words

_BEGINS = re.compile(r"[.!?;,\n()\[\]–—]+\s|[\n()\[\]]|(?:\S+\s+){3,}?\S+:\s|\s-\s")
_SPEAKER = re.compile(
    r"\b(?:i|we|ich|wir|je|nous|necesito|puedo|brauche|ben[öo]tige|(?:il\s+)?me\s+faut)\b",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"(?<![.!?:])(?<!\b(?:the|for))(?<!\b(?:an|at|in|of|on|by|to|zu))(?<!\ba)(?<!\b(?:from|with))\s\Z",
    re.IGNORECASE,
)
_GAVE = re.compile(r"\b(?:gave|granted|let)\s+(?:me|us)\b", re.IGNORECASE)
_DOES = re.compile(r"\s+(?:gets?|has|have|needs?|wants?|must|should|shall|will|can|may)\b")
_OWNS = re.compile(r"['’]s?\Z")
_TICKET = re.compile(r"[A-Z]{2,5}-?\d")
_SOMEBODY = frozenset(
    """
    anybody anyone all both each either every few he her hers him his many most other others some
    somebody someone such their them they these those us we whoever whom you your
    gets gives goes has makes takes needs wants does
    """.split()
)
_SMALL = (STOP - _SOMEBODY) | frozenset(
    "gotta wanna gonna lemme double open put set see look id that which who whose possible".split()
)


def unread_subject(case: Case, understood: Understanding) -> Mention | None:
    """(1)(3): the first word that may say who does it, or turn it, if nothing has read it."""
    if case.request.asked_for is not None or not case.own or not understood.needs:
        return None
    text = case.own[0]
    if understood.beneficiary != case.speaker.id:
        return _turned(case, understood)
    said = sorted(spoken(text, understood, index_of(case.catalog, case.world)))
    asking = [span for span in sentences(text) if not _aside(text[slice(*span)])]
    first = next((at for at, _ in said if any(low <= at < high for low, high in asking)), None)
    if first is None:
        return None
    begins = max((match.end() for match in _BEGINS.finditer(text, 0, first)), default=0)
    unread = [span for span in understood.unread if not _owner(text, span, begins, said)]
    return next(_subjects(text, unread, begins, first), None)


def _owner(text: str, span: Span, begins: int, said: Sequence[tuple[int, int]]) -> bool:
    """(6)."""
    if not _OWNS.search(text[span.start : span.end]) or not text[begins : span.start].strip():
        return False
    after = text[span.end :]
    at = span.end + len(after) - len(after.lstrip())
    return any(start == at for start, _ in said)


def _aside(sentence: str) -> bool:
    """(1)."""
    if _GAVE.search(sentence):
        return True
    return sentence.rstrip().endswith("?") and only_wonders(sentence)


def _turned(case: Case, understood: Understanding) -> Mention | None:
    """(3)."""
    text = case.own[0]
    for item in mentions(text, case.speaker, case.world):
        if understood.beneficiary not in item.who:
            continue
        begins = max((m.end() for m in _BEGINS.finditer(text, 0, item.start)), default=0)
        ends = led_from(text[: item.start], case.world.identities[understood.beneficiary])
        for span in understood.unread:
            word = fold(text[span.start : span.end])
            before = span.part == 0 and begins <= span.start < ends
            if before and word not in STOP and key_of(word) not in FAVOUR:
                who = tuple(sorted({*item.who, case.speaker.id}))
                return Mention(item.start, item.end, who)
    return None


def _subjects(text: str, unread: Sequence[Span], begins: int, first: int) -> Iterator[Mention]:
    names_only = _SPEAKER.search(text) is not None  # (4)
    profiles = broad(text)  # (5)
    for span in unread:
        if span.part != 0 or span.start < begins or span.end > first:
            continue
        if any(start <= span.start < end for start, end in profiles):
            continue
        said = text[span.start : span.end]
        name = said[:1].isupper() and _INSIDE.search(text[: span.start])
        if name if names_only else not _nobody(text, span):
            yield Mention(span.start, span.end, ())


def _does(after: str) -> bool:
    """(2): whether what stands before it does it: "gets", "opens"."""
    said = words(after)[:1]
    does = said and said[0].folded.endswith("s") and key_of(said[0].folded) in READS | CHANGES
    return bool(_DOES.match(after) or (does and not after[: said[0].start].strip()))


def _nobody(text: str, span: Span) -> bool:
    """(2)."""
    word = fold(text[span.start : span.end])
    number = any(map(str.isdigit, word)) or _TICKET.match(text, span.start)
    doing = key_of(word) in READS | CHANGES and not word.endswith("s")
    going = word.endswith("ing") and not _does(text[span.end :])
    small = re.split(r"['’]", word)[0] in _SMALL | LABELS
    return bool(number or doing or going or small or word.endswith("ly"))
