"""`govagents serve`: the clockwork of one store, in one process beside the command line.

Each round is a sweep: it ends what is due, decides again on what is live, lapses what nobody
answered, finishes runs that were cut short and starts what was scheduled.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from govagents.entrypoints.cli.options import (
    AsOption,
    Common,
    HomeOption,
    JsonOption,
    NowOption,
    length_from,
)
from govagents.errors import InputError, StateError

if TYPE_CHECKING:
    from govagents.entrypoints.cli.session import EndingSession

_LONGEST = timedelta(minutes=1)
"""A sign of life counts for two minutes; one that is missed costs nothing then."""


def serve(
    context: typer.Context,
    every: Annotated[
        str, typer.Option("--every", metavar="LENGTH", help="How often; a minute at most.")
    ] = "30s",
    rounds: Annotated[
        int | None, typer.Option("--rounds", min=1, help="Stop by itself after so many.")
    ] = None,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Keep ending, deciding again and starting, until stopped; one process for each store."""
    from govagents.entrypoints.cli.session import open_ending_session

    interval = length_from(every)
    if interval > _LONGEST:
        raise InputError(f"`{every}` is too seldom: nothing is given unless it looks every 1m")
    session = open_ending_session(context, Common(home, as_, now, as_json))
    with session.ending.alone() as alone:
        if not alone:
            raise StateError("another process serves this store already: leave it to that one")
        return _serve(session, interval, rounds)


def _serve(session: "EndingSession", interval: timedelta, most: int | None) -> int:
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.sweep import again_and_again
    from govagents.entrypoints.cli.wording import length_of

    said = f"serving: a look every {length_of(interval)}; stop with Ctrl-C"
    rounds = again_and_again(session, interval, said, most=most)
    next_ = session.look("doctor")
    if session.screen.json:
        session.screen.record({"rounds": rounds, "next": next_})
    else:
        session.screen.line(f"stopped after {rounds} {'look' if rounds == 1 else 'looks'}")
        session.screen.next(next_)
    return Exit.OK
