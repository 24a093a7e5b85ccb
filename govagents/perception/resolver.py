"""Reading → Resolution: names become ids, spans become facts, or one question is asked.

1. The beneficiary is who the flag says; else whom the words give it to; else the speaker. A reader
   that says otherwise than the words is a question.
2. The window is read from the words, or is the window of a cited change where the words say so.
   None named is None: nothing is guessed. An end left open is a question where the access changes
   something; words about time that make no window are one always.
3. A ticket counts when the ticket system has it open and it concerns the beneficiary.
4. A wide role beside a stated purpose is set aside and reported; alone it is a question. A small
   role named outright is what it holds.
5. One question at a time: who, then what, then how long. An answer settles what was asked,
   nothing else.
6. Nothing read and nothing to ask is no match. A warning needs no question but who it is for:
   policy answers it.
7. A role or a ticket that the words name and nobody knows is said to be unknown, and asked about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypedDict

from govagents.domain.catalog import Catalog
from govagents.domain.identity import Identity
from govagents.domain.ids import IdentityId, PermissionId, RoleId, TicketId
from govagents.domain.question import About, Clarity, Question, Resolution
from govagents.domain.request import Need, Reading, Request, Understanding, Window
from govagents.domain.text import Span
from govagents.domain.world import World
from govagents.errors import InputError, UnknownNameError
from govagents.perception import clarify
from govagents.perception.asks import broad
from govagents.perception.mentions import Mention, beneficiary, mentions
from govagents.perception.named import wide, widest_of
from govagents.perception.others import asked
from govagents.perception.own_words import own_words
from govagents.perception.provenance import observed
from govagents.perception.retrieval import index_of
from govagents.perception.tickets import Cited, cited
from govagents.perception.unknown import Unknown, unknown_roles
from govagents.perception.windows import Timed, read_window
from govagents.perception.wished import question_about
from govagents.perception.words import fold
from govagents.ports import Catalogs, Directory, Tickets, Words

_OUTRIGHT = 90
_ORDER = {About.BENEFICIARY: 0, About.WINDOW: 2, About.TICKET: 3, About.HUMAN: 4}
_WHAT = 1


class ToResolve(TypedDict, total=False):
    """What the resolver is handed; its own last word tells what was asked."""

    request: Request
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

    def __call__(self, state: ToResolve) -> Resolved:
        """Resolves the request, or the last answer to the last question."""
        request, world = state["request"], self.directory.world()
        said = tuple(part.raw() for part in self.words.of(request.id))
        speaker = world.identities.get(request.speaker)
        if speaker is None:
            message = f"nobody is called `{request.speaker}`: see `govagents world`"
            raise UnknownNameError(message)
        case = _Case(request, state["reading"], said, speaker, self.catalogs.current(), world)
        previous = state.get("resolution")
        if previous is not None and previous.question is not None and len(said) > 1:
            # as it was shown: memory may have put its options into another order
            asked = state.get("question") or previous.question
            resolution = _answered(case, previous, asked, self.tickets)
        else:
            resolution = _fresh(case, self.tickets)
        known = resolution.understanding
        return {"resolution": replace(resolution, observed=observed(request, known))}


@dataclass(frozen=True)
class _Case:
    request: Request
    reading: Reading
    said: tuple[str, ...]
    speaker: Identity
    catalog: Catalog
    world: World

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The speaker's own words."""
        return tuple(map(own_words, self.said))

    @cached_property
    def unknown(self) -> tuple[Unknown, ...]:
        """(7): roles named in the request that do not exist."""
        knows = index_of(self.catalog, self.world).knows
        first = self.said[0] if self.said else ""
        return unknown_roles(first, self.catalog, self.world.systems, knows)


def _fresh(case: _Case, tickets: Tickets) -> Resolution:
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
    )
    unclear = meant is not None and who is None
    if case.reading.warnings and not unclear:  # (6)
        return Resolution(Clarity.CLEAR, understood)
    if not needs and case.reading.about is None and not _wholesale(case) and not case.unknown:
        return Resolution(Clarity.NO_MATCH, understood)
    gaps = _gaps(case, understood, timed, found.unknown)
    if unclear and meant is not None:
        gaps[_ORDER[About.BENEFICIARY]] = _whose(meant, case)
    return _resolution(understood, gaps)


def _resolution(
    understood: Understanding, gaps: Mapping[int, Question], after: int = -1
) -> Resolution:
    """(5)."""
    question = next((gaps[at] for at in sorted(gaps) if at > after), None)
    clarity = Clarity.CLEAR if question is None else Clarity.UNCLEAR
    return Resolution(clarity, understood, question)


def _meant(case: _Case) -> Mention | None:
    """(1)."""
    asked_for = case.request.asked_for
    if asked_for is not None:
        if asked_for not in case.world.identities:
            message = f"nobody is called `{asked_for}`: name an identity the directory knows"
            raise UnknownNameError(message)
        return Mention(0, 0, (asked_for,))
    text = case.own[0] if case.own else ""
    knows = index_of(case.catalog, case.world).knows
    local = beneficiary(text, case.speaker, case.world, knows=knows)
    span = case.reading.beneficiary
    if span is None or span.part != 0:
        return local
    return _proposed(span, text, local, case)


def _proposed(span: Span, text: str, local: Mention | None, case: _Case) -> Mention:
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


def _wholesale(case: _Case) -> bool:
    return bool(case.reading.roles) or any(broad(text) for text in case.own)


def _needs(case: _Case) -> tuple[tuple[Need, ...], tuple[RoleId, ...]]:
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
        return tuple(Need(name, _OUTRIGHT, span) for name in held), ()
    return (), ()


def _gaps(
    case: _Case, understood: Understanding, timed: Timed, no_tickets: Sequence[TicketId]
) -> dict[int, Question]:
    found: dict[int, Question] = {}
    about = About(case.reading.about) if case.reading.about else None
    if case.unknown:  # (7)
        options = clarify.permission_options(_names(case.reading.needs), case.catalog, case.world)
        found[_WHAT] = clarify.unknown_role_question(case.unknown, options)
    elif not understood.needs:
        missing = about if about in _ABOUT_WHAT else About.PERMISSION
        found[_WHAT] = _meeting(_what(case, missing or About.PERMISSION), case)
    elif about is not None and _ORDER.get(about, _WHAT) not in found:
        found[_ORDER.get(about, _WHAT)] = clarify.question_for(about)
    changes = any(
        case.catalog.permissions[need.permission].access_level.changes for need in understood.needs
    )
    if timed.doubt or (understood.window is None and timed.open_end and changes):  # (2)
        left = [case.own[0][slice(*span)] for span in timed.apart]
        found[_ORDER[About.WINDOW]] = clarify.window_question(left)
    if no_tickets:  # (7)
        found[_ORDER[About.TICKET]] = clarify.unknown_ticket_question(no_tickets)
    return found


def _names(needs: Sequence[Need]) -> list[PermissionId]:
    return [need.permission for need in needs]


_ABOUT_WHAT = frozenset({About.PERMISSION, About.ROLE, About.SYSTEM, About.PURPOSE})


def _whose(meant: Mention, case: _Case) -> Question:
    options = clarify.people_options(_people(meant, case), case.world)
    question = clarify.question_for(About.BENEFICIARY, options)
    said = case.own[0][meant.start : meant.end] if case.own else ""
    return replace(question, text=asked(said, len(meant.who))) if said.strip() else question


def _people(meant: Mention, case: _Case) -> tuple[IdentityId, ...]:
    """Whoever fits; where nobody does, the speaker's own team."""
    if meant.who or case.speaker.person is None:
        return meant.who
    own = case.speaker.person
    return tuple(
        item.id
        for item in case.world.identities.values()
        if item.person and (item.person.department, item.person.team) == (own.department, own.team)
        if item.id != case.speaker.id and item.person.status == "active"
    )


def _meeting(question: Question, case: _Case) -> Question:
    """The question in words that meet what was said, where it reads as no request."""
    text = question_about(case.own[0]) if len(case.own) == 1 else None
    return question if text is None else replace(question, text=text)


def _what(case: _Case, about: About, names: Sequence[PermissionId] | None = None) -> Question:
    offered = [need.permission for need in case.reading.needs] if names is None else names
    systems = list(dict.fromkeys(case.catalog.permissions[name].system for name in offered))
    if about is About.SYSTEM and len(systems) > 1:
        return clarify.question_for(about, clarify.system_options(systems, case.world))
    asked = About.PERMISSION if about is About.SYSTEM else about
    return clarify.question_for(
        asked, clarify.permission_options(offered, case.catalog, case.world)
    )


def _answered(
    case: _Case, previous: Resolution, question: Question, tickets: Tickets
) -> Resolution:
    """(5): what was known stays, what was asked is settled, what comes after is looked at again."""
    known, about = previous.understanding, question.about
    rank = _ORDER.get(about, _WHAT)
    timed = read_window(case.own[0], case.request.at)
    if about is About.BENEFICIARY:
        who = _who(case, question)
        if who is None:
            return previous
        known = replace(known, beneficiary=who)
    elif about is About.WINDOW:
        window = _until(case, question)
        if isinstance(window, Question):
            return replace(previous, question=window)
        known, timed = replace(known, window=window), Timed(window)
    elif about in _ABOUT_WHAT:
        settled = _settled(case, question)
        if isinstance(settled, Question):
            return Resolution(Clarity.UNCLEAR, known, settled)
        known = replace(known, needs=settled)
    holder = case.world.identities.get(known.beneficiary)
    found = cited(case.own, holder, case.world, tickets)
    known = replace(known, ticket=found.counts, cited=found.ids)
    missing = cited(case.own[-1:], holder, case.world, tickets).unknown
    if about is About.TICKET and missing:
        return Resolution(Clarity.UNCLEAR, known, clarify.unknown_ticket_question(missing))
    return _resolution(known, _gaps(_settle(case), known, timed, found.unknown), rank)


def _settle(case: _Case) -> _Case:
    return replace(case, reading=replace(case.reading, about=None))


def _who(case: _Case, question: Question) -> IdentityId | None:
    option = clarify.chosen(question, case.own[-1])
    if option is not None:
        return IdentityId(option.id)
    if fold(case.own[-1]).strip(" .!") in {"me", "myself", "for me", "for myself", "i"}:
        return case.speaker.id
    named = mentions(case.own[-1], case.speaker, case.world)
    offered = {item.id for item in question.options}
    who = [name for item in named for name in item.who if not offered or name in offered]
    return who[0] if len(set(who)) == 1 else None


def _until(case: _Case, question: Question) -> Window | Question:
    """The window an answer gives, or the question again with what is wrong with it."""
    option = clarify.chosen(question, case.own[-1])
    said = option.label if option is not None else case.own[-1]
    try:
        timed = read_window(said, case.request.at)
    except InputError as problem:
        return replace(question, text=f"{problem}: {_AGAIN}")
    if timed.window is not None:
        return timed.window
    return clarify.window_question(said[slice(*span)] for span in timed.apart)


_AGAIN = "until when do you need it?"


def _settled(case: _Case, question: Question) -> tuple[Need, ...] | Question:
    """The needs an answer gives, or the next question on the way to them."""
    last = len(case.own) - 1
    option = clarify.chosen(question, case.own[last])
    span = Span(0, len(case.own[last]), last)
    if option is not None and option.id in case.catalog.permissions:
        return (Need(PermissionId(option.id), _OUTRIGHT, span),)
    if option is not None:
        inside = [
            need.permission
            for need in case.reading.needs
            if case.catalog.permissions[need.permission].system == option.id
        ]
        return _what(case, About.PERMISSION, inside)
    said = tuple(need for need in case.reading.needs if need.span.part == last)
    if said and case.reading.about is None:
        return said
    names = [need.permission for need in said]
    return _what(case, About.PERMISSION, names) if names else question
