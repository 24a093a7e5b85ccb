"""The commands, one file each, and the one place where an outcome becomes an exit code.

A command loads what it needs when it is called, so that `--help` answers at once.
"""

from collections.abc import Callable
from typing import Annotated

import typer

from govagents.entrypoints.cli.access import access
from govagents.entrypoints.cli.approve import approve
from govagents.entrypoints.cli.ask import ask
from govagents.entrypoints.cli.audit import audit
from govagents.entrypoints.cli.catalog import catalog
from govagents.entrypoints.cli.demo import demo
from govagents.entrypoints.cli.deny import deny
from govagents.entrypoints.cli.doctor import doctor
from govagents.entrypoints.cli.grant import grant
from govagents.entrypoints.cli.inbox import inbox
from govagents.entrypoints.cli.init import init
from govagents.entrypoints.cli.memory import memory
from govagents.entrypoints.cli.policy import policy
from govagents.entrypoints.cli.request import request
from govagents.entrypoints.cli.send_back import send_back
from govagents.entrypoints.cli.serve import serve
from govagents.entrypoints.cli.sweep import sweep
from govagents.entrypoints.cli.undo import undo
from govagents.entrypoints.cli.who_has import who_has
from govagents.entrypoints.cli.why import why
from govagents.entrypoints.cli.world import world
from govagents.errors import InputError

_ASKING, _DECIDING, _LOOKING, _RUNNING = "Ask", "Decide", "Look", "Run"

app = typer.Typer(
    name="govagents",
    help="Ask for access in your own words; get the smallest that will do, proved, until it ends.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _release() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("govagents")
    except PackageNotFoundError:
        return "from a checkout that was not installed"


@app.callback(invoke_without_command=True)
def govagents(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Say which release.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="With --version; every command has its own.")
    ] = False,
) -> None:
    """Ask for access in your own words; get the smallest that will do, proved, until it ends."""
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.output import Screen

    if version:
        if as_json:
            next_ = Hints(None, demo=False).command("doctor")
            Screen(json=True).data({"govagents": _release(), "next": next_})
        else:
            Screen().line(f"govagents {_release()}")
        raise typer.Exit
    if as_json:
        raise InputError("`--json` comes after the command, as in `govagents request list --json`")
    if context.invoked_subcommand is None:
        raise InputError("name a command: `govagents --help` shows them")


def _command(name: str, function: Callable[..., int], panel: str) -> None:
    app.command(name, rich_help_panel=panel)(function)


_command("demo", demo, _ASKING)
_command("init", init, _ASKING)
_command("ask", ask, _ASKING)
app.add_typer(request, rich_help_panel=_ASKING)
_command("inbox", inbox, _DECIDING)
_command("approve", approve, _DECIDING)
_command("deny", deny, _DECIDING)
_command("return", send_back, _DECIDING)
app.add_typer(grant, rich_help_panel=_LOOKING)
_command("undo", undo, _LOOKING)
_command("who-has", who_has, _LOOKING)
_command("access", access, _LOOKING)
_command("why", why, _LOOKING)
app.add_typer(audit, rich_help_panel=_LOOKING)
app.add_typer(catalog, rich_help_panel=_LOOKING)
_command("sweep", sweep, _RUNNING)
_command("serve", serve, _RUNNING)
_command("doctor", doctor, _RUNNING)
app.add_typer(world, rich_help_panel=_RUNNING)
app.add_typer(policy, rich_help_panel=_RUNNING)
app.add_typer(memory, rich_help_panel=_RUNNING)
