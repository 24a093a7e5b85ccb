"""The options that mean the same in every command, and the values people type into them."""

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from govagents.errors import InputError

_COMMON = "Store, speaker and form"

HomeOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="Where the store is.", rich_help_panel=_COMMON),
]
AsOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="ID", help="Who you are; demo stores only.", rich_help_panel=_COMMON
    ),
]
NowOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="ISO",
        help="Move a demo store's clock forward; with --plan-only any time, moving nothing.",
        rich_help_panel=_COMMON,
    ),
]
JsonOption: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Answer with one JSON value.", rich_help_panel=_COMMON)
]
LastOption: TypeAlias = Annotated[
    bool, typer.Option("--last", help="The newest one, instead of an id.")
]
RequestArgument: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="REQUEST", show_default=False, help="A request's id.")
]
GrantArgument: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="GRANT", show_default=False, help="A grant's id.")
]

_YEARS = range(1970, 3000)
"""What a store counts, with room for every window on either side."""

_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_SPAN = re.compile(r"([1-9][0-9]{0,6})\s?(s|m|min|h|d)")


@dataclass(frozen=True)
class Common:
    """What `HomeOption`, `AsOption`, `NowOption` and `JsonOption` were given."""

    home: Path | None = None
    as_: str | None = None
    now: str | None = None
    json: bool = False


@dataclass(frozen=True)
class Invocation:
    """Who runs the command line: `home` stands in for `--home` and is not mentioned.

    `after` is called, last first, when the command has ended.
    """

    home: Path | None = None
    after: ExitStack = field(default_factory=ExitStack)


def instant_from(text: str) -> datetime:
    """An instant of ISO 8601 that says its zone.

    Raises:
        InputError: it is not one, or of a year outside 1970 to 2999.

    >>> instant_from("2026-11-23T10:00:00+01:00").isoformat()
    '2026-11-23T09:00:00+00:00'
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"`{text}` is not an instant: write 2026-11-23T09:00:00Z") from error
    if moment.tzinfo is None:
        raise InputError(f"`{text}` names no zone: write `{text}Z` for UTC")
    if moment.year not in _YEARS:
        raise InputError(f"`{text}` is too far away: write a year from 1970 to 2999")
    return moment.astimezone(UTC)


def length_from(text: str) -> timedelta:
    """A length of time such as `30s`, `10m`, `2h` or `1d`.

    Raises:
        InputError: it is not one.

    >>> length_from("10m")
    datetime.timedelta(seconds=600)
    """
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise InputError(f"`{text}` is not a length of time: write 30s, 10m, 2h or 1d")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])
