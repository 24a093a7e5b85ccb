"""`govagents request`: what was asked, what became of it, and the speaker's own part in it."""

from typing import TYPE_CHECKING, Annotated

import typer

from govagents.domain.request import Status
from govagents.entrypoints.cli.options import (
    AsOption,
    Common,
    HomeOption,
    JsonOption,
    LastOption,
    NowOption,
    RequestArgument,
)
from govagents.entrypoints.cli.request_proof import proof
from govagents.errors import InputError

if TYPE_CHECKING:
    from govagents.domain.question import Question
    from govagents.entrypoints.cli.readable import Views
    from govagents.entrypoints.cli.session import Session

request = typer.Typer(name="request", no_args_is_help=True, help="Follow, answer or cancel one.")

request.command("proof")(proof)

_NEWEST = 30
_DIGITS = 2


@request.command("show")
def show(
    context: typer.Context,
    request_id: RequestArgument = None,
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show one request: its words, what was understood, and where it stands."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.finding import request_from
    from govagents.entrypoints.cli.plan_text import show_plan
    from govagents.entrypoints.cli.request_json import request_object
    from govagents.entrypoints.cli.request_text import book_of, next_of, show_state, show_words
    from govagents.entrypoints.cli.session import open_session

    session = open_session(context, Common(home, as_, now, as_json))
    view = session.view(request_from(session, request_id, last=last))
    commands = next_of(session, view)
    if as_json:
        session.screen.data(request_object(view, next_=commands[0]))
        return Exit.OK
    show_words(session, view)
    show_plan(session.screen, view, book_of(session))
    session.screen.line()
    show_state(session, view)
    session.screen.next(*commands)
    return Exit.OK


@request.command("list")
def list_(
    context: typer.Context,
    status: Annotated[
        str | None, typer.Option("--status", metavar="STATUS", help="Only those that are so.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=f"All of them, not only the newest {_NEWEST}.")
    ] = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """List requests, the newest last."""
    from govagents.entrypoints.cli.readable import exit_if, views_of
    from govagents.entrypoints.cli.session import open_session

    wanted = None if status is None else frozenset({_status(status)})
    session = open_session(context, Common(home, as_, now, as_json))
    with session.records.begin() as tx:
        found = tx.requests.list(wanted)
    views = views_of(session, found if everything else found[-_NEWEST:])
    _list(session, views, of=len(found))
    return exit_if(views.damaged)


@request.command("answer")
def answer(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(metavar="[REQUEST] TEXT", help="A request's id, then your answer."),
    ],
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Answer the question a request waits with, in your words or by an option's number."""
    from govagents.entrypoints.cli.ask import answer_with
    from govagents.entrypoints.cli.exits import OF_STATUS
    from govagents.entrypoints.cli.finding import request_from
    from govagents.entrypoints.cli.plan_text import show_plan
    from govagents.entrypoints.cli.request_text import book_of
    from govagents.entrypoints.cli.session import open_session

    typed, text = _answer(words, last=last)
    session = open_session(context, Common(home, as_, now, as_json))
    found = request_from(session, typed, last=last)
    _insist_on_an_option(session.app.runner.view(found).question, text)
    session.app.runner.answer(found, session.speaker(), text)
    if not as_json:
        show_plan(session.screen, session.view(found), book_of(session))
        session.screen.line()
    answer_with(session, found)
    return OF_STATUS[session.app.runner.view(found).status]


@request.command("cancel")
def cancel(
    context: typer.Context,
    request_id: RequestArgument = None,
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Withdraw a request of your own before anything was given."""
    from govagents.entrypoints.cli.ask import answer_with
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.finding import request_from
    from govagents.entrypoints.cli.session import open_session

    session = open_session(context, Common(home, as_, now, as_json))
    found = request_from(session, request_id, last=last)
    session.app.runner.cancel(found, session.speaker())
    answer_with(session, found)
    return Exit.OK


@request.command("review")
def review(
    context: typer.Context,
    request_id: RequestArgument = None,
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say as an owner that you looked at what was given as break-glass."""
    from govagents.entrypoints.cli.ask import answer_with
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.finding import request_from
    from govagents.entrypoints.cli.session import open_session

    session = open_session(context, Common(home, as_, now, as_json))
    found = request_from(session, request_id, last=last)
    session.app.runner.review(found, session.speaker())
    answer_with(session, found)
    return Exit.OK


@request.command("confirm")
def confirm(
    context: typer.Context,
    request_id: RequestArgument = None,
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say, as whoever it is for, that it is to be given now: policy asks that of you."""
    from govagents.entrypoints.cli.ask import answer_with
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.finding import request_from
    from govagents.entrypoints.cli.session import open_session

    session = open_session(context, Common(home, as_, now, as_json))
    found = request_from(session, request_id, last=last)
    session.app.runner.confirm(found, session.speaker())
    answer_with(session, found)
    return Exit.OK


def _list(session: "Session", views: "Views", *, of: int) -> None:
    from govagents.entrypoints.cli.example import first_request
    from govagents.entrypoints.cli.readable import next_if, show_damaged
    from govagents.entrypoints.cli.request_json import request_object
    from govagents.entrypoints.cli.request_text import next_of, summary

    whole, damaged = views
    look = session.look("request", "show", whole[-1].request.id) if whole else None
    next_, *_ = next_if(session, damaged, look or first_request(session))
    if session.screen.json:
        objects = [request_object(view, next_=next_of(session, view)[0]) for view in whole]
        session.screen.data({"requests": objects, "damaged": [*damaged], "next": next_})
        return
    if whole:
        columns = ("request", "status", "for", "roles", "words")
        session.screen.table(columns, [summary(view) for view in whole])
    show_damaged(session, damaged)
    session.screen.line(f"{len(whole) + len(damaged)} of {of}" if of else "no requests")
    session.screen.next(next_)


def _answer(words: list[str], *, last: bool) -> tuple[str | None, str]:
    """`REQUEST TEXT`, or `TEXT` with `--last`.

    >>> _answer(["req_x", "read only"], last=False), _answer(["2"], last=True)
    (('req_x', 'read only'), (None, '2'))
    """
    if last:
        return None, " ".join(words)
    if len(words) == 1:
        raise InputError("an answer needs a request and a text: `request answer REQUEST TEXT`")
    return words[0], " ".join(words[1:])


def _insist_on_an_option(question: "Question | None", text: str) -> None:
    """A small number beside numbered options is meant as one of them."""
    options = len(question.options) if question is not None else 0
    number = text.strip()
    if (
        options
        and number.isdecimal()
        and len(number) <= _DIGITS
        and not 1 <= int(number) <= options
    ):
        raise InputError(f"`{number}` is none of the options: write 1 to {options}, or words")


def _status(text: str) -> Status:
    try:
        return Status(text)
    except ValueError as error:
        known = ", ".join(status.value for status in Status)
        raise InputError(f"`{text}` is no status: write one of {known}") from error
