"""What to type next where only a person knows the words: an example that runs as it is printed.

Rules:
1. What is known is filled in: what was said before, an option's number, a name of this company.
2. A request in words of ours is only planned, so that whoever pastes it unread sends nothing.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from govagents.domain.ids import IdentityId, RoleId
from govagents.domain.question import About, Question
from govagents.domain.view import View
from govagents.entrypoints.cli.catalog_search import telling_words
from govagents.entrypoints.cli.session import Opened

WHY_NOT = "not needed for this work"
WHAT_FOR = "what exactly is this for?"
YOUR_ANSWER = "YOUR ANSWER"

_ANSWERS: Mapping[About, str] = MappingProxyType(
    {
        About.PERMISSION: "only to look at it, nothing is changed",
        About.ROLE: "only to look at it, nothing is changed",
        About.SYSTEM: "any of them will do",
        About.BENEFICIARY: "it is for me",
        About.WINDOW: "for 2 hours",
        About.TICKET: "there is no ticket",
        About.PURPOSE: "to find out why it fails",
        About.HUMAN: "I have nothing to add",
    }
)


def answer_to(question: Question | None) -> str:
    """(1) An option's number where there are options.

    >>> answer_to(Question(About.WINDOW, "until when?"))
    'for 2 hours'
    """
    if question is None:
        return _ANSWERS[About.HUMAN]
    return "1" if question.options else _ANSWERS[question.about]


def first_request(session: Opened) -> str:
    """Something to ask for in a store where nothing was asked yet."""
    from govagents.entrypoints.cli.script import first_ask

    speaker, text = first_ask() if session.demo else ("", "")
    if speaker in session.world().identities and session.who in {None, speaker}:
        return session.next("ask", as_=speaker, said=text)
    roles = session.catalog().roles.values()
    usual = [each.id for each in roles if not each.privileged and each.requestable_by]
    return request_for(session, usual[0]) if usual else session.look("doctor")


def request_for(session: Opened, role: RoleId) -> str:
    """(2) A plan for one role, as whoever speaks."""
    who = session.who or anybody(session)
    if who is None:  # a store of one's own in which this user is nobody
        return session.look("catalog", "show", role)
    name = session.catalog().roles[role].name or role
    return session.next("ask", "--plan-only", as_=who, said=f"{name}, for 2 hours")


def request_again(session: Opened, view: View) -> str:
    """(1) (2) What was said the first time, for whom it was, with room for what was asked back."""
    asked_for = view.request.asked_for
    words = view.words[0].raw() if view.words else ""
    if not words:  # erased
        return first_request(session)
    options = ("--for", asked_for) if asked_for else ()
    said = f"{words.rstrip(' .,;')}. {YOUR_ANSWER}"
    return session.next("ask", "--plan-only", *options, as_=view.request.speaker, said=said)


def search_for(session: Opened, texts: Sequence[str]) -> str:
    """A search for those of the words that the catalog has; where it has none, the catalog."""
    found = telling_words(session.catalog(), " ".join(texts))
    return session.look("catalog", "search", *found) if found else session.look("catalog", "show")


def anybody(session: Opened) -> IdentityId | None:
    """In a demo store anybody is whoever they say."""
    people = (each.id for each in session.world().identities.values() if each.person is not None)
    return next(people, None) if session.demo else None
