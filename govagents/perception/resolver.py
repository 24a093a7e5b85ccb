"""Reading → Resolution: names become ids, spans become facts, or one question is asked.

1. The beneficiary is who the flag says; else whom the words give it to; else the speaker. Words or
   a reader that name another in need are a question.
2. The window is read from the words, or is the window of a cited change where the words say so.
   None named is None: nothing is guessed. An end left open is a question where the access changes
   something; words about time that make no window are one always.
3. A ticket counts when the ticket system has it open and it concerns the beneficiary.
4. A wide role beside a stated purpose is set aside and reported; alone it is a question. A small
   role named outright is what it holds.
5. One question at a time (`gaps.py`); what an answer settles: `answered.py`.
6. Nothing read and nothing to ask is no match. A warning needs no question but who it is for:
   policy answers it.
7. What was read and still may be another's, or not asked for, is asked (`subject.py`, `unsure.py`).
"""

from dataclasses import dataclass, replace
from typing import TypedDict

from govagents.domain.ids import IdentityId, RoleId
from govagents.domain.question import About, Clarity, Question, Resolution
from govagents.domain.request import Extension, Need, Reading, Request, Understanding, Window
from govagents.domain.text import Span
from govagents.errors import UnknownNameError
from govagents.perception.answered import answered
from govagents.perception.asks import broad
from govagents.perception.beneficiary import beneficiary, titles_of, unaccounted, wished_for
from govagents.perception.case import OUTRIGHT, Case
from govagents.perception.dropped import dropped
from govagents.perception.extended import extended
from govagents.perception.gaps import WHAT, When, gaps_of, rank_of, resolution_with, what, whose
from govagents.perception.mentions import Mention, mentions
from govagents.perception.named import wide, widest_of
from govagents.perception.places import only_a_place
from govagents.perception.provenance import observed
from govagents.perception.retrieval import index_of
from govagents.perception.subject import unread_subject
from govagents.perception.tickets import Cited, cited
from govagents.perception.unread import unread
from govagents.perception.unsure import unsure
from govagents.perception.vocabulary import STOP
from govagents.perception.windows import Timed, read_window
from govagents.perception.words import words
from govagents.ports import Catalogs, Clock, Directory, Tickets, Words


class ToResolve(TypedDict, total=False):
    """What the resolver is handed; its own last word tells what was asked."""

    request: Request
    extension: Extension
    reading: Reading
    resolution: Resolution
    question: Question | None


class Resolved(TypedDict):
    """What it writes."""

    resolution: Resolution


@dataclass(frozen=True)
class Resolver:
    """Looks every name up and finds the first missing fact."""

    words: Words
    catalogs: Catalogs
    directory: Directory
    tickets: Tickets
    clock: Clock

    def __call__(self, state: ToResolve) -> Resolved:
        """Resolves the request, or the last answer to the last question."""
        if "extension" in state:
            return {"resolution": extended(state["request"], state["extension"])}
        request, world = state["request"], self.directory.world()
        said = tuple(part.raw() for part in self.words.of(request.id))
        speaker = world.identities.get(request.speaker)
        if speaker is None:
            message = f"nobody is called `{request.speaker}`: see `govagents world`"
            raise UnknownNameError(message)
        case = Case(request, state["reading"], said, speaker, self.catalogs.current(), world)
        case = only_a_place(case)
        previous = state.get("resolution")
        if previous is not None and previous.question is not None and len(said) > 1:
            # as it was shown: memory may have put its options into another order
            asked = state.get("question") or previous.question
            resolution = answered(case, previous, asked, self.tickets)
        else:
            resolution = _fresh(case, self.tickets)
        known = resolution.understanding
        labels = observed(request, known, at=self.clock.now())
        return {"resolution": replace(resolution, observed=labels)}


def _fresh(case: Case, tickets: Tickets) -> Resolution:
    meant = _meant(case)
    who = meant.who[0] if meant is not None and len(meant.who) == 1 else None
    holder = who or case.request.asked_for or case.speaker.id
    found = cited(case.own, case.world.identities.get(holder), case.world, tickets)
    timed = read_window(case.own[0] if case.own else "", case.request.at)
    needs, narrowed = _needs(case)
    understood = Understanding(
        speaker=case.speaker.id,
        beneficiary=holder,
        needs=needs,
        window=timed.window or _of_ticket(timed, found, case.request),
        ticket=found.counts,
        purpose=case.reading.purpose,
        cited=found.ids,
        narrowed=narrowed,
        warnings=case.reading.warnings,
        unaccounted=unaccounted(case, 0, holder),
    )
    understood = replace(understood, unread=unread(case, 0, understood, timed))
    unclear = meant is not None and who is None
    if case.reading.warnings and not unclear:  # (6)
        return Resolution(Clarity.CLEAR, understood)
    if not needs and case.reading.about is None and not _wholesale(case) and not case.unknown:
        return Resolution(Clarity.NO_MATCH, understood)
    when = When(case.own[0] if case.own else "", timed)
    gaps = gaps_of(case, understood, when, found.doubt)
    if unclear and meant is not None:
        gaps[rank_of(About.BENEFICIARY)] = whose(meant, case)
    elif WHAT not in gaps:  # (7)
        who_does = unread_subject(case, understood)
        if who_does is not None:
            gaps[rank_of(About.BENEFICIARY)] = whose(who_does, case)
        if unsure(case, understood):
            gaps[WHAT] = what(case, About.PERMISSION)
    if WHAT not in gaps:
        return resolution_with(understood, gaps)
    beside = tuple(need for thing in dropped(case) for need in thing.needs) if needs else ()
    still = beside if beside and not case.unknown else case.reading.needs
    return replace(resolution_with(understood, gaps), open=still)


def _meant(case: Case) -> Mention | None:
    """(1)."""
    text = case.own[0] if case.own else ""
    knows = index_of(case.catalog, case.world).knows
    if case.request.asked_for is not None:
        wished = wished_for(text, case.speaker, case.world, knows=knows)
        return _flagged(case.request.asked_for, wished, case)
    titles = titles_of(case, 0)
    local = beneficiary(text, case.speaker, case.world, knows=knows, titles=titles)
    span = case.reading.beneficiary
    if span is None or span.part != 0:
        return local
    return _proposed(span, text, local, case)


def _flagged(holder: IdentityId, wished: Mention | None, case: Case) -> Mention:
    """(1): who the flag names; where the words name another in need, who is asked."""
    if holder not in case.world.identities:
        message = f"nobody is called `{holder}`: name an identity the directory knows"
        raise UnknownNameError(message)
    if wished is None or holder in wished.who:
        return Mention(0, 0, (holder,))
    first = words(case.own[0][wished.start : wished.end])[:1]
    named = wished.who or any(word.text[:1].isupper() and word.folded not in STOP for word in first)
    if not named:  # "he" and "my deputy" are whom the flag names
        return Mention(0, 0, (holder,))
    return replace(wished, who=tuple(sorted({holder, *wished.who, case.speaker.id})))


def _proposed(span: Span, text: str, local: Mention | None, case: Case) -> Mention:
    """A reader's proposal of whom it is for: where the words say otherwise too, who is asked."""
    inside = [
        item
        for item in mentions(text, case.speaker, case.world)
        if item.start < span.end and span.start < item.end
    ]
    proposed = inside[0].who if inside else ()
    meant = local.who if local is not None else (case.speaker.id,)
    both = set(proposed) & set(meant)
    who = both if len(both) == 1 else ({*proposed, *meant} if proposed else set())
    return Mention(span.start, span.end, tuple(sorted(who)))


def _of_ticket(timed: Timed, found: Cited, request: Request) -> Window | None:
    """(2)."""
    if not timed.of_ticket or timed.open_end or timed.doubt:
        return None
    for ticket in found.found:
        if ticket.open and ticket.window is not None and ticket.window[1] > request.at:
            return Window(max(ticket.window[0], request.at), ticket.window[1])
    return None


def _wholesale(case: Case) -> bool:
    return bool(case.reading.roles) or any(broad(text) for text in case.own)


def _needs(case: Case) -> tuple[tuple[Need, ...], tuple[RoleId, ...]]:
    """(4): what is needed, and the roles set aside for it."""
    reading, roles = case.reading, case.catalog.roles
    named = [roles[name] for name in reading.roles if name in roles]
    if reading.needs and reading.about is None:
        wanted = {need.permission for need in reading.needs}
        aside = tuple(role.id for role in named if wide(role) and wanted != role.permissions)
        if not aside and any(broad(text) for text in case.own):
            system = case.catalog.permissions[reading.needs[0].permission].system
            widest = widest_of(system, case.catalog)
            aside = (widest,) if widest is not None else ()
        return reading.needs, aside
    small = [role for role in named if not wide(role)]
    if len(small) == 1 and len(named) == 1:
        span = Span(0, len(case.own[0]))
        held = sorted(small[0].permissions)
        return tuple(Need(name, OUTRIGHT, span) for name in held), ()
    return (), ()
