"""What is missing, as questions in the order in which they are asked.

1. Who, then what, then how long, then which ticket.
2. An end left open is a question where the access changes something; words about time that make no
   window are one always.
3. A role or a ticket that the words name and nobody knows is said to be unknown; of several tickets
   that count, or of a closed one, it is asked which is meant.
4. What is asked for beside the needs and none of them speaks for is asked about (`dropped`), and so
   is what is to be done in a system that the words only name (`places`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from govagents.domain.ids import IdentityId, PermissionId
from govagents.domain.question import About, Clarity, Question, Resolution
from govagents.domain.request import Need, Understanding
from govagents.perception import clarify
from govagents.perception.case import Case, names_of
from govagents.perception.dropped import dropped
from govagents.perception.index import terms
from govagents.perception.mentions import Mention
from govagents.perception.named import name_keys
from govagents.perception.options import people_options, permission_options, system_options
from govagents.perception.others import asked
from govagents.perception.windows import Timed
from govagents.perception.wording import question_about

_ORDER = {About.BENEFICIARY: 0, About.WINDOW: 2, About.TICKET: 3, About.HUMAN: 4}
WHAT = 1


class When(NamedTuple):
    """Words, and what they say of time."""

    text: str
    timed: Timed


def rank_of(about: About) -> int:
    """(1): a question's place."""
    return _ORDER.get(about, WHAT)


def gaps_of(
    case: Case, understood: Understanding, when: When, tickets: Sequence[str]
) -> dict[int, Question]:
    """(2)(3): the questions by their place; who it is for is not among them."""
    found: dict[int, Question] = {}
    about = About(case.reading.about) if case.reading.about else None
    if case.unknown:  # (3)
        names = names_of([need for need in case.reading.needs if _besides(need, case)])
        options = permission_options(names, case.catalog, case.world)
        found[WHAT] = clarify.unknown_role_question(case.unknown, options)
    elif not understood.needs:
        missing = about if about and rank_of(about) == WHAT else About.PERMISSION
        found[WHAT] = _meeting(what(case, missing), case)
    elif about is not None and rank_of(about) not in found:
        found[rank_of(about)] = clarify.question_for(about)
    elif beside := dropped(case):  # (4)
        options = permission_options(names_of(beside[0].needs), case.catalog, case.world)
        found[WHAT] = clarify.next_question(beside[0].said, options)
    changes = any(
        case.catalog.permissions[need.permission].access_level.changes for need in understood.needs
    )
    timed = when.timed
    if timed.doubt or (understood.window is None and timed.open_end and changes):  # (2)
        left = [when.text[slice(*span)] for span in timed.apart]
        found[rank_of(About.WINDOW)] = clarify.window_question(left)
    if tickets:  # (3)
        found[rank_of(About.TICKET)] = clarify.ticket_question(tickets)
    return found


def _besides(need: Need, case: Case) -> bool:
    """Whether more speaks for a need than the name of a role that does not exist."""
    said = {term.key for term in terms(case.own[need.span.part][need.span.start : need.span.end])}
    named = {key for item in case.unknown for key in name_keys(f"{item.name} role roles")}
    return bool(said - named)


def whose(meant: Mention, case: Case) -> Question:
    """Whom it is for, of those who fit."""
    options = people_options(_people(meant, case), case.world)
    question = clarify.question_for(About.BENEFICIARY, options)
    said = case.own[0][meant.start : meant.end] if case.own else ""
    return replace(question, text=asked(said, len(meant.who))) if said.strip() else question


def _people(meant: Mention, case: Case) -> tuple[IdentityId, ...]:
    """Whoever fits; where nobody does, the speaker and their own team."""
    if meant.who or case.speaker.person is None:
        return meant.who
    own = case.speaker.person
    team = (
        item.id
        for item in case.world.identities.values()
        if item.person and (item.person.department, item.person.team) == (own.department, own.team)
        if item.id != case.speaker.id and item.person.status == "active"
    )
    return (case.speaker.id, *team)


def _meeting(question: Question, case: Case) -> Question:
    """The question in words that meet what was said, where it reads as no request."""
    text = question_about(case.own[0]) if len(case.own) == 1 else None
    if text is None and case.place is not None:  # (4)
        text = f"`{case.place}` is where, not what: what do you need to see or change there?"
    return question if text is None else replace(question, text=text)


def what(case: Case, about: About, names: Sequence[PermissionId] | None = None) -> Question:
    """What is needed, of `names` or else of what was read; which system where several hold it."""
    offered = [need.permission for need in case.reading.needs] if names is None else names
    systems = list(dict.fromkeys(case.catalog.permissions[name].system for name in offered))
    if about is About.SYSTEM and len(systems) > 1:
        return clarify.question_for(about, system_options(systems, case.world))
    asked = About.PERMISSION if about is About.SYSTEM else about
    return clarify.question_for(asked, permission_options(offered, case.catalog, case.world))


def resolution_with(
    understood: Understanding, gaps: Mapping[int, Question], after: int = -1
) -> Resolution:
    """(1): with the first question after the place `after`."""
    question = next((gaps[at] for at in sorted(gaps) if at > after), None)
    clarity = Clarity.CLEAR if question is None else Clarity.UNCLEAR
    return Resolution(clarity, understood, question)
