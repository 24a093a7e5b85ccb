"""Access to a place with nothing said that is done there: nobody can tell which is meant.

1. Words that name a system and else only access, looking or changing ("rights in the CRM") are a
   question about what it holds, however sure a reader is of one permission.
2. Where the system has one permission alone, or one alone that looks where looking is asked for,
   there is nothing to ask.
"""

import re
from dataclasses import replace

from govagents.domain.ids import PermissionId, SystemId
from govagents.domain.question import About
from govagents.domain.request import Need
from govagents.domain.text import Span
from govagents.perception.asks import broad, intent
from govagents.perception.case import Case, names_of
from govagents.perception.dropped import asked_for
from govagents.perception.index import key_of, terms
from govagents.perception.ranking import named_systems
from govagents.perception.sentences import blank
from govagents.perception.vocabulary import SHORT
from govagents.perception.words import id_words

_GUESS = 30
_ENTER = re.compile(
    r"\b(?:(?:log|sign)(?:ging|ned|s)?[\s-]*(?:in|on|into|onto|ins?)|enter|entry|work(?:ing)?\s+(?:in|with|on))\b",
    re.IGNORECASE,
)
_SAY_NOTHING = frozenset(
    map(
        key_of,
        """
        access right permission privilege login credential authorization authorisation clearance
        membership entitlement profile role view change use work system tool app application
        platform account data core prod software product environment full basic normal standard
        temporary new short quick additional extra
        """.split(),
    )
)


def only_a_place(case: Case) -> Case:
    """(1): `case` with what its system holds to be asked about, or as it is."""
    place = _place(case)
    if place is None:
        return case
    wish = intent(case.own[0])
    looks = wish.reads and not wish.changes
    held = sorted(case.catalog.permissions.values(), key=lambda item: item.id)
    names = [
        item.id
        for item in held
        if item.system == place and not (looks and item.access_level.changes)
    ]
    if len(names) == 1:  # (2)
        return case
    ordered = sorted(names, key=lambda name: _first(name, case))
    span = Span(0, len(case.own[0]))
    needs = tuple(Need(name, _GUESS, span) for name in ordered)
    reading = replace(case.reading, needs=needs, about=About.PERMISSION.value)
    return replace(case, reading=reading, place=case.world.systems[place].name)


def _first(name: PermissionId, case: Case) -> tuple[bool, bool]:
    """What was read stands first, then what only looks."""
    changes = case.catalog.permissions[name].access_level.changes
    return (name not in names_of(case.reading.needs), changes)


def _settled(case: Case) -> bool:
    """Whether a role, or another question than what is needed, comes first."""
    about = case.reading.about
    other = about is not None and About(about) not in {About.PERMISSION, About.SYSTEM}
    return other or bool(case.reading.roles) or bool(broad(case.own[0]))


def _place(case: Case) -> SystemId | None:
    if not case.own or any(need.span.part for need in case.reading.needs) or _settled(case):
        return None
    text = asked_for(case)
    query = terms(blank(text, [match.span() for match in _ENTER.finditer(text)]))
    named = named_systems(query, case.world.systems)
    if len(named) != 1:
        return None
    system = case.world.systems[named[0]]
    words = (*id_words(system.id), *id_words(system.name))
    known = {key_of(part) for word in words for part in SHORT.get(word, (word,))}
    said = {term.key for term in query}
    return system.id if said <= known | _SAY_NOTHING else None
