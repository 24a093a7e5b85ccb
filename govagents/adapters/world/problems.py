"""Everything that is wrong with the files, collected and said at once."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from govagents.domain.text import Untrusted
from govagents.errors import FileError, InputError

_MOST_SAID = 20
_MOST_SHOWN = 60
_SAYINGS = {
    "missing": "is missing",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a mapping of fields",
    "model_type": "must be a mapping of fields",
    "too_short": "must not be empty",
    "date_type": "must be a date such as 2026-11-23",
    "date_parsing": "must be a date such as 2026-11-23",
    "date_from_datetime_parsing": "must be a date such as 2026-11-23",
    "date_from_datetime_inexact": "must be a date such as 2026-11-23",
    "datetime_type": "must be a time such as 2026-11-23T09:00:00Z",
    "datetime_parsing": "must be a time such as 2026-11-23T09:00:00Z",
    "datetime_from_date_parsing": "must be a time such as 2026-11-23T09:00:00Z",
    "timezone_aware": "must be a time with its zone, such as 2026-11-23T09:00:00Z",
}


class WorldFilesError(InputError):
    """Files that cannot be loaded; `problems` names file, line and field of each. Nothing was."""

    code = "bad-files"

    def __init__(self, problems: Iterable[FileError]) -> None:
        """Says twenty of them; more are counted."""
        self.problems = tuple(problems)
        said = [str(problem) for problem in self.problems[:_MOST_SAID]]
        rest = len(self.problems) - len(said)
        said += [f"and {rest} more"] if rest else []
        super().__init__("nothing was loaded:\n" + "\n".join(said))


@dataclass
class Problems:
    """What was found so far."""

    found: list[FileError] = field(default_factory=list)

    def add(self, file: str, line: int | None, where: str | None, problem: str) -> None:
        """One more."""
        self.found.append(FileError(file, line, where, problem))

    def stop_if_any(self) -> None:
        """Ends the reading.

        Raises:
            WorldFilesError: something was found.
        """
        if self.found:
            raise WorldFilesError(self.found)


def shown(value: object) -> str:
    """What stood there, short and harmless."""
    text = value if isinstance(value, str) else repr(value)
    visible = Untrusted(text).shown().replace("\n", "\\n")
    return visible if len(visible) <= _MOST_SHOWN else visible[: _MOST_SHOWN - 1] + "…"


def near(word: str, known: Iterable[str]) -> str:
    """A hint at the name that was probably meant; empty if none is close."""
    close = difflib.get_close_matches(word, sorted(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def saying(kind: str, value: object, context: dict[str, Any], fallback: str) -> str:
    """A validator's complaint in our words."""
    if kind == "missing":
        return _SAYINGS[kind]
    if kind == "value_error":
        return f"{context['error']}, not `{shown(value)}`"
    if kind in {"enum", "literal_error"}:
        return f"must be {context['expected'].replace(chr(39), '`')}, not `{shown(value)}`"
    return f"{_SAYINGS.get(kind, fallback[:1].lower() + fallback[1:])}, not `{shown(value)}`"
