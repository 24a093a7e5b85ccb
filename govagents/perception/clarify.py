"""The one question that gets the missing fact; at most five options go with it."""

from collections.abc import Iterable

from govagents.domain.question import About, Option, Question
from govagents.perception.unknown import Unknown

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
    """The question about one fact."""
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
    asked = "from when until when do you need it, in UTC or with an offset (`18:00+02:00`)?"
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


def ticket_question(doubt: Iterable[str]) -> Question:
    """Why the words leave open which ticket it is for, and which."""
    return Question(About.TICKET, f"{'; '.join(doubt)}: which ticket is this for, or say `none`?")
