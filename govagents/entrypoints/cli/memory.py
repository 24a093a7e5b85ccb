"""`govagents memory`: the index over closed cases, which may be lost and made again."""

import typer

from govagents.entrypoints.cli.options import AsOption, Common, HomeOption, JsonOption, NowOption

memory = typer.Typer(name="memory", no_args_is_help=True, help="Make the index of cases again.")


@memory.callback()
def _memory() -> None:
    """Make the index of cases again."""


@memory.command("rebuild")
def rebuild(
    context: typer.Context,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make the index again from the database of record."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.session import open_session
    from govagents.entrypoints.cli.wording import count_of
    from govagents.wiring import rebuild_memory

    session = open_session(context, Common(home, as_, now, as_json))
    indexed = rebuild_memory(session.app)
    next_ = session.look("doctor")
    if as_json:
        session.screen.data({"indexed": indexed, "next": next_})
        return Exit.OK
    session.screen.line(f"{count_of(indexed, 'case')} indexed")
    session.screen.next(next_)
    return Exit.OK
