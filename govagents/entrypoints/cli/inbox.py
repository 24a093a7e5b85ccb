"""`govagents inbox`: what waits for whoever speaks.

Rules:
1. A request that an approver sent back is over: its question is answered by asking again. It is
   shown to whoever asked for as long as an unanswered question waits, or until they asked again.
2. What a target does not let go of waits for its owners and for whoever answers for its holder:
   they may end it, and can reach whoever runs the target. `doctor` shows all of it to everybody.
"""

from typing import TYPE_CHECKING, NamedTuple

import typer

from govagents.domain.request import Status
from govagents.entrypoints.cli.options import AsOption, Common, HomeOption, JsonOption, NowOption

if TYPE_CHECKING:
    from datetime import datetime

    from govagents.domain.grant import Grant
    from govagents.domain.ids import IdentityId
    from govagents.domain.view import View
    from govagents.entrypoints.cli.output import Json
    from govagents.entrypoints.cli.readable import Views
    from govagents.entrypoints.cli.session import Session


def inbox(
    context: typer.Context,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show what waits for you: requests to decide, questions, ends that failed, notices."""
    from govagents.entrypoints.cli.readable import exit_if, next_if, show_damaged
    from govagents.entrypoints.cli.session import open_session

    session = open_session(context, Common(home, as_, now, as_json))
    person = session.speaker()
    found = _found(session, person)
    waiting, asked, returned, *_, confirm, damaged = found
    next_ = next_if(session, damaged, *_next(session, found))
    if as_json:
        said = {**_object(session, person, found), "damaged": [*damaged], "next": next_[0]}
        session.screen.data(said)
        return exit_if(damaged)
    for view in waiting:
        _show(session, person, view)
    for view in asked:
        _show_question(session, view)
    for view in returned:
        _show_returned(session, view)
    for view in confirm:
        _show_to_confirm(session, view)
    _show_failed(session, found.failed)
    _show_notices(session, person)
    if not any(found[:5]):
        session.screen.line("nothing waits for you")
    show_damaged(session, damaged)
    session.screen.next(*next_)
    return exit_if(damaged)


class _Found(NamedTuple):
    waiting: "list[View]"
    asked: "list[View]"
    returned: "list[View]"
    failed: "tuple[Grant, ...]"
    confirm: "list[View]"
    damaged: tuple[str, ...]


def _found(session: "Session", person: "IdentityId") -> _Found:
    """To decide, answer, ask again, end by hand, confirm, and what could be any of them."""
    from govagents.entrypoints.cli.readable import grants_of, views_of, waiting_for

    with session.records.begin() as tx:
        asked = tx.requests.list(frozenset({Status.NEEDS_INFO}))
        blocked = tx.requests.list(frozenset({Status.BLOCKED}))
    back = _sent_back(session, person)
    waiting, open_ = waiting_for(session, person), views_of(session, asked)
    failed = grants_of(session, frozenset({Status.REVOKE_FAILED}))
    stopped = views_of(session, blocked)
    return _Found(
        [*waiting.whole],
        [each for each in open_.whole if each.request.speaker == person],
        [*back.whole],
        tuple(each for each in failed.whole if person in {*each.owners, *each.accountable}),  # (2)
        [each for each in stopped.whole if _confirms(session, each, person)],
        (*waiting.damaged, *open_.damaged, *back.damaged, *failed.damaged, *stopped.damaged),
    )


def _confirms(session: "Session", view: "View", person: "IdentityId") -> bool:
    from govagents.action.confirming import waits_for_confirmation, who_confirms

    with session.records.begin() as tx:
        if view.proposal is None or not waits_for_confirmation(tx, view.request.id):
            return False
        return who_confirms(tx, view.proposal) == person


def _sent_back(session: "Session", person: "IdentityId") -> "Views":
    """(1)."""
    from govagents.action.lapse import LAPSE, latest
    from govagents.domain.view import Outcome
    from govagents.entrypoints.cli.readable import Views, views_of

    with session.records.begin() as tx:
        now = latest(tx, session.clock.now())
        names = tx.requests.list(frozenset({Status.RETURNED}))
        recent = [each for each in names if now < tx.requests.since(each) + LAPSE]
    whole, damaged = views_of(session, recent)
    mine = [each for each in whole if each.request.speaker == person]
    back = [each for each in mine if each.outcome is not Outcome.NO_MATCH]
    return Views(tuple(each for each in back if not _asked_again(session, each)), damaged)


def _asked_again(session: "Session", view: "View") -> bool:
    """Whether a later request of the same speaker begins with the same words."""
    from govagents.entrypoints.cli.readable import views_of

    if not view.words:
        return True  # erased
    words = view.words[0].raw().rstrip(" .,;")
    with session.records.begin() as tx:
        names = tx.requests.list()
    later = views_of(session, names[names.index(view.request.id) + 1 :]).whole
    own = (each for each in later if each.request.speaker == view.request.speaker)
    return any(each.words[0].raw().startswith(words) for each in own if each.words)


def _next(session: "Session", found: _Found) -> tuple[str, ...]:
    from govagents.entrypoints.cli.example import WHAT_FOR, WHY_NOT, answer_to, request_again

    waiting, asked, returned, failed, confirm, _ = found
    if waiting:
        request = waiting[-1].request.id
        return (
            session.next("approve", request),
            session.next("deny", request, "--reason", WHY_NOT),
            session.next("return", request, "--ask", WHAT_FOR),
        )
    if confirm:
        return (session.next("request", "confirm", confirm[-1].request.id),)
    if asked:
        request, words = asked[-1].request.id, answer_to(asked[-1].question)
        return (session.next("request", "answer", request, words),)
    if returned:
        return (request_again(session, returned[-1]),)
    if failed:
        return (session.next("grant", "revoke", failed[-1].id), session.look("doctor"))
    return (session.look("request", "list"),)


def _show(session: "Session", person: "IdentityId", view: "View") -> None:
    from govagents.entrypoints.cli.plan_text import show_plan
    from govagents.entrypoints.cli.request_text import book_of, show_words

    session.screen.heading(f"{view.request.id} waits for you{_why(person, view)}")
    show_words(session, view)
    show_plan(session.screen, view, book_of(session))


def _why(person: "IdentityId", view: "View") -> str:
    consents = view.decision.consents if view.decision else ()
    seats = [seat for consent in consents for seat in consent.seats if seat.person == person]
    return f": {seats[0].why}" if seats else ""


def _show_question(session: "Session", view: "View") -> None:
    from govagents.entrypoints.cli.plan_text import show_question
    from govagents.entrypoints.cli.request_text import show_words

    session.screen.heading(f"{view.request.id} waits for your answer")
    show_words(session, view)
    if view.question is not None:
        show_question(session.screen, view.question)


def _show_returned(session: "Session", view: "View") -> None:
    """(1)."""
    from govagents.entrypoints.cli.request_text import show_words

    session.screen.heading(f"{view.request.id} was sent back: ask again with the answer in it")
    show_words(session, view)
    session.screen.facts([("question", view.note)])


def _show_to_confirm(session: "Session", view: "View") -> None:
    from govagents.entrypoints.cli.plan_text import show_plan
    from govagents.entrypoints.cli.request_text import book_of

    session.screen.heading(f"{view.request.id} waits for you to confirm that you want it now")
    show_plan(session.screen, view, book_of(session))


def _show_failed(session: "Session", failed: "tuple[Grant, ...]") -> None:
    from govagents.entrypoints.cli.grant_text import show_grants

    if failed:
        session.screen.heading("waits for you to see it ended: the target did not confirm")
        show_grants(session.screen, failed)


def _show_notices(session: "Session", person: "IdentityId") -> None:
    from govagents.entrypoints.cli.output import Tone, Toned
    from govagents.entrypoints.cli.wording import time_of

    told = _told(session, person)
    if told:
        failed = any(each.failure for each in told)
        session.screen.heading("told to you")
        session.screen.table(
            ("about", "when", "what", *(["not delivered"] if failed else [])),
            [
                (each.about, time_of(each.at), each.text,
                 *([Toned(each.failure, Tone.BAD)] if failed else []))
                for each in told
            ],
        )  # fmt: skip


class _Told(NamedTuple):
    """A notice; `failure` = why it was told here alone, where it should have been elsewhere too."""

    at: "datetime"
    about: str
    text: str
    failure: str


def _told(session: "Session", person: "IdentityId") -> list[_Told]:
    from govagents.action.posting import undelivered

    with session.records.begin() as tx:
        notices, failed = tx.notices(person), undelivered(tx, session.clock.now())
    mine = [each for each in failed if each.notice.person == person]
    why = {(each.notice.at, each.notice.about, each.notice.text): each.failure for each in mine}
    return [_Told(*notice, why.get(notice, "")) for notice in notices]


def _object(session: "Session", person: "IdentityId", found: _Found) -> "dict[str, Json]":
    from govagents.domain.canonical import instant
    from govagents.entrypoints.cli.request_json import grant_object, request_object
    from govagents.entrypoints.cli.request_text import next_of

    waiting = [request_object(view, next_=next_of(session, view)[0]) for view in found.waiting]
    asked = [request_object(view, next_=next_of(session, view)[0]) for view in found.asked]
    return {
        "waiting": waiting,
        "questions": asked,
        "returned": [
            request_object(view, next_=next_of(session, view)[0]) for view in found.returned
        ],
        "failed": [grant_object(grant) for grant in found.failed],
        "confirm": [
            request_object(view, next_=next_of(session, view)[0]) for view in found.confirm
        ],
        "notices": [
            {
                "at": instant(each.at),
                "about": each.about,
                "text": each.text,
                "undelivered": each.failure or None,
            }
            for each in _told(session, person)
        ],
    }
