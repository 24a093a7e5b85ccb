"""`govagents world`: the company's own files."""

from pathlib import Path
from typing import Annotated

import typer

from govagents.entrypoints.cli.options import AsOption, Common, HomeOption, JsonOption, NowOption

world = typer.Typer(name="world", no_args_is_help=True, help="Load a company's files.")


@world.callback()
def _world() -> None:
    """Load a company's files."""


@world.command("import")
def import_(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The company's folder.")],
    apply: Annotated[
        bool, typer.Option("--apply", help="Load it; without it only the difference is shown.")
    ] = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show what differs between the folder and the store; with --apply, load it, all or nothing."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.session import open_session
    from govagents.wiring import import_world

    session = open_session(context, Common(home, as_, now, as_json))
    lines = import_world(session.app, folder, apply=apply)
    next_ = (
        session.look("doctor")
        if apply or not lines
        else session.look("world", "import", str(folder), "--apply")
    )
    if as_json:
        session.screen.data({"difference": list(lines), "applied": apply, "next": next_})
        return Exit.OK
    for line in lines:
        session.screen.line(line)
    verdict = "loaded" if apply else "nothing was loaded yet"
    session.screen.line(verdict if lines else "no difference")
    session.screen.next(next_)
    return Exit.OK
