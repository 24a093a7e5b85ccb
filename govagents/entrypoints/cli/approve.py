"""`govagents approve`: an approver agrees to the exact proposal, and policy decides again."""

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

if TYPE_CHECKING:
    from govagents.entrypoints.cli.session import Session


def approve(
    context: typer.Context,
    request: RequestArgument = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why, for whoever reviews it.")
    ] = "",
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Agree to a request that waits for you."""
    from govagents.entrypoints.cli.session import open_session

    session = open_session(context, Common(home, as_, now, as_json))
    return decide(session, request, last=last, consent=True, reason=reason)


def decide(session: "Session", typed: str | None, *, last: bool, consent: bool, reason: str) -> int:
    """Say yes or no as whoever speaks; done, also where others have still to be asked."""
    from govagents.entrypoints.cli.ask import answer_with
    from govagents.entrypoints.cli.exits import OF_STATUS, Exit
    from govagents.entrypoints.cli.finding import waiting_from

    person = session.speaker()
    request = waiting_from(session, typed, last=last)
    session.app.runner.decide(request, person, consent=consent, reason=reason)
    answer_with(session, request)
    status = session.app.runner.view(request).status
    done = status is Status.PENDING or (status is Status.DENIED and not consent)
    return Exit.OK if done else OF_STATUS[status]
