"""`govagents sweep`: end what is due, finish runs that were cut short, start what was scheduled."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from govagents.domain.ids import GrantId, RequestId
from govagents.entrypoints.cli.options import (
    AsOption,
    Common,
    HomeOption,
    JsonOption,
    NowOption,
    length_from,
)
from govagents.errors import GovAgentsError, InputError

if TYPE_CHECKING:
    from govagents.action.sweeper import SweepReport
    from govagents.domain.grant import Grant
    from govagents.entrypoints.cli.output import Line
    from govagents.entrypoints.cli.session import EndingSession

_AT_THE_END = timedelta(seconds=10)
"""How long people may still be told when the loop is over."""


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
    from govagents.entrypoints.cli.session import open_ending_session

    if once == (every is not None):
        raise InputError("say `--once`, or `--every 30s`")
    interval = None if every is None else length_from(every)
    session = open_ending_session(context, Common(home, as_, now, as_json))
    if interval is None:
        return _once(session)
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.wording import length_of

    again_and_again(session, interval, f"sweeping every {length_of(interval)}; stop with Ctrl-C")
    return Exit.OK


def _once(session: "EndingSession") -> int:
    from govagents.entrypoints.cli.exits import Exit

    report = session.ending.sweeper.sweep()
    problems, next_ = [*_problems(session, report), *_told(session)], _next(session, report)
    session.warn(problems)
    if session.screen.json:
        said = {**_object(report), "problems": problems}
        session.screen.data({"at": _at(session), **said, "next": next_})
    else:
        _show(session, report)
        session.screen.next(next_)
    return Exit.ERROR if report.failed or report.damaged else Exit.OK


def again_and_again(
    session: "EndingSession", interval: timedelta, first: str, *, most: int | None = None
) -> int:
    """How often it swept. One that fails is said on standard error, and the next one comes.

    It comes again by itself, so it is patient with ends that a target does not confirm.
    ORDER: people are told beside it, or a mail server that hangs would put off what is due.
    """
    from govagents.entrypoints.cli.wording import length_of
    from govagents.entrypoints.scheduler import Beside, repeat

    length = length_of(interval)

    def failed(error: Exception) -> None:
        code = error.code if isinstance(error, GovAgentsError) else "unexpected"
        text = f"this sweep failed, the next comes in {length}: {error!s}"
        session.screen.error(code, text, session.look("doctor"))

    if not session.screen.json:
        session.screen.line(first)
    said: set[str] = set()
    sweeper = replace(session.ending.sweeper, patient=True)
    telling = Beside(lambda: _told(session))

    def round_() -> None:
        try:
            report = sweeper.sweep()
        finally:
            telling.begin()
        _say(session, report, [*_problems(session, report), *telling.heard()], said)

    try:
        return repeat(round_, interval, failed, most=most)
    finally:
        telling.finish(_AT_THE_END)


def _told(session: "EndingSession") -> tuple[str, ...]:
    """Reminds and tells people; sentences on what could not be told."""
    try:
        session.ending.remind()
        return session.ending.posting.post()
    except Exception as error:  # noqa: BLE001  # what was swept is swept, whoever hears of it
        return (f"people were not told: {error or type(error).__name__}",)


def _say(
    session: "EndingSession", report: "SweepReport", problems: list[str], said: set[str]
) -> None:
    """After one of many: only what it did, and a problem when it is new."""
    session.warn(problem for problem in problems if problem not in said)
    said.clear()
    said.update(problems)
    if session.screen.json:
        session.screen.record({"at": _at(session), **_object(report), "problems": problems})
    elif any(_done(report).values()):
        _show(session, report)


def _at(session: "EndingSession") -> str:
    """When, for whoever keeps what scheduled sweeps said."""
    from govagents.domain.canonical import instant

    return instant(session.ending.clock.now())


def _show(session: "EndingSession", report: "SweepReport") -> None:
    from govagents.entrypoints.cli.wording import time_of

    now = time_of(session.ending.clock.now())
    rows = [
        (what.replace("_", " "), _named(session, each))
        for what, ids in _done(report).items()
        for each in ids
    ]
    session.screen.line(f"{now}: {'nothing was due' if not rows else 'swept'}")
    session.screen.facts(rows)


def _named(session: "EndingSession", each: str) -> "Line":
    """A grant with who, what and how it stands; a request with how it stands."""
    from govagents.entrypoints.cli.grant_text import read_back
    from govagents.entrypoints.cli.wording import status_of

    try:
        with session.records.begin() as tx:
            grant = tx.grants.get(GrantId(each))
            if grant is None:
                return [f"{each}: ", status_of(tx.requests.status(RequestId(each)))]
    except Exception as error:  # noqa: BLE001  # its row is damaged, which the report says as well
        return f"{each}: cannot be read: {error}"
    about = f"{grant.id}: {grant.role} of {grant.beneficiary}, "
    shown = read_back(grant, session.ending.expiry)
    return [about, status_of(grant.status), ", read back: ", shown, _why_held(session, grant)]


def _why_held(session: "EndingSession", grant: "Grant") -> str:
    """What keeps the role of an ended grant on its targets."""
    from govagents.domain.grant import LIVE

    if grant.status in LIVE:
        return ""
    kept_by = session.ending.expiry.kept_by(grant)
    if kept_by:
        return f": {', '.join(kept_by)} gives it too"
    return ": it was held before" if grant.held_before and not grant.absolute else ""


def _problems(session: "EndingSession", report: "SweepReport") -> list[str]:
    """What was left out, and what could not be done."""
    return [*dict.fromkeys([*session.ending.skipped, *report.problems])]


def _object(report: "SweepReport") -> "dict[str, list[str]]":
    return {**_done(report), "put_off": [*report.put_off]}


def _done(report: "SweepReport") -> "dict[str, list[str]]":
    """What it did, or tried: the targets of these are read back where they are shown."""
    return {
        "expired": [*report.expired],
        "left": [*report.left],
        "withdrawn": [*report.withdrawn],
        "completed": [*report.completed],
        "retried": [*report.retried],
        "failed": [*report.failed],
        "resumed": [*report.resumed],
        "activated": [*report.activated],
        "not_given": [*report.not_given],
        "lapsed": [*report.lapsed],
        "damaged": [*report.damaged],
    }


def _next(session: "EndingSession", report: "SweepReport") -> str:
    if report.failed:
        return session.look("grant", "list", "--failed")
    if report.damaged:
        return session.look("audit", "verify")
    ended = [
        *report.expired, *report.left, *report.withdrawn, *report.completed, *report.retried
    ]  # fmt: skip

    if ended:
        return session.look("grant", "show", ended[-1])
    if report.not_given:
        return session.look("request", "show", report.not_given[-1])
    if report.resumed:
        return session.look("request", "show", report.resumed[-1])
    return session.look("grant", "list")
