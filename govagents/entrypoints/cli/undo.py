"""`govagents undo`: take back all that one request gave; the difference is shown first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from govagents.action.undo import Difference
    from govagents.domain.grant import Change
    from govagents.domain.ids import RequestId
    from govagents.entrypoints.cli.session import EndingSession


def undo(
    context: typer.Context,
    request_id: RequestArgument = None,
    last: LastOption = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Do it; without it only the difference is shown.")
    ] = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take back all that a request gave; restores what was held before it."""
    from govagents.action.undo import Reversal
    from govagents.entrypoints.cli.exits import OF_STATUS, Exit
    from govagents.entrypoints.cli.finding import request_from
    from govagents.entrypoints.cli.session import open_ending_session

    session = open_ending_session(context, Common(home, as_, now, as_json))
    request = request_from(session, request_id, last=last)
    reversal = Reversal(session.records, session.ending.expiry)
    session.warn(session.ending.skipped)
    if not apply:
        _show(session, request, reversal.difference(request), done=False)
        return Exit.OK
    _show(session, request, reversal.apply(request, actor=session.speaker()), done=True)
    with session.records.begin() as tx:
        return OF_STATUS[tx.requests.status(request)]


def _show(
    session: "EndingSession", request: "RequestId", found: "Difference", *, done: bool
) -> None:
    next_ = session.look("request", "show", request)
    if not done:
        next_ = session.next(
            "undo", request, "--apply", as_=session.who or _holder(session, request)
        )
    if session.screen.json:
        session.screen.data(
            {
                "request": request,
                "applied": done,
                "lost": _objects(found.lost),
                "stays": _objects(found.stays),
                "problems": [*session.ending.skipped],
                "next": next_,
            }
        )
        return
    verb = "lost" if done else "loses"
    session.screen.facts(
        [
            *((each.system, f"{each.subject} {verb} {each.role}") for each in found.lost),
            *((each.system, f"{each.subject} keeps {each.role}") for each in found.stays),
        ]
    )
    if not found.lost:
        session.screen.line("no target shows anything that ends with it")
    if not done:
        session.screen.line("this is a plan: nothing was changed")
    session.screen.next(next_)


def _holder(session: "EndingSession", request: "RequestId") -> str | None:
    """Whoever may do it in any case."""
    with session.records.begin() as tx:
        grants = tx.grants.of_request(request)
    return grants[0].beneficiary if grants else None


def _objects(changes: "Sequence[Change]") -> list[dict[str, str]]:
    return [{"system": each.system, "role": each.role, "subject": each.subject} for each in changes]
