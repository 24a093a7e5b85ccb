"""The command line. `run` is one command in this process, `main` the program.

Rules:
1. A command answers on standard output and returns its exit code; an error of ours becomes one line
   on standard error, with the next command below it, and the code of `exits.py`.
2. Under `--json` an error is `{"error": {"code", "message"}, "next"}` on standard error, usage
   errors included, and standard output stays empty.
3. A reader that closes the pipe, and a person who interrupts, end the program without a trace.
"""

import io
import os
import re
import sys
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from typer.exceptions import Abort, TyperException
from typer.main import get_command

from govagents.entrypoints.cli.exits import Exit, of_error
from govagents.entrypoints.cli.hints import PROGRAM, Hints
from govagents.entrypoints.cli.options import Invocation
from govagents.entrypoints.cli.output import Screen
from govagents.errors import ConfigurationError, GovAgentsError, IntegrityError

INTERRUPTED = 130
"""What shells expect of a program ended by Ctrl-C."""

_TOLD = re.compile(r"`govagents ([a-z][a-z0-9_ -]*)`")
_TO_FILL_IN = re.compile(r"--(?:as|home|now)\b")


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 loses nothing
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str], *, home: Path | None = None) -> int:
    """(1) One command line, without the program's name; `home` where it names none."""
    screen, invocation = Screen(json=_wants_json(arguments)), Invocation(home)
    try:
        with invocation.after:
            code = _program().main(
                args=list(arguments),
                prog_name=PROGRAM,
                standalone_mode=False,
                obj=invocation,
            )
    except GovAgentsError as error:
        screen.error(error.code, str(error), _after(error, arguments))
        return of_error(error)
    except TyperException as error:
        return _usage(screen, error, _after(error, arguments))
    except (Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        _forget(sys.stdout)
        return Exit.ERROR
    except OSError as error:
        screen.error("system", f"the system refused: {error}", _after(error, arguments))
        return Exit.ERROR
    return code if isinstance(code, int) else Exit.OK


@cache
def _program() -> Any:  # noqa: ANN401  # typer names no public type for it
    """Every command with its options, put together once in a process."""
    from govagents.entrypoints.cli.app import app

    return get_command(app)


def _wants_json(arguments: Sequence[str]) -> bool:
    """(2) Known before the command line is understood, as it may not be."""
    words = list(arguments)
    return "--json" in (words[: words.index("--")] if "--" in words else words)


def _after(error: Exception, arguments: Sequence[str]) -> str:
    """(1) What the error names, `doctor` for a store at fault, else how the command is written."""
    homes = [Path(after) for word, after in pairwise(arguments) if word == "--home"]
    hints = Hints(homes[-1] if homes else None, demo=False)
    told = _TOLD.search(str(error))
    if told is not None and not _TO_FILL_IN.search(told.group(1)):
        return hints.command(*told.group(1).split())
    if isinstance(error, ConfigurationError | IntegrityError | OSError):
        return hints.command("doctor")
    return Hints(None, demo=False).command(*_named(arguments), "--help")


def _named(arguments: Sequence[str]) -> list[str]:
    """The words that name the command, as far as there is one.

    >>> _named(["grant", "show", "gr_x", "--json"]), _named(["no-such"])
    (['grant', 'show'], [])
    """
    command, names = _program(), list[str]()
    for word in arguments:
        command = getattr(command, "commands", {}).get(word)
        if command is None:
            break
        names.append(word)
    return names


def _usage(screen: Screen, error: TyperException, next_: str) -> int:
    text = error.format_message()
    if text:
        message = f"{text[0].lower()}{text[1:].rstrip('.')}: `--help` says what can be written"
        screen.error("usage", message, next_)
    return error.exit_code


def _forget(stream: object) -> None:
    """(3) So that the interpreter's last flush has somewhere to go."""
    if isinstance(stream, io.TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
