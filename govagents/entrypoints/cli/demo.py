"""`govagents demo`: one request from a sentence to a verified end, in a throwaway store.

It runs the commands a person would type, through the same function as the program, and prints each
before what it answers. What they are about stands in the demo company's `demo.yaml`.
"""

import io
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govagents.entrypoints.cli.exits import Exit
from govagents.entrypoints.cli.options import JsonOption
from govagents.errors import IntegrityError

if TYPE_CHECKING:
    from govagents.domain.view import View
    from govagents.entrypoints.cli.output import Json
    from govagents.entrypoints.cli.script import Script


@dataclass(frozen=True)
class Act:
    """One command of the demo: what it shows, its words, and the exit code it must end with."""

    heading: str
    words: Sequence[str]
    code: int = Exit.OK


def demo(as_json: JsonOption = False) -> int:
    """Watch one request: understood, proved smallest, approved, granted, ended, verified."""
    from govagents.entrypoints.cli.hints import Hints
    from govagents.entrypoints.cli.output import Screen
    from govagents.entrypoints.cli.script import script

    play, screen, hints = script(), Screen(as_json), Hints(None, demo=True)
    perform = _answered if as_json else _shown
    with tempfile.TemporaryDirectory(prefix="govagents-demo-") as folder:
        home = Path(folder) / "store"
        acts = enumerate(_acts(play, lambda: _newest(home)), start=1)
        done = [perform(number, act, home) for number, act in acts]
    next_ = [hints.command("init", "--demo"), *[hints.command(*line) for line in play.tries]]
    if as_json:
        screen.data({"acts": done, "next": next_[0]})
        return Exit.OK
    screen.heading("Now you")
    screen.line("That store is gone. Make one to keep, then try:")
    screen.next(*next_)
    return Exit.OK


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


def _shown(number: int, act: Act, home: Path) -> "Json":
    """As a person at a terminal sees it."""
    from govagents.entrypoints.cli.output import Screen

    screen = Screen()
    screen.heading(f"{number}. {act.heading}")
    screen.typed(_typed(act))
    _run(act, home)
    return None


def _answered(_number: int, act: Act, home: Path) -> "Json":
    """The command and its answer, as data."""
    said = io.StringIO()
    with redirect_stdout(said):
        _run(act, home, "--json")
    answer = json.loads(said.getvalue())
    return {"shows": act.heading, "command": _typed(act), "code": act.code, "answer": answer}


def _typed(act: Act) -> str:
    from govagents.entrypoints.cli.hints import Hints

    return Hints(None, demo=True).command(*act.words)


def _run(act: Act, home: Path, *options: str) -> None:
    from govagents.entrypoints.cli import run

    code = run([*act.words, *options], home=home)
    if code != act.code:
        typed = _typed(act)
        raise IntegrityError(f"`{typed}` ended with {code} where the demo expects {act.code}")


def _newest(home: Path) -> "View":
    from govagents.wiring import open_app

    app = open_app(home)
    with closing(app.records):
        with app.records.begin() as tx:
            newest = tx.requests.list()[-1]
        return app.runner.view(newest)
