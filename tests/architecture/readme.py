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


def _transcript() -> str:
    """What the last of the commands to try answers, after those before it, in a new store."""
    tried = re.findall(r"^\.venv/bin/govagents (.*)", README.read_text("utf-8"), re.MULTILINE)
    said = _said(_TRIED, *tried, columns=118)
    return re.sub(r"\breq_\w+", "req_abcdef", said)  # drawn by lot


_TRIED = """
import contextlib, io, pathlib, shlex, sys, tempfile
from govagents.entrypoints.cli import run
with tempfile.TemporaryDirectory() as folder:
    home, lines = pathlib.Path(folder) / "store", [shlex.split(x, True) for x in sys.argv[1:]]
    for line in lines[:-1]:
        with contextlib.redirect_stdout(io.StringIO()):
            assert run(line, home=home) == 0
    sys.stdout.isatty = lambda: True
    run(lines[-1], home=home)
"""


def _commands() -> str:
    program = (
        "import sys; from govagents.entrypoints.cli import main; sys.argv[0] = 'govagents'; main()"
    )
    return _said(program, "--help", columns=100)


def _said(program: str, *words: str, columns: int) -> str:
    # A fixed width and no colour, whatever the terminal.
    fixed = {"COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "dumb", "PYTHONPATH": str(ROOT)}
    plain = {**os.environ, **fixed}  # noqa: TID251
    command = [sys.executable, "-c", program, *words]
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
    "transcript": _transcript,
    "graph": _graph,
    "commands": _commands,
    "errors": _errors,
}


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
