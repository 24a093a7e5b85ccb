"""`govagents return`: an approver sends a request back with a question."""

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
from govagents.errors import InputError

_QUESTION = "say more about what this is for"


def send_back(
    context: typer.Context,
    request: RequestArgument = None,
    question: Annotated[
        str, typer.Option("--ask", metavar="TEXT", help="What you need to know first.")
    ] = _QUESTION,
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Send a request that waits for you back to whoever asked, with a question."""
    from govagents.entrypoints.cli.ask import answer_with
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.finding import waiting_from
    from govagents.entrypoints.cli.session import open_session

    if not question.strip():
        raise InputError("the question is empty: say after `--ask` what you need to know")
    session = open_session(context, Common(home, as_, now, as_json))
    person = session.speaker()
    found = waiting_from(session, request, last=last)
    session.app.runner.send_back(found, person, question)
    answer_with(session, found)
    return Exit.OK
