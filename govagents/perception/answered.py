"""What an answer to the one question settles.

1. What was known stays, what was asked is settled, nothing else; what comes after is looked at
   again.
2. An answer that means nothing, or cannot be, is asked for again.
3. Several options may be chosen. Of several things asked for at once each is settled: an answer
   about one drops no other, be it an option or new words.
"""

from collections.abc import Sequence
from dataclasses import replace

from govagents.domain.ids import IdentityId, PermissionId
from govagents.domain.question import About, Clarity, Question, Resolution
from govagents.domain.request import Need, Understanding, Window
from govagents.domain.text import Span
from govagents.errors import InputError
from govagents.perception import clarify
from govagents.perception.case import OUTRIGHT, Case, names_of
from govagents.perception.chosen import chosen, chosen_all, nothing_more
from govagents.perception.gaps import ABOUT_WHAT, gaps_of, rank_of, resolution_with, what
from govagents.perception.mentions import mentions
from govagents.perception.options import permission_options
from govagents.perception.retrieval import index_of
from govagents.perception.several import Thing, left_over, things
from govagents.perception.tickets import cited
from govagents.perception.windows import read_window
from govagents.perception.words import fold
from govagents.ports import Tickets


def answered(case: Case, previous: Resolution, question: Question, tickets: Tickets) -> Resolution:
    """(1)(2): what `question` asked for, settled by the last thing said, or asked on."""
    about = question.about
    if about is About.BENEFICIARY:
        known = _given_to(case, previous, question)
    elif about is About.WINDOW:
        known = _timed(case, previous, question)
    elif about in ABOUT_WHAT:
        known = _needed(case, previous, question)
    else:
        known = previous.understanding
    if isinstance(known, Resolution):
        return known
    holder = case.world.identities.get(known.beneficiary)
    found = cited(case.own, holder, case.world, tickets)
    known = replace(known, ticket=found.counts, cited=found.ids)
    missing = cited(case.own[-1:], holder, case.world, tickets).unknown
    if about is About.TICKET and missing:
        return Resolution(Clarity.UNCLEAR, known, clarify.unknown_ticket_question(missing))
    timed = read_window(case.own[0], case.request.at)
    gaps = gaps_of(_settle(case), known, timed, found.unknown)
    left = () if about in ABOUT_WHAT else previous.open
    return replace(resolution_with(known, gaps, rank_of(about)), open=left)


def _given_to(case: Case, previous: Resolution, question: Question) -> Understanding | Resolution:
    who = _who(case, question)
    return previous if who is None else replace(previous.understanding, beneficiary=who)


def _timed(case: Case, previous: Resolution, question: Question) -> Understanding | Resolution:
    window = _until(case, question)
    if isinstance(window, Question):
        return replace(previous, question=window)
    return replace(previous.understanding, window=window)


def _needed(case: Case, previous: Resolution, question: Question) -> Understanding | Resolution:
    """(3)."""
    known, settled = previous.understanding, _settled(case, previous, question)
    if isinstance(settled, Question):
        return replace(previous, question=settled)
    needs = {need.permission: need for need in (*_known_before(previous), *settled)}
    known = replace(known, needs=tuple(needs.values()))
    left = _left(case, previous, settled)
    return _next_thing(case, known, left) if left else known


def _settle(case: Case) -> Case:
    return replace(case, reading=replace(case.reading, about=None))


def _who(case: Case, question: Question) -> IdentityId | None:
    option = chosen(question, case.own[-1])
    if option is not None:
        return IdentityId(option.id)
    if fold(case.own[-1]).strip(" .!") in {"me", "myself", "for me", "for myself", "i"}:
        return case.speaker.id
    named = mentions(case.own[-1], case.speaker, case.world)
    offered = {item.id for item in question.options}
    who = [name for item in named for name in item.who if not offered or name in offered]
    return who[0] if len(set(who)) == 1 else None


def _until(case: Case, question: Question) -> Window | Question:
    """The window an answer gives, or the question again with what is wrong with it."""
    option = chosen(question, case.own[-1])
    said = option.label if option is not None else case.own[-1]
    try:
        timed = read_window(said, case.request.at)
    except InputError as problem:
        return replace(question, text=f"{problem}: {_AGAIN}")
    if timed.window is not None:
        return timed.window
    return clarify.window_question(said[slice(*span)] for span in timed.apart)


_AGAIN = "until when do you need it?"


def _settled(case: Case, previous: Resolution, question: Question) -> tuple[Need, ...] | Question:
    """The needs an answer gives, or the next question on the way to them."""
    last = len(case.own) - 1
    options = chosen_all(question, case.own[last])
    span = Span(0, len(case.own[last]), last)
    systems = {option.id for option in options}
    inside = [
        need.permission
        for need in previous.open
        if case.catalog.permissions[need.permission].system in systems
    ]
    if inside:
        return what(case, About.PERMISSION, inside)
    if options:
        names = [PermissionId(item.id) for item in options if item.id in case.catalog.permissions]
        return tuple(Need(name, OUTRIGHT, span) for name in names) or question
    if _known_before(previous) and nothing_more(case.own[last]):
        return ()
    said = tuple(need for need in case.reading.needs if need.span.part == last)
    if said and case.reading.about is None:
        return said
    return what(case, About.PERMISSION, names_of(said)) if said else question


def _known_before(previous: Resolution) -> tuple[Need, ...]:
    """(3): needs that an answer settled, and those of the request that nothing was asked about."""
    asked_about = {need.permission for need in previous.open}
    needs = previous.understanding.needs
    return tuple(need for need in needs if need.span.part or need.permission not in asked_about)


def _left(case: Case, previous: Resolution, settled: Sequence[Need]) -> tuple[Thing, ...]:
    """(3): the things asked for that neither this answer nor one before has settled."""
    index = index_of(case.catalog, case.world)
    apart = things(case.own[0], previous.open, index)
    if not settled:  # nothing more of the thing that was asked about, which is the first
        return apart[1:]
    return left_over(apart, names_of(settled))


def _next_thing(case: Case, known: Understanding, left: Sequence[Thing]) -> Resolution:
    """(3)."""
    options = permission_options(names_of(left[0].needs), case.catalog, case.world)
    question = clarify.next_question(left[0].said, options)
    still = tuple(need for thing in left for need in thing.needs)
    return Resolution(Clarity.UNCLEAR, known, question, open=still)
