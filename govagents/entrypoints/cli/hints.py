"""The command to type next, ready to be pasted: with the store and the person it needs."""

import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from govagents.errors import GovAgentsError, IntegrityError

PROGRAM = "govagents"
_DATABASE, _ELSEWHERE = "govagents.db", "database.url"


@dataclass(frozen=True)
class Hints:
    """`home` is repeated where it was typed, `--as` where the store is a demo."""

    home: Path | None
    demo: bool

    def command(self, *words: str, as_: str | None = None, said: str | None = None) -> str:
        """A command line of this program; `said` = somebody's words, whatever they begin with.

        >>> Hints(None, demo=True).command("request", "answer", "req_x", "read only", as_="ana")
        "govagents request answer req_x 'read only' --as ana"
        >>> Hints(None, demo=True).command("ask", said="-v, 2h", as_="ana")
        "govagents ask --as ana -- '-v, 2h'"
        """
        options: list[str] = []
        if as_ is not None and self.demo:
            options += ["--as", as_]
        if self.home is not None:
            options += ["--home", str(self.home)]
        if said is None:
            return quoted([program(), *words, *options])
        if said.startswith("-"):
            return quoted([program(), *words, *options, "--", said])
        return quoted([program(), words[0], said, *words[1:], *options])

    def restore(self, error: GovAgentsError, home: Path) -> str:
        """What mends a damaged file, once it is said where the copy lies; else nothing.

        >>> Hints(None, demo=False).restore(IntegrityError("damaged"), Path("store"))
        'cp COPY/govagents.db store/govagents.db'
        """
        damaged = isinstance(error, IntegrityError) and not (home / _ELSEWHERE).exists()
        return quoted(["cp", f"COPY/{_DATABASE}", str(home / _DATABASE)]) if damaged else ""


def quoted(words: Sequence[str]) -> str:
    """A line for the shell; every word arrives as it is here."""
    return " ".join(shlex.quote(word) for word in words)


def program() -> str:
    """What to type to run this program: its name if the shell would find this one by it."""
    typed = sys.argv[0]
    if Path(typed).name != PROGRAM or not Path(typed).exists():
        return PROGRAM
    found = shutil.which(PROGRAM)
    return PROGRAM if found and Path(found).samefile(typed) else typed
