"""The screen: everything the program prints goes through here, as plain text.

Rules:
1. What is printed is text, never markup: brackets, emoji names and links stay what was typed.
2. Control, bidirectional and escape characters are made visible, whoever wrote them: a speaker, a
   file of the company, a policy, a connector.
3. Words of a speaker stand behind a bar on each of their lines, so that a line break in them cannot
   pass for a line of ours.
4. Answers go to standard output, errors to standard error. Under `--json` each is one JSON value
   and nothing else, in ASCII.
5. A command to type or a key to copy is never broken over lines, an id only where it is longer than
   the line or its table has no room.
6. A terminal is written to its width. What goes into a pipe or a file is neither wrapped nor cut: a
   paragraph, a fact and a record stand on one line each, so that a search finds them whole.

SECURITY: (1) and (2) hold because `safe` is the only way from a piece to the terminal.
"""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TextIO, TypeAlias

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from govagents.domain.canonical import Plain
from govagents.domain.text import Untrusted
from govagents.entrypoints.cli.columns import widths

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | Plain | None"
"""What one answer may hold. Floats are for people's eyes: nothing here is hashed."""

_USUAL, _WIDEST = 100, 120
_ENDLESS = 1_000_000
_LABEL, _GAP = 12, 2
_BREAK = "⏎ "


class Tone(StrEnum):
    """What a piece is, from which its colour follows; colour never carries meaning alone."""

    PLAIN = ""
    QUIET = "dim"
    STRONG = "bold"
    GOOD = "green"
    WAIT = "yellow"
    BAD = "red"
    COMMAND = "cyan"


class Toned(NamedTuple):
    """A piece with a tone."""

    text: str | Untrusted
    tone: Tone


_TYPE = Tone.COMMAND

Piece: TypeAlias = str | Untrusted | Toned
Line: TypeAlias = Piece | Sequence[Piece]


def safe(line: Line) -> Text:
    """(1) (2) The only way from a piece to the terminal."""
    text = Text(overflow="fold")
    pieces = [line] if isinstance(line, str | Untrusted | Toned) else line
    for piece in pieces:
        words, tone = piece if isinstance(piece, Toned) else (piece, Tone.PLAIN)
        text.append(shown(words), style=tone.value)
    return text


def shown(words: str | Untrusted) -> str:
    r"""Plain text with every control character made visible.

    >>> shown("a\x1b[31mb")
    'a\\u001b[31mb'
    """
    return words.shown() if isinstance(words, Untrusted) else Untrusted(words).shown()


def one_line(words: str | Untrusted, most: int = 200) -> str:
    """The same on one line; (6) at a terminal cut to `most` characters."""
    text = shown(words).replace("\n", _BREAK)
    return _cut(text, most) if sys.stdout.isatty() else text


def _cut(text: str, most: int) -> str:
    """What is cut off shows as such.

    >>> _cut("first line and second line", 15)
    'first line and…'
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


@dataclass(frozen=True)
class Screen:
    """Where one command writes. `json` = one JSON value instead of text."""

    json: bool = False

    @property
    def asks(self) -> bool:
        """Whether somebody sits at a terminal who can be asked something."""
        return not self.json and sys.stdin.isatty() and self.seen

    @property
    def seen(self) -> bool:
        """(6) Whether the answer goes to a terminal, and not into a pipe or a file."""
        return sys.stdout.isatty()

    def heading(self, text: str) -> None:
        """A blank line, then what the next lines are about."""
        _put(Text(), safe(Toned(text, Tone.STRONG)))

    def line(self, line: Line = "", indent: int = 0) -> None:
        """One paragraph, wrapped at words."""
        text = safe(line)
        _put(Padding(text, (0, 0, 0, indent), expand=False) if text else text)

    def facts(self, rows: Sequence[tuple[str, Line]]) -> None:
        """Labels and what they say. An empty label goes on with the one above."""
        if not rows:
            return
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(min_width=_LABEL, no_wrap=True)
        grid.add_column(overflow="fold")
        for label, line in rows:
            grid.add_row(safe(Toned(label, Tone.QUIET)), safe(line))
        _put(grid)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[Line]]) -> None:
        """Rows under headings; cells wrap at words where there is room, nothing is cut off."""
        cells = [[self._cell(cell) for cell in row] for row in (columns, *rows)]
        room = _console(sys.stdout).width - _GAP * (len(columns) - 1)
        fitted = widths([[cell.plain for cell in row] for row in cells], room)
        table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="dim")
        for index, heading in enumerate(cells[0]):
            table.add_column(heading, overflow="fold", width=fitted[index] if fitted else None)
        for row in cells[1:]:
            table.add_row(*row)
        _put(table)

    def _cell(self, line: Line) -> Text:
        """(6)."""
        text = safe(line)
        return text if self.seen else Text(_BREAK).join(text.split("\n", allow_blank=True))

    def whole(self, line: Line) -> None:
        """(5) Something to be copied, on one line of its own."""
        _put(safe(line), soft_wrap=True)

    def quote(self, words: Untrusted) -> None:
        """(3) What somebody wrote, line by line behind a bar."""
        console = _console(sys.stdout)
        for line in shown(words).split("\n"):
            for part in safe(line).wrap(console, max(1, console.width - 2)) or [Text()]:
                _put(Text.assemble(("│ ", Tone.QUIET.value), part))

    def typed(self, command: str) -> None:
        """(5) A command as somebody types it."""
        _put(safe([Toned("$ ", Tone.QUIET), Toned(command, _TYPE)]), soft_wrap=True)

    def next(self, *commands: str) -> None:
        """(5) What to type now; the last lines of every answer."""
        _put(*_next(*commands), soft_wrap=True)

    def data(self, value: Json) -> None:
        """(4) The one JSON value of this command."""
        sys.stdout.write(dumped(value, indent=2))

    def record(self, value: Json) -> None:
        """One JSON value of a stream, on its own line."""
        sys.stdout.write(dumped(value))
        sys.stdout.flush()

    def warning(self, message: str) -> None:
        """(4) What somebody has to know and what stopped nothing; under `--json` it is data."""
        sys.stdout.flush()
        line = safe([Toned("warning: ", Tone.WAIT), message])
        _put(line, stream=sys.stderr, soft_wrap=not sys.stderr.isatty())

    def error(self, code: str, message: str, next_: str) -> None:
        """(4) What went wrong and what to type next, to standard error."""
        if self.json:
            error = {"code": code, "message": shown(message)}
            sys.stderr.write(dumped({"error": error, "next": next_}))
            return
        sys.stdout.flush()  # ORDER: what was answered before the error stands before it
        line = safe([Toned("error: ", Tone.BAD), message])
        _put(line, stream=sys.stderr, soft_wrap=not sys.stderr.isatty())
        _put(*_next(next_), stream=sys.stderr, soft_wrap=True)


def _next(*commands: str) -> list[Text]:
    """(5)."""
    lines = [
        safe([Toned("next  " if index == 0 else "      ", Tone.QUIET), Toned(command, _TYPE)])
        for index, command in enumerate(commands)
    ]
    return [Text(), *lines]


def dumped(value: Json, indent: int | None = None) -> str:
    r"""JSON that no terminal obeys: ASCII, and DEL escaped too, which JSON would let through.

    >>> dumped({"a": "\x7f\x9b"})
    '{"a": "\\u007f\\u009b"}\n'
    """
    return json.dumps(value, indent=indent).replace("\x7f", "\\u007f") + "\n"


def _put(*lines: RenderableType, stream: TextIO | None = None, soft_wrap: bool = False) -> None:
    """Prints; into a pipe or file without the blanks that pad a table to the width."""
    console = _console(stream or sys.stdout)
    if console.is_terminal:
        for line in lines:
            console.print(line, soft_wrap=soft_wrap)
        return
    with console.capture() as captured:
        for line in lines:
            console.print(line, soft_wrap=soft_wrap)
    console.file.writelines(f"{line.rstrip(' ')}\n" for line in captured.get().split("\n")[:-1])


def _console(stream: TextIO) -> Console:
    """One for each print: the stream may have been redirected, the window resized."""
    window = shutil.get_terminal_size((_USUAL, 24))
    return Console(
        file=stream,
        width=min(window.columns, _WIDEST) if stream.isatty() else _ENDLESS,  # (6)
        height=window.lines,  # without it a terminal that says it is dumb is taken for 80 columns
        markup=False,
        emoji=False,
        highlight=False,
    )
