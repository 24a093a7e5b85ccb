"""`govagents who-has`: everybody who holds a role, and until when."""

from typing import Annotated

import typer

from govagents.entrypoints.cli.options import AsOption, Common, HomeOption, JsonOption, NowOption


def who_has(
    context: typer.Context,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="A role's id.")],
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show who holds a role: standing, or by a grant that ends."""
    from govagents.entrypoints.cli.finding import role_from
    from govagents.entrypoints.cli.held import counted, held, held_object, row_of
    from govagents.entrypoints.cli.readable import exit_if, next_if, show_damaged
    from govagents.entrypoints.cli.request_text import book_of
    from govagents.entrypoints.cli.session import open_ending_session
    from govagents.entrypoints.cli.wording import name_of

    session = open_ending_session(context, Common(home, as_, now, as_json))
    found = role_from(session, role)
    holdings = held(session, role=found)
    holders = holdings.all
    shown = [each for each in holders if each.grant] or holders
    words = ("access", shown[-1].identity) if shown else ("catalog", "show", found)
    look = session.look(*words)
    next_, *_ = next_if(session, holdings.damaged, look)
    if as_json:
        objects = [held_object(each) for each in holders]
        damaged = [*holdings.damaged]
        said = {"role": found, "holders": objects, "damaged": damaged, "next": next_}
        session.screen.data(said)
        return exit_if(holdings.damaged)
    book = book_of(session)
    session.screen.line(f"{book.role(found)}: {counted(holders, 'holder')}")
    if holders:
        rows = [(name_of(each.identity, book.world), *row_of(each)) for each in holders]
        session.screen.table(("who", "how", "until", "read back"), rows)
    show_damaged(session, holdings.damaged)
    session.screen.next(next_)
    return exit_if(holdings.damaged)
