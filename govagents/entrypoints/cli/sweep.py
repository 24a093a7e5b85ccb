"""`govagents sweep`: end what is due, retry what would not end, start what was scheduled."""

from typing import TYPE_CHECKING, Annotated

import typer

from govagents.domain.ids import GrantId
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
    from govagents.action.sweeper import SweepReport
    from govagents.entrypoints.cli.output import Line
    from govagents.entrypoints.cli.session import Session


def sweep(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="One sweep, then end.")] = False,
    every: Annotated[
        str | None,
        typer.Option(
            "--every", metavar="LENGTH", help="Again and again, such as 30s, until stopped."
        ),
    ] = None,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """End what is due. Access is only given while something sweeps."""
    from govagents.entrypoints.cli.session import open_session
    from govagents.entrypoints.scheduler import repeat

    if once == (every is not None):
        raise InputError("say `--once`, or `--every 30s`")
    interval = None if every is None else length_from(every)
    session = open_session(context, Common(home, as_, now, as_json))
    if interval is None:
        return _once(session)
    if not as_json:
        session.screen.line(f"sweeping every {every}; stop with Ctrl-C")
    repeat(lambda: _quietly(session), interval)
    return 0


def _once(session: "Session") -> int:
    from govagents.entrypoints.cli.exits import Exit

    report = session.app.sweeper.sweep()
    next_ = _next(session, report)
    if session.screen.json:
        session.screen.data({**_object(report), "next": next_})
    else:
        _show(session, report)
        session.screen.next(next_)
    return Exit.ERROR if report.failed else Exit.OK


def _quietly(session: "Session") -> None:
    """One of many: says only what it did."""
    report = session.app.sweeper.sweep()
    if session.screen.json:
        session.screen.record(_object(report))
    elif any(_object(report).values()):
        _show(session, report)


def _show(session: "Session", report: "SweepReport") -> None:
    from govagents.entrypoints.cli.wording import time_of

    now = time_of(session.app.clock.now())
    rows = [(what, _named(session, each)) for what, ids in _object(report).items() for each in ids]
    session.screen.line(f"{now}: {'nothing was due' if not rows else 'swept'}")
    session.screen.facts(rows)


def _named(session: "Session", each: str) -> "Line":
    """A grant with who, what and how it stands; a request by its id."""
    from govagents.entrypoints.cli.request_text import read_back
    from govagents.entrypoints.cli.wording import status_of

    with session.app.records.begin() as tx:
        grant = tx.grants.get(GrantId(each))
    if grant is None:
        return each
    about = f"{grant.id}: {grant.role} of {grant.beneficiary}, "
    return [about, status_of(grant.status), ", read back: ", read_back(session, grant)]


def _object(report: "SweepReport") -> "dict[str, list[str]]":
    return {
        "expired": [*report.expired],
        "retried": [*report.retried],
        "failed": [*report.failed],
        "activated": [*report.activated],
        "lapsed": [*report.lapsed],
    }


def _next(session: "Session", report: "SweepReport") -> str:
    if report.failed:
        return session.look("grant", "list", "--failed")
    if report.expired or report.retried:
        return session.look("grant", "show", [*report.expired, *report.retried][-1])
    return session.look("grant", "list")
