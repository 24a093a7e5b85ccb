"""The command line. `run` is one command in this process, `main` the program.

Rules:
1. A command answers on standard output and returns its exit code; an error of ours becomes one line
   on standard error and the code of `exits.py`.
2. Under `--json` an error is `{"error": {"code", "message"}}` on standard error, usage errors
   included, and standard output stays empty.
3. A reader that closes the pipe, and a person who interrupts, end the program without a trace.
"""

import io
import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from typer.exceptions import Abort, TyperException
from typer.main import get_command

from govagents.entrypoints.cli.exits import Exit, of_error
from govagents.entrypoints.cli.hints import PROGRAM
from govagents.entrypoints.cli.options import Invocation
from govagents.entrypoints.cli.output import Screen
from govagents.errors import GovAgentsError

INTERRUPTED = 130
"""What shells expect of a program ended by Ctrl-C."""


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
        screen.error(error.code, str(error))
        return of_error(error)
    except TyperException as error:
        return _usage(screen, error)
    except (Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        _forget(sys.stdout)
        return Exit.ERROR
    except OSError as error:
        screen.error("system", f"the system refused: {error}")
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


def _usage(screen: Screen, error: TyperException) -> int:
    text = error.format_message()
    if text:
        message = f"{text[0].lower()}{text[1:].rstrip('.')}: `--help` says what can be written"
        screen.error("usage", message)
    return error.exit_code


def _forget(stream: object) -> None:
    """(3) So that the interpreter's last flush has somewhere to go."""
    if isinstance(stream, io.TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
