"""`govagents grant extend`: more time for what one holds, as a request of its own."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from govagents.entrypoints.cli.options import (
    AsOption,
    Common,
    GrantArgument,
    HomeOption,
    JsonOption,
    LastOption,
    NowOption,
    instant_from,
    length_from,
)
from govagents.errors import InputError

if TYPE_CHECKING:
    from govagents.domain.grant import Grant
    from govagents.domain.view import View
    from govagents.entrypoints.cli.session import Session


def extend(
    context: typer.Context,
    grant_id: GrantArgument = None,
    last: LastOption = False,
    until: Annotated[
        str | None, typer.Option("--until", metavar="ISO", help="When it shall end instead.")
    ] = None,
    longer: Annotated[
        str | None,
        typer.Option("--for", metavar="LENGTH", help="How much later it shall end: 30m, 2h, 1d."),
    ] = None,
    plan_only: Annotated[
        bool, typer.Option("--plan-only", help="Show the plan; send and store nothing.")
    ] = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Ask for more time before a grant of yours ends; decided anew, its end stays until then."""
    from govagents.entrypoints.cli.ask import answer_with
    from govagents.entrypoints.cli.exits import OF_STATUS
    from govagents.entrypoints.cli.finding import grant_from
    from govagents.entrypoints.cli.session import open_session

    common = Common(home, as_, now, as_json)
    session = open_session(context, common, plan_only=plan_only)
    found = grant_from(session, grant_id, last=last, live=True)
    end = _end(found, until, longer)
    runner, person = session.app.runner, session.speaker()
    # ORDER: what cannot be extended is refused, and the plan is shown, before anything is stored
    plan = runner.plan_to_extend(found.id, person, end)
    if plan_only:
        return _plan(session, found, plan)
    if not as_json:
        _show(session, found, plan)
    request = runner.extend(found.id, person, end)
    answer_with(session, request)
    return OF_STATUS[runner.view(request).status]


def _end(found: "Grant", until: str | None, longer: str | None) -> datetime:
    if (until is None) == (longer is None):
        raise InputError("say either `--until` an instant or `--for` how much longer")
    if until is not None:
        return instant_from(until)
    try:
        return found.window.end + length_from(longer or "")
    except OverflowError as error:
        raise InputError(f"`{longer}` is too long: `--until` names an end") from error


def _show(session: "Session", found: "Grant", plan: "View") -> None:
    from govagents.entrypoints.cli.plan_text import show_plan
    from govagents.entrypoints.cli.request_text import book_of
    from govagents.entrypoints.cli.wording import time_of

    stays = f"ends {time_of(found.window.end)} unless this is given"
    session.screen.facts([("more time for", f"{found.id} of {found.request}, which {stays}")])
    show_plan(session.screen, plan, book_of(session))
    session.screen.line()


def _plan(session: "Session", found: "Grant", plan: "View") -> int:
    from govagents.domain.canonical import instant
    from govagents.domain.view import Outcome
    from govagents.entrypoints.cli.plan_json import OF_OUTCOME, plan_object

    outcome = plan.outcome or Outcome.NO_MATCH
    until = "" if plan.extension is None else instant(plan.extension.until)
    next_ = session.next("grant", "extend", found.id, "--until", until)
    if outcome is Outcome.DENY:
        next_ = session.look("grant", "show", found.id)
    if session.screen.json:
        session.screen.data(plan_object(plan, next_=next_))
    else:
        _show(session, found, plan)
        session.screen.line(f"this is a plan ({outcome.value}): nothing was sent or stored")
        session.screen.next(next_)
    return OF_OUTCOME[outcome]
