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
from govagents.entrypoints.cli.sweep import sweep
from govagents.entrypoints.cli.who_has import who_has
from govagents.entrypoints.cli.why import why
from govagents.entrypoints.cli.world import world

_ASKING, _DECIDING, _LOOKING, _RUNNING = "Ask", "Decide", "Look", "Run"

app = typer.Typer(
    name="govagents",
    help="Ask for access in your own words; get the smallest that will do, proved, until it ends.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:  # the form Typer calls
    if value:
        from importlib.metadata import PackageNotFoundError, version

        try:
            release = version("govagents")
        except PackageNotFoundError:
            release = "from a checkout that was not installed"
        typer.echo(f"govagents {release}")
        raise typer.Exit


@app.callback()
def govagents(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say which release."),
    ] = False,
) -> None:
    """Ask for access in your own words; get the smallest that will do, proved, until it ends."""


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
_command("who-has", who_has, _LOOKING)
_command("access", access, _LOOKING)
_command("why", why, _LOOKING)
app.add_typer(audit, rich_help_panel=_LOOKING)
app.add_typer(catalog, rich_help_panel=_LOOKING)
_command("sweep", sweep, _RUNNING)
_command("doctor", doctor, _RUNNING)
app.add_typer(world, rich_help_panel=_RUNNING)
app.add_typer(policy, rich_help_panel=_RUNNING)
app.add_typer(memory, rich_help_panel=_RUNNING)
