"""Somebody at a terminal: types commands of the program and sees what it answers."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from govagents.entrypoints.cli import run


@dataclass(frozen=True)
class Said:
    """What one command answered."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """Standard output without its line breaks and columns."""
        return " ".join(self.out.split())


@dataclass(frozen=True)
class Terminal:
    """`home` is the store."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def type(self, *words: str) -> Said:
        """One command line, in this process, through the program's own `run`."""
        self.capsys.readouterr()
        code = run(words, home=self.home)
        captured = self.capsys.readouterr()
        return Said(code, captured.out, captured.err)

    def data(self, *words: str) -> Any:  # noqa: ANN401  # JSON of any shape
        """What a command answers under `--json`."""
        return json.loads(self.type(*words, "--json").out)


def sit_at(monkeypatch: pytest.MonkeyPatch, *, columns: int) -> None:
    """From here on standard output is a terminal so wide, and one without colours."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
