"""The one question that gets the missing fact, and which of its options an answer means.

1. At most five options, each in a person's words; an id never stands alone.
2. An answer means an option by its number, its id or its label, nothing less.
"""

import re
from collections.abc import Iterable, Sequence

from govagents.domain.catalog import Catalog
from govagents.domain.ids import IdentityId, PermissionId, SystemId, TicketId
from govagents.domain.question import About, Option, Question
from govagents.domain.world import World
from govagents.perception.unknown import Unknown
from govagents.perception.words import fold, id_words

MOST_OPTIONS = 5
_TEXTS = {
    About.PERMISSION: "what exactly do you need?",
    About.ROLE: "which role do you mean, and what do you want to do with it?",
    About.SYSTEM: "which system do you mean?",
    About.BENEFICIARY: "who is it for?",
    About.WINDOW: "until when do you need it?",
    About.TICKET: "which ticket is this for?",
    About.PURPOSE: "what do you want to do?",
    About.HUMAN: "a person has to look at this: who should it go to?",
}
_LENGTHS = (
    Option("2h", "2 hours from now"),
    Option("1d", "1 day from now"),
    Option("7d", "7 days from now"),
)


def question_for(about: About, options: Iterable[Option] = ()) -> Question:
    """The question about one fact (1)."""
    offered = tuple(options)[:MOST_OPTIONS]
    text = _TEXTS[about]
    if about is About.WINDOW:
        offered = offered or _LENGTHS
    if about is About.PERMISSION and not offered:
        text = "what exactly do you need: to see or to change what, and in which system?"
    return Question(about, text, offered)


def window_question(said: Iterable[str]) -> Question:
    """From when until when, naming what leaves it open."""
    named = " ".join(f"`{' '.join(words.split())}`" for words in said)
    asked = "from when until when do you need it?"
    text = f"{named} leaves open when: {asked}" if named else _TEXTS[About.WINDOW]
    return Question(About.WINDOW, text, _LENGTHS)


def next_question(said: str, options: Iterable[Option]) -> Question:
    """About a thing that the words ask for as well, once another was settled."""
    text = (
        f"and `{' '.join(said.split())}`: what exactly do you need? say `nothing` if that was all"
    )
    return Question(About.PERMISSION, text, tuple(options)[:MOST_OPTIONS])


def unknown_role_question(unknown: Iterable[Unknown], options: Iterable[Option]) -> Question:
    """That a role the words name does not exist, and what is wanted of it."""
    said = "; ".join(_no_role(item) for item in unknown)
    text = f"{said}: what do you want to do?"
    return Question(About.ROLE, text, tuple(options)[:MOST_OPTIONS])


def _no_role(unknown: Unknown) -> str:
    near = f" (is it `{unknown.nearest}`?)" if unknown.nearest else ""
    return f"no role `{unknown.name}` in the catalog{near}"


def unknown_ticket_question(unknown: Iterable[TicketId]) -> Question:
    """That a ticket the words cite does not exist."""
    said = " and ".join(f"no ticket `{name}`" for name in unknown)
    text = f"{said} in the ticket system: which ticket is this for, or say `none`?"
    return Question(About.TICKET, text)


def permission_options(
    names: Iterable[PermissionId], catalog: Catalog, world: World
) -> tuple[Option, ...]:
    """Each permission as its description and its system."""
    return tuple(Option(name, _permission_label(name, catalog, world)) for name in names)


def system_options(names: Iterable[SystemId], world: World) -> tuple[Option, ...]:
    """Each system by name."""
    return tuple(Option(name, world.systems[name].name) for name in names if name in world.systems)


def people_options(names: Iterable[IdentityId], world: World) -> tuple[Option, ...]:
    """Each identity by name, post and department."""
    found = []
    for name in names:
        identity = world.identities[name]
        post = identity.person
        about = f", {post.title}, {post.department}" if post else f", {identity.kind}"
        found.append(Option(name, f"{identity.name}{about}"))
    return tuple(found)


def chosen(question: Question, answer: str) -> Option | None:
    """(2).

    >>> q = question_for(About.WINDOW)
    >>> chosen(q, " 2. "), chosen(q, "7D"), chosen(q, "12 days")
    (Option(id='1d', label='1 day from now'), Option(id='7d', label='7 days from now'), None)
    """
    said = " ".join(fold(answer).split()).strip(".)( ")
    if re.fullmatch(r"\d{1,2}", said):
        number = int(said) - 1
        return question.options[number] if 0 <= number < len(question.options) else None
    matching = [item for item in question.options if said in _spellings(item)]
    return matching[0] if len(matching) == 1 else None


def chosen_all(question: Question, answer: str) -> tuple[Option, ...]:
    """(2): several options where the answer names several, none where it names anything else.

    >>> q = question_for(About.WINDOW)
    >>> [item.id for item in chosen_all(q, "1 and 3")], chosen_all(q, "1 and no more")
    (['2h', '7d'], ())
    """
    whole = chosen(question, answer)
    if whole is not None:
        return (whole,)
    pieces = [piece for piece in _AND.split(answer.strip(" .")) if piece.strip()]
    found = [chosen(question, piece) for piece in pieces]
    named = [option for option in found if option is not None]
    return tuple(dict.fromkeys(named)) if len(named) == len(pieces) else ()


_AND = re.compile(r"\s*(?:[,;+&]|\b(?:and|und|et|y|plus)\b)\s*", re.IGNORECASE)


def nothing_more(answer: str) -> bool:
    """Whether an answer says that nothing else is wanted.

    >>> nothing_more("Nothing."), nothing_more("no, thanks"), nothing_more("nothing but the logs")
    (True, True, False)
    """
    return _NOTHING.fullmatch(" ".join(fold(answer).split()).strip(" .!")) is not None


_NOTHING = re.compile(
    r"(?:nothing|none|no|nope|neither|nada|nichts|rien)(?:\s+(?:else|more|there))?(?:,?\s*thanks?(?:\s+you)?)?"
    r"|(?:that|it)\s+(?:was|is)\s+(?:all|it|everything)|that['’]?s\s+(?:all|it)"
)


def _spellings(option: Option) -> Sequence[str]:
    label = fold(option.label)
    return (fold(option.id), label, label.split(" (")[0], label.split(", ")[0])


def _permission_label(name: PermissionId, catalog: Catalog, world: World) -> str:
    permission = catalog.permissions[name]
    does = permission.description.rstrip(".") or " ".join(id_words(name))
    system = world.systems.get(permission.system)
    return f"{does} ({system.name if system else name})"
