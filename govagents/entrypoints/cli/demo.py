"""`govagents demo`: one request from a sentence to a verified end, in a throwaway store.

It runs the commands a person would type, through the same function as the program, and prints each
before what it answers. What they are about stands in the demo company's `demo.yaml`.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govagents.entrypoints.cli.exits import Exit
from govagents.errors import IntegrityError

if TYPE_CHECKING:
    from govagents.domain.view import View
    from govagents.entrypoints.cli.output import Screen
    from govagents.entrypoints.cli.script import Script


@dataclass(frozen=True)
class Act:
    """One command of the demo: what it shows, its words, and the exit code it must end with."""

    heading: str
    words: Sequence[str]
    code: int = Exit.OK


def demo() -> int:
    """Watch one request: understood, proved smallest, approved, granted, ended, verified."""
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.output import Screen
    from govagents.entrypoints.cli.script import script

    play, screen = script(), Screen()
    with tempfile.TemporaryDirectory(prefix="govagents-demo-") as folder:
        home = Path(folder) / "store"
        for number, act in enumerate(_acts(play, lambda: _newest(home)), start=1):
            _perform(screen, number, act, home)
    screen.heading("Now you")
    screen.line("That store is gone. Make one to keep, then try:")
    hints = Hints(None, demo=True)
    screen.next(hints.command("init", "--demo"), *[hints.command(*line) for line in play.tries])
    return 0


def _acts(play: "Script", newest: "Callable[[], View]") -> Iterator[Act]:
    """In order; what comes later names what came before."""
    yield Act("A store with the demo company", ("init", "--demo"))
    yield Act("Something that ends access must be running", ("sweep", "--once"))
    ask = ("ask", play.text, "--as", play.speaker)
    yield Act("A sentence becomes a plan with its proof, then a request", ask, Exit.PENDING)
    view = newest()
    if view.decision is None or view.proposal is None or not view.decision.approvers:
        raise IntegrityError(f"the demo's request came to {view.status.value}, not to an approver")
    approve = ("approve", view.request.id, "--as", view.decision.approvers[0])
    yield Act("Who may decide agrees; it is given, and read back from the target", approve)
    who_has = ("who-has", view.proposal.roles[0])
    yield Act("Who has it", who_has)
    later = ("sweep", "--once", "--now", play.later)
    yield Act("Time passes; it is taken back, and read back", later)
    yield Act("Who has it", who_has)
    yield Act("The log of all this, checked", ("audit", "verify"))


def _perform(screen: "Screen", number: int, act: Act, home: Path) -> None:
    from govagents.entrypoints.cli import run
    from govagents.entrypoints.cli.hints import Hints

    screen.heading(f"{number}. {act.heading}")
    command = Hints(None, demo=True).command(*act.words)
    screen.typed(command)
    code = run(act.words, home=home)
    if code != act.code:
        raise IntegrityError(f"`{command}` ended with {code} where the demo expects {act.code}")


def _newest(home: Path) -> "View":
    from govagents.wiring import open_app

    app = open_app(home)
    with closing(app.records):
        with app.records.begin() as tx:
            newest = tx.requests.list()[-1]
        return app.runner.view(newest)
