"""`govagents grant`: what was given, and the three ways in which a person ends it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from govagents.entrypoints.cli.grant_extend import extend
from govagents.entrypoints.cli.options import (
    AsOption,
    Common,
    GrantArgument,
    HomeOption,
    JsonOption,
    LastOption,
    NowOption,
)
from govagents.errors import InputError

if TYPE_CHECKING:
    from govagents.domain.grant import Grant
    from govagents.domain.ids import GrantId, IdentityId
    from govagents.entrypoints.cli.session import EndingSession, Opened

grant = typer.Typer(
    name="grant", no_args_is_help=True, help="See what was given, end it, or ask for more time."
)

grant.command("extend")(extend)


@grant.command("list")
def list_(
    context: typer.Context,
    asked_for: Annotated[
        str | None, typer.Option("--for", metavar="ID", help="Only what this identity was given.")
    ] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Only those a target would not end.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="Ended ones too.")] = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """List grants that may still be held."""
    from govagents.domain.grant import LIVE
    from govagents.domain.request import Status
    from govagents.entrypoints.cli.readable import exit_if, grants_of
    from govagents.entrypoints.cli.session import open_ending_session

    session = open_ending_session(context, Common(home, as_, now, as_json))
    wanted = frozenset({Status.REVOKE_FAILED}) if failed else None if everything else LIVE
    found = grants_of(session, wanted)
    holder = None if asked_for is None else _holder(session, asked_for)
    whole = [each for each in found.whole if holder is None or each.beneficiary == holder]
    _answer_with(session, whole, found.damaged)
    return exit_if(found.damaged)


@grant.command("show")
def show(
    context: typer.Context,
    grant_id: GrantArgument = None,
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show one grant."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.finding import grant_from
    from govagents.entrypoints.cli.session import open_ending_session

    session = open_ending_session(context, Common(home, as_, now, as_json))
    _show_one(session, grant_from(session, grant_id, last=last))
    return Exit.OK


@grant.command("revoke")
def revoke(
    context: typer.Context,
    grant_id: GrantArgument = None,
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Take a grant back before its end."""
    from govagents.entrypoints.cli.finding import grant_from
    from govagents.entrypoints.cli.session import open_ending_session

    session = open_ending_session(context, Common(home, as_, now, as_json))
    person = session.speaker()
    return _end(session, grant_from(session, grant_id, last=last, live=True), person, "revoked")


@grant.command("give-back")
def give_back(
    context: typer.Context,
    grant_id: GrantArgument = None,
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Give a grant of yours back before its end."""
    from govagents.entrypoints.cli.finding import grant_from
    from govagents.entrypoints.cli.session import open_ending_session

    session = open_ending_session(context, Common(home, as_, now, as_json))
    person = session.speaker()
    found = grant_from(session, grant_id, last=last, live=True)
    if found.beneficiary != person:  # only the holder gives back; anybody else takes away
        may = sorted({*found.owners, *found.accountable})
        how = f"`govagents grant revoke {found.id}` is for {' or '.join(may) or 'nobody else'}"
        if person in may:
            how = f"use `govagents grant revoke {found.id}`"
        raise InputError(f"`{found.id}` is `{found.beneficiary}`'s to give back: {how}")
    return _end(session, found, person, "given_back")


@grant.command("complete")
def complete(
    context: typer.Context,
    grant_id: GrantArgument = None,
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """The task is done: end a grant, and what was given with it."""
    from govagents.entrypoints.cli.finding import grant_from
    from govagents.entrypoints.cli.session import open_ending_session

    session = open_ending_session(context, Common(home, as_, now, as_json))
    person = session.speaker()
    found = grant_from(session, grant_id, last=last, live=True)
    session.warn(session.ending.skipped)
    session.ending.expiry.complete(found.id, actor=person)
    return _ended(session, found)


def _end(session: "EndingSession", found: "Grant", person: "IdentityId", cause: str) -> int:
    session.warn(session.ending.skipped)
    session.ending.expiry.end(found.id, actor=person, cause=cause)
    return _ended(session, found)


def _ended(session: "EndingSession", found: "Grant") -> int:
    """Shows what became of it."""
    from govagents.entrypoints.cli.exits import OF_STATUS
    from govagents.entrypoints.cli.finding import grant_from
    from govagents.entrypoints.cli.grant_text import grant_facts
    from govagents.entrypoints.cli.request_json import grant_object
    from govagents.entrypoints.cli.taken import word_of

    ended = grant_from(session, found.id, last=False)
    next_, by = _next(session, ended), word_of(session, ended)
    if session.screen.json:
        problems = [*session.ending.skipped]
        answer = {"grant": grant_object(ended), "ended_by": by, "problems": problems}
        session.screen.data({**answer, "next": next_[0]})
    else:
        session.screen.facts(grant_facts(ended, session.ending.expiry, by=by))
        session.screen.next(*next_)
    return OF_STATUS[ended.status]


def _holder(session: "EndingSession", typed: str) -> "IdentityId":
    """Of the company now, or of some grant: whoever has left may still hold one."""
    from govagents.domain.ids import IdentityId
    from govagents.entrypoints.cli.finding import identity_from

    with session.records.begin() as tx:
        known = tx.grants.of_identity(IdentityId(typed))
    if known:
        return IdentityId(typed)
    return identity_from(session, typed)


def _show_one(session: "EndingSession", found: "Grant") -> None:
    from govagents.entrypoints.cli.grant_text import grant_facts
    from govagents.entrypoints.cli.request_json import grant_object
    from govagents.entrypoints.cli.taken import word_of

    next_, by = _next(session, found), word_of(session, found)
    with session.records.begin() as tx:
        differs = tx.grants.differs(found.id)
    if session.screen.json:
        said = {"grant": grant_object(found), "ended_by": by, "differs": [*differs]}
        session.screen.data({**said, "next": next_[0]})
        return
    who, role = _named(session, found)
    expiry = session.ending.expiry
    session.screen.facts(grant_facts(found, expiry, by=by, who=who, role=role))
    if differs:
        fields = ", ".join(differs)
        session.screen.warning(f"its row is not what the log says ({fields}): this is the log's")
        next_ = (session.look("audit", "verify"), *next_)
    session.screen.next(*next_)


def _named(session: "EndingSession", found: "Grant") -> tuple[str, str]:
    """Names with the ids, where the company and its catalog can be read."""
    from govagents.entrypoints.cli.request_text import book_of
    from govagents.entrypoints.cli.wording import name_of
    from govagents.errors import GovAgentsError

    try:
        book = book_of(session)
    except GovAgentsError:
        return "", ""
    return name_of(found.beneficiary, book.world), book.role(found.role)


def _answer_with(
    session: "EndingSession", found: "Sequence[Grant]", damaged: "Sequence[GrantId]"
) -> None:
    from govagents.entrypoints.cli.grant_text import is_overdue, show_grants
    from govagents.entrypoints.cli.readable import next_if, show_damaged
    from govagents.entrypoints.cli.request_json import grant_object

    now = session.clock.now()
    look = session.look("grant", "show", found[-1].id) if found else None
    if any(is_overdue(each, now) for each in found):
        look = session.look("sweep", "--once")
    next_, *_ = next_if(session, damaged, look or session.look("request", "list"))
    if session.screen.json:
        objects = [grant_object(each) for each in found]
        session.screen.data({"grants": objects, "damaged": [*damaged], "next": next_})
        return
    if found:
        show_grants(session.screen, found, now=now)
    elif not damaged:
        session.screen.line("no grants")
    show_damaged(session, damaged)
    session.screen.next(next_)


def _next(session: "Opened", found: "Grant") -> tuple[str, ...]:
    from govagents.domain.grant import LIVE
    from govagents.domain.request import Status

    why = session.look("why", found.id)
    if found.status is Status.REVOKE_FAILED:
        return (session.look("sweep", "--once"), why)
    if found.status in LIVE and not session.may_be(found.beneficiary):
        if session.who in {*found.owners, *found.accountable}:
            return (session.next("grant", "revoke", found.id), why)
        return (session.look("request", "show", found.request), why)
    if found.status in LIVE:
        return (session.next("grant", "give-back", found.id, as_=found.beneficiary), why)
    return (session.look("who-has", found.role), why)
