"""`govagents deny`: an approver refuses; any rewording stays refused for a day."""

from typing import Annotated

import typer

from govagents.entrypoints.cli.options import (
    AsOption,
    Common,
    HomeOption,
    JsonOption,
    LastOption,
    NowOption,
    RequestArgument,
)


def deny(
    context: typer.Context,
    request: RequestArgument = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why, for the person who asked.")
    ] = "",
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Refuse a request that waits for you."""
    from govagents.entrypoints.cli.approve import decide
    from govagents.entrypoints.cli.session import open_session

    session = open_session(context, Common(home, as_, now, as_json))
    return decide(session, request, last=last, consent=False, reason=reason)
