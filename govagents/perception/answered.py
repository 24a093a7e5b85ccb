"""What an answer to the one question settles.

1. What was known stays, what was asked is settled, nothing else; what comes after is looked at
   again.
2. An answer that means nothing, or cannot be, is asked for again.
3. Several options may be chosen. Of several things asked for at once each is settled: an answer
   about one drops no other, be it an option or new words.
4. What an answer about something else says of time counts like an answer about time: the newest
   window said holds, and words about time that make no window are asked about. An option's own
   words say nothing of time.
5. Who it is for, once answered, accounts for everybody named until then; whoever an answer about
   something else names is not accounted for.
6. With what an answer settles the request is looked through again for words that nothing reads.
7. Who it is for settles nothing of whether what was read is asked for (`unsure.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from govagents.domain.ids import IdentityId, PermissionId
from govagents.domain.question import About, Clarity, Question, Resolution
from govagents.domain.request import Need, Understanding, Window
from govagents.domain.text import Span
from govagents.errors import InputError
from govagents.perception import clarify
from govagents.perception.beneficiary import unaccounted
from govagents.perception.case import OUTRIGHT, Case, names_of
from govagents.perception.chosen import chosen, chosen_all, nothing_more
from govagents.perception.gaps import WHAT, When, gaps_of, rank_of, resolution_with, what
from govagents.perception.mentions import mentions
from govagents.perception.options import permission_options
from govagents.perception.retrieval import index_of
from govagents.perception.several import Thing, left_over, things
from govagents.perception.tickets import cited
from govagents.perception.unread import unread
from govagents.perception.unsure import unsure
from govagents.perception.windows import Timed, read_window
from govagents.perception.words import fold
from govagents.ports import Tickets


def answered(case: Case, previous: Resolution, question: Question, tickets: Tickets) -> Resolution:
    """(1)(2): what `question` asked for, settled by the last thing said, or asked on."""
    try:
        now = _time_beside(case, question)
    except InputError as problem:
        return replace(previous, question=replace(question, text=f"{problem}: {question.text}"))
    if now.window is not None:  # (4)
        known = replace(previous.understanding, window=now.window)
        previous = replace(previous, understanding=known)
    if question.about is not About.BENEFICIARY and not chosen_all(question, case.own[-1]):  # (5)
        last = unaccounted(case, len(case.own) - 1, previous.understanding.beneficiary)
        known = previous.understanding
        known = replace(known, unaccounted=(*known.unaccounted, *last))
        previous = replace(previous, understanding=known)
    known_now = _settled_about(case, previous, question)
    if isinstance(known_now, Resolution):
        return known_now
    known_now = replace(known_now, unread=tuple(_unread(case, known_now, question, now)))  # (6)
    return _asked_on(case, replace(previous, understanding=known_now), question, tickets)


def _unread(case: Case, known: Understanding, question: Question, now: Timed) -> Iterator[Span]:
    """(6)."""
    yield from unread(case, 0, known, _read(case.own[0], case))
    yield from (span for span in known.unread if span.part > 0)
    if not chosen_all(question, case.own[-1]):
        yield from unread(case, len(case.own) - 1, known, now)


def _settled_about(
    case: Case, previous: Resolution, question: Question
) -> Understanding | Resolution:
    about = question.about
    if about is About.BENEFICIARY:
        return _given_to(case, previous, question)
    if about is About.WINDOW:
        return _timed(case, previous, question)
    if rank_of(about) == WHAT:
        return _needed(case, previous, question)
    return previous.understanding


def _asked_on(case: Case, previous: Resolution, question: Question, tickets: Tickets) -> Resolution:
    """What is missing once the answer is in `previous`."""
    known, about = previous.understanding, question.about
    holder = case.world.identities.get(known.beneficiary)
    found = cited(case.own, holder, case.world, tickets)
    known = replace(known, ticket=found.counts, cited=found.ids)
    missing = cited(case.own[-1:], holder, case.world, tickets).doubt
    if about is About.TICKET and missing:
        return Resolution(Clarity.UNCLEAR, known, clarify.ticket_question(missing))
    said = _newest(case, known)
    gaps = gaps_of(_settle(case), known, said, found.doubt)
    left = () if rank_of(about) == WHAT else previous.open
    if about is About.BENEFICIARY and WHAT not in gaps and unsure(case, known):  # (7)
        gaps[WHAT], left = what(case, About.PERMISSION), case.reading.needs
    after = rank_of(about)
    if _time_beside(case, question).doubt:  # (4)
        after = min(after, rank_of(About.WINDOW) - 1)
    return replace(resolution_with(known, gaps, after), open=left)


def _time_beside(case: Case, question: Question) -> Timed:
    """(4): what an answer about something else than time says of time."""
    answer = case.own[-1]
    if question.about is About.WINDOW or chosen_all(question, answer):
        return Timed(None)
    return read_window(answer, case.request.at)


def _newest(case: Case, known: Understanding) -> When:
    """(4): the last words about time that hold or leave something open, else the request's."""
    first = When(case.own[0], read_window(case.own[0], case.request.at))
    answers = [When(text, _read(text, case)) for text in reversed(case.own[1:])]
    for said in answers:
        if said.timed.doubt or (known.window and said.timed.window == known.window):
            return said
    open_end = any(said.timed.open_end for said in (first, *answers))
    return When(first.text, replace(first.timed, open_end=open_end))


def _read(text: str, case: Case) -> Timed:
    try:
        return read_window(text, case.request.at)
    except InputError:  # it was asked for again when it was said
        return Timed(None)


def _given_to(case: Case, previous: Resolution, question: Question) -> Understanding | Resolution:
    who = _who(case, question)
    if who is None:
        return previous
    return replace(previous.understanding, beneficiary=who, unaccounted=())  # (5)


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
