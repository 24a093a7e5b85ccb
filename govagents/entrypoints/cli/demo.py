"""`govagents demo`: one request from a sentence to a verified end, in a throwaway store.

It runs the commands a person would type, through the same function as the program, and prints each
before what it answers. What they are about stands in the demo company's `demo.yaml`.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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
    code: int = 0


def demo() -> int:
    """Watch one request: understood, proved smallest, approved, granted, ended, verified."""
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.output import Screen
    from govagents.entrypoints.cli.script import script

    play, screen = script(), Screen()
    with tempfile.TemporaryDirectory(prefix="govagents-demo-") as folder:
        home = Path(folder) / "store"
        for act in _acts(play, lambda: _newest(home)):
            _perform(screen, act, home)
    screen.heading("Now you")
    screen.line("That store is gone. Make one to keep, then try:")
    hints = Hints(None, demo=True)
    screen.next(hints.command("init", "--demo"), *[hints.command(*line) for line in play.tries])
    return 0


def _acts(play: "Script", newest: "Callable[[], View]") -> Iterator[Act]:
    """In order; what comes later names what came before."""
    as_speaker = ("--as", play.speaker)
    yield Act("A store with the demo company", ("init", "--demo"))
    yield Act("Something must be there to end what is given", ("sweep", "--once"))
    yield Act("A sentence becomes a plan, then a request", ("ask", play.text, *as_speaker), 5)
    view = newest()
    approver = view.decision.approvers[0] if view.decision else play.speaker
    yield Act("It waits for the one who may decide", ("inbox", "--as", approver))
    yield Act(
        "The owner approves; it is given and read back",
        ("approve", view.request.id, "--as", approver),
    )
    role = view.proposal.roles[0] if view.proposal else ""
    yield Act("Who has it now", ("who-has", role))
    yield Act(
        "Time passes; what is due ends, and is read back", ("sweep", "--once", "--now", play.later)
    )
    yield Act("Who has it now", ("who-has", role))
    yield Act("Why it was so, with the evidence", ("why", newest().grants[0].id))
    yield Act("The log, checked", ("audit", "verify"))


def _perform(screen: "Screen", act: Act, home: Path) -> None:
    from govagents.entrypoints.cli import run
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.output import Tone, Toned

    screen.heading(act.heading)
    command = Hints(None, demo=True).command(*act.words)
    screen.line([Toned("$ ", Tone.QUIET), Toned(command, Tone.COMMAND)])
    code = run(act.words, home=home)
    if code != act.code:
        raise IntegrityError(f"`{command}` ended with {code} where the demo expects {act.code}")


def _newest(home: Path) -> "View":
    from govagents.wiring import open_app

    app = open_app(home)
    with app.records.begin() as tx:
        newest = tx.requests.list()[-1]
    return app.runner.view(newest)
