"""`govagents ask`: a sentence becomes a plan, then a request."""

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from govagents.entrypoints.cli.options import (
    AsOption,
    Common,
    HomeOption,
    JsonOption,
    NowOption,
    length_from,
)
from govagents.errors import InputError

if TYPE_CHECKING:
    from govagents.domain.ids import IdentityId, RequestId
    from govagents.entrypoints.cli.session import Session


class _How(NamedTuple):
    """How it is sent; `most` = how long to wait for a decision, None = not at all."""

    break_glass: bool
    most: timedelta | None


_AT_ONCE = (
    "asked as break-glass: given at once if policy allows that, whoever is named above; "
    "an owner reviews it afterwards"
)
_POLL = timedelta(seconds=1)


def ask(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is needed, in your words.")],
    asked_for: Annotated[
        str | None, typer.Option("--for", metavar="ID", help="Who shall have it, if not you.")
    ] = None,
    plan_only: Annotated[
        bool, typer.Option("--plan-only", help="Show the plan; send and store nothing.")
    ] = False,
    break_glass: Annotated[
        bool,
        typer.Option("--break-glass", help="It cannot wait: an owner reviews it afterwards."),
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until somebody has decided.")] = False,
    timeout: Annotated[
        str, typer.Option("--timeout", metavar="LENGTH", help="How long to wait at most.")
    ] = "24h",
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Ask for access in your own words; see the plan before anything happens."""
    from govagents.entrypoints.cli.session import open_session

    most = length_from(timeout)
    if plan_only and break_glass:
        message = "a plan breaks no glass: leave out `--plan-only` or `--break-glass`"
        raise InputError(message)
    session = open_session(context, Common(home, as_, now, as_json), plan_only=plan_only)
    beneficiary = _beneficiary(session, asked_for)
    if plan_only:
        return _plan(session, text, beneficiary)
    how = _How(break_glass, most if wait else None)
    return _send(session, text, beneficiary, how)


def _beneficiary(session: "Session", asked_for: str | None) -> "IdentityId | None":
    from govagents.entrypoints.cli.finding import identity_from

    return None if asked_for is None else identity_from(session, asked_for)


def _plan(session: "Session", text: str, asked_for: "IdentityId | None") -> int:
    from govagents.domain.view import Outcome
    from govagents.entrypoints.cli.plan_json import OF_OUTCOME, plan_object
    from govagents.entrypoints.cli.plan_text import show_plan
    from govagents.entrypoints.cli.request_text import after_plan, book_of

    plan = session.app.runner.plan(session.speaker(), text, asked_for=asked_for)
    outcome = plan.outcome or Outcome.NO_MATCH
    next_ = after_plan(session, plan, text)
    if session.screen.json:
        session.screen.data(plan_object(plan, next_=next_))
    else:
        show_plan(session.screen, plan, book_of(session))
        session.screen.line(f"this is a plan ({outcome.value}): nothing was sent or stored")
        session.screen.next(next_)
    return OF_OUTCOME[outcome]


def _send(session: "Session", text: str, asked_for: "IdentityId | None", how: _How) -> int:
    from govagents.entrypoints.cli.exits import OF_STATUS
    from govagents.entrypoints.cli.plan_text import show_plan
    from govagents.entrypoints.cli.request_text import book_of

    speaker, runner = session.speaker(), session.app.runner
    # ORDER: what cannot be read is refused, and the plan is shown, before anything is stored
    plan = runner.plan(speaker, text, asked_for=asked_for)
    if not session.screen.json:
        show_plan(session.screen, plan, book_of(session))
        if how.break_glass:
            session.screen.line(_AT_ONCE)
        session.screen.line()
    request = runner.ask(speaker, text, asked_for=asked_for, break_glass=how.break_glass)
    if session.screen.asks:
        _converse(session, request)
    if how.most is not None:
        _wait(session, request, how.most)
    answer_with(session, request)
    return OF_STATUS[runner.view(request).status]


def _converse(session: "Session", request: "RequestId") -> None:
    """At a terminal a question can be answered at once; an empty line leaves it open."""
    from govagents.domain.request import Status
    from govagents.entrypoints.cli.plan_text import show_plan
    from govagents.entrypoints.cli.request_text import book_of

    runner = session.app.runner
    while runner.view(request).status is Status.NEEDS_INFO:
        said: str = typer.prompt("answer", default="", show_default=False)
        if not said.strip():
            return
        try:
            runner.answer(request, session.speaker(), said)
        except InputError as error:  # what was typed can be typed again; the question stays open
            session.screen.warning(str(error))
            continue
        show_plan(session.screen, runner.view(request), book_of(session))
        session.screen.line()


def answer_with(session: "Session", request: "RequestId") -> None:
    """What became of a request, and what to type next."""
    from govagents.entrypoints.cli.request_json import request_object
    from govagents.entrypoints.cli.request_text import next_of, show_state

    view = session.view(request)
    commands = next_of(session, view)
    if session.screen.json:
        session.screen.data(request_object(view, next_=commands[0]))
        return
    show_state(session, view)
    session.screen.next(*commands)


def _wait(session: "Session", request: "RequestId", most: timedelta) -> None:
    """Until it waits for nobody any more, or `most` has passed on the machine's clock."""
    from govagents.domain.request import Status

    waiting = {Status.PENDING, Status.APPROVED, Status.ACTIVATING}
    left = most
    while left > timedelta(0) and session.app.runner.view(request).status in waiting:
        pause(_POLL)
        left -= _POLL


def pause(length: timedelta) -> None:
    """Nothing, for so long; a signal ends it."""
    threading.Event().wait(length.total_seconds())
