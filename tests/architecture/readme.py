"""The parts of README.md that code makes: `python -m tests.architecture.readme` makes them anew.

A part stands between `<!-- made: NAME -->` and `<!-- /made: NAME -->`.
"""

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping

from govagents import errors
from tests.architecture.programme import programme
from tests.architecture.sources import ROOT

README = ROOT / "README.md"
PART = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- /made: \2 -->)", re.DOTALL)


def rewritten(text: str) -> str:
    """`text` with every part made anew.

    Raises:
        KeyError: a part has a name that nothing makes.
    """
    return PART.sub(lambda part: f"{part[1]}{MADE[part[2]]()}\n{part[3]}", text)


def parts(text: str) -> list[str]:
    """Names of the parts in `text`, in their order."""
    return [part[2] for part in PART.finditer(text)]


def _graph() -> str:
    graph, _ = programme()
    return f"```mermaid\n{graph.compile().get_graph().draw_mermaid().strip()}\n```"


def _commands() -> str:
    program = (
        "import sys; from govagents.entrypoints.cli import main; "
        "sys.argv = ['govagents', '--help']; main()"
    )
    # A fixed width and no colour, whatever the terminal.
    plain = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}  # noqa: TID251
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=plain, capture_output=True, text=True, check=True)
    lines = (line.rstrip() for line in done.stdout.strip().splitlines())
    return "```text\n" + "\n".join(lines) + "\n```"


def _errors() -> str:
    rows = [f"| `{each.__name__}` | `{each.code}` | {_first_line(each)} |" for each in _taxonomy()]
    return "\n".join(["| error | code | when |", "| --- | --- | --- |", *rows])


def _taxonomy() -> Iterator[type[errors.GovAgentsError]]:
    for _, each in inspect.getmembers(errors, inspect.isclass):
        if issubclass(each, errors.GovAgentsError):
            yield each


def _first_line(of: type) -> str:
    return (inspect.getdoc(of) or "").partition("\n")[0]


MADE: Mapping[str, Callable[[], str]] = {
    "graph": _graph,
    "commands": _commands,
    "errors": _errors,
}


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
