"""`govagents inbox`: what waits for whoever speaks."""

from typing import TYPE_CHECKING, NamedTuple

import typer

from govagents.domain.request import Status
from govagents.entrypoints.cli.options import AsOption, Common, HomeOption, JsonOption, NowOption

if TYPE_CHECKING:
    from govagents.domain.ids import IdentityId, RequestId
    from govagents.domain.view import View
    from govagents.entrypoints.cli.output import Json
    from govagents.entrypoints.cli.session import Session


def inbox(
    context: typer.Context,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show what waits for you: requests to decide, questions, ends that failed, notices."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.session import open_session

    session = open_session(context, Common(home, as_, now, as_json))
    person = session.speaker()
    waiting, asked, damaged = _found(session, person)
    if as_json:
        session.screen.data({**_object(session, person, waiting, asked), "damaged": [*damaged]})
        return Exit.OK
    for request in damaged:
        session.screen.warning(f"`{request}` cannot be read: run `govagents audit verify`")
    for view in waiting:
        _show(session, person, view)
    for view in asked:
        _show_question(session, view)
    _show_failed(session)
    _show_notices(session, person)
    if not waiting and not asked:
        session.screen.line("nothing waits for you")
    session.screen.next(*_next(session, waiting, asked))
    return Exit.OK


class _Found(NamedTuple):
    waiting: "list[View]"
    asked: "list[View]"
    damaged: "tuple[RequestId, ...]"


def _found(session: "Session", person: "IdentityId") -> _Found:
    """To decide, to answer, and what could be either."""
    from govagents.entrypoints.cli.finding import views_of

    pending, open_ = views_of(session, Status.PENDING), views_of(session, Status.NEEDS_INFO)
    return _Found(
        [each for each in pending.whole if each.decision and person in each.decision.approvers],
        [each for each in open_.whole if each.request.speaker == person],
        (*pending.damaged, *open_.damaged),
    )


def _next(session: "Session", waiting: "list[View]", asked: "list[View]") -> tuple[str, ...]:
    if waiting:
        request = waiting[-1].request.id
        return (
            session.next("approve", request),
            session.next("deny", request, "--reason", "WHY"),
            session.next("return", request, "--ask", "QUESTION"),
        )
    if asked:
        return (session.next("request", "answer", asked[-1].request.id, "ANSWER"),)
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


def _show_failed(session: "Session") -> None:
    from govagents.entrypoints.cli.request_text import show_grants

    with session.app.records.begin() as tx:
        failed = tx.grants.list(frozenset({Status.REVOKE_FAILED}))
    if failed:
        session.screen.heading("not ended yet: the target did not confirm")
        show_grants(session, failed)


def _show_notices(session: "Session", person: "IdentityId") -> None:
    from govagents.entrypoints.cli.wording import time_of

    with session.app.records.begin() as tx:
        notices = tx.notices(person)
    if notices:
        session.screen.heading("told to you")
        session.screen.table(
            ("about", "when", "what"), [(about, time_of(at), text) for at, about, text in notices]
        )


def _object(
    session: "Session", person: "IdentityId", waiting: "list[View]", asked: "list[View]"
) -> "dict[str, Json]":
    from govagents.domain.canonical import instant
    from govagents.entrypoints.cli.request_json import grant_object, request_object
    from govagents.entrypoints.cli.request_text import next_of

    with session.app.records.begin() as tx:
        notices = tx.notices(person)
        failed = tx.grants.list(frozenset({Status.REVOKE_FAILED}))
    return {
        "waiting": [request_object(view, next_=next_of(session, view)[0]) for view in waiting],
        "questions": [request_object(view, next_=next_of(session, view)[0]) for view in asked],
        "failed": [grant_object(grant) for grant in failed],
        "notices": [
            {"at": instant(at), "about": about, "text": text} for at, about, text in notices
        ],
        "next": _next(session, waiting, asked)[0],
    }
