"""The only reader of the environment, and of a store's `settings.toml`.

`GOVAGENTS_HOME` says where the store is; `--home` wins over it. `settings.toml` belongs to the
operator: paths in it are relative to the store's folder.

What cannot be understood in the file is left out and named in `problems`. Whoever opens a store to
give refuses to go on while there is any; who only takes back goes on with the rest.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeGuard

from govagents.domain.ids import IdentityId
from govagents.errors import ConfigurationError

FILE = "settings.toml"
_TABLES = ("connectors", "systems", "operators")
_KNOWN = {
    "policies", "weights", "model", "target_seconds", "redecide_minutes", "traces", "notices",
    *_TABLES,
}  # fmt: skip
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)*", re.ASCII)
_SERVER = re.compile(r"[\w.-]+:[0-9]{1,5}", re.ASCII)
_DAY = 24
TARGET_LIMIT, _MOST_SECONDS = timedelta(seconds=10), 600
REDECIDE, _MOST_MINUTES = timedelta(minutes=15), 1440


@dataclass(frozen=True)
class NoticeSettings:
    """How people are told outside of the store; neither `command` nor `smtp` = in no way.

    `smtp` is `HOST:PORT`; `security` of that way `starttls`, `tls` or `none`. A person's address is
    in `addresses`, or else the id before `domain`. `password` is a file. `limit`: how long one
    notice may take. `remind`: after how long of waiting people are reminded.
    """

    command: tuple[str, ...] = ()
    smtp: str = ""
    security: str = "starttls"
    sender: str = ""
    domain: str = ""
    user: str = ""
    password: Path | None = None
    addresses: Mapping[str, str] = field(default_factory=dict)
    limit: timedelta = timedelta(seconds=10)
    remind: timedelta = timedelta(hours=4)

    def address_of(self, person: str) -> str | None:
        """Where mail reaches somebody; None = nobody knows."""
        found = self.addresses.get(person) or (f"{person}@{self.domain}" if self.domain else "")
        # SECURITY: one address and nothing besides, whatever an id or a file holds
        return found if _ADDRESS.fullmatch(found) else None


@dataclass(frozen=True)
class StoreSettings:
    """`policies` None = everything is denied. `connectors`: enabled file name to its SHA-256.

    `systems`: system id to a target, `scheme:address`; `*` is every other system. `operators`:
    effective user id (as text) to the identity that user is. `target_limit`: how long a target is
    waited for. `redecide`: how often live access is decided on again. `traces`: the file that spans
    go to, None = none is kept. `notices`: how people are told. `problems`: what was left out, in
    sentences.
    """

    home: Path
    policies: Path | None = None
    weights: Path | None = None
    model: str = "local"
    connectors: Mapping[str, str] = field(default_factory=dict)
    systems: Mapping[str, str] = field(default_factory=dict)
    operators: Mapping[str, IdentityId] = field(default_factory=dict)
    target_limit: timedelta = TARGET_LIMIT
    redecide: timedelta = REDECIDE
    traces: Path | None = None
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    problems: tuple[str, ...] = ()


def home(given: Path | None) -> Path:
    """Where the store is: `--home`, else `GOVAGENTS_HOME`, else `~/.govagents`."""
    if given is not None:
        return given
    return Path(os.environ.get("GOVAGENTS_HOME") or Path.home() / ".govagents")


def effective_user() -> str:
    """The process's effective user id as text; never LOGNAME or USER, which anyone can set."""
    return str(os.geteuid())


def settle_environment() -> None:
    """Before LangGraph is first imported: strict checkpoints, and no tracing to anywhere."""
    os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")
    os.environ.setdefault("LANGSMITH_TRACING", "false")


def read_settings(folder: Path) -> StoreSettings:
    """The settings of the store in `folder`; see `problems`.

    Raises:
        ConfigurationError: no file, one that cannot be read, or not TOML: then nothing says where
            the targets are.
    """
    path = folder / FILE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"no store at `{folder}`: make one with `govagents init --demo`"
        raise ConfigurationError(message) from error
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        not_toml = f"is not TOML: {error}"
        what = f"cannot be read: {error.strerror}" if isinstance(error, OSError) else not_toml
        message = (
            f"`{path}` {what}; nothing else says where the targets are, so nothing can be given "
            "or ended until it is mended"
        )
        raise ConfigurationError(message) from error
    return StoreSettings(
        home=folder,
        policies=_path(folder, found.get("policies")),
        weights=_path(folder, found.get("weights")),
        model=str(found.get("model", "local")),
        connectors=_texts(found.get("connectors")),
        # SECURITY: one that is no text stays, as a target that nobody can open; without it, its
        # system would fall to `*`, and another target would confirm that access there has ended
        systems=_told(found.get("systems")),
        operators={key: IdentityId(who) for key, who in _texts(found.get("operators")).items()},
        target_limit=_limit(found.get("target_seconds")) or TARGET_LIMIT,
        redecide=_minutes(found.get("redecide_minutes")) or REDECIDE,
        traces=_path(folder, found.get("traces")),
        notices=_notices(folder, found.get("notices", {})),
        problems=tuple(_problems(path, found)),
    )


def _path(folder: Path, value: object) -> Path | None:
    return folder / value if isinstance(value, str) and value else None


def _notices(folder: Path, value: object) -> NoticeSettings:
    """SECURITY: a way of which a part cannot be understood tells nobody; it might be in clear."""
    table = value if isinstance(value, dict) else {}
    hours, limit = _hours(table.get("remind_hours")), _limit(table.get("seconds"))
    if any(_notice_problems(folder, value)):
        return NoticeSettings(remind=hours or NoticeSettings.remind)
    texts = _texts(table)
    return NoticeSettings(
        command=tuple(table.get("command", ())),
        smtp=texts.get("smtp", ""),
        security=texts.get("security", "starttls"),
        sender=texts.get("sender", ""),
        domain=texts.get("domain", ""),
        user=texts.get("user", ""),
        password=_path(folder, table.get("password_file")),
        addresses=_texts(table.get("addresses")),
        limit=limit or NoticeSettings.limit,
        remind=hours or NoticeSettings.remind,
    )


def _is_command(value: object) -> TypeGuard[list[str]]:
    """A program by its whole path, and its arguments."""
    texts = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return isinstance(value, list) and texts and bool(value) and value[0].startswith("/")


def _hours(value: object) -> timedelta | None:
    """Less than the day after which what waits lapses."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return timedelta(hours=value) if 0 < value < _DAY else None


def _limit(seconds: object) -> timedelta | None:
    """A length that somebody can mean."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return timedelta(seconds=seconds) if 0 < seconds <= _MOST_SECONDS else None


def _minutes(value: object) -> timedelta | None:
    """Whole ones, a day at most."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return timedelta(minutes=value) if 0 < value <= _MOST_MINUTES else None


def _texts(value: object) -> Mapping[str, str]:
    """What is a text in a table."""
    items = value.items() if isinstance(value, dict) else ()
    return {key: item for key, item in items if isinstance(item, str)}


def _told(value: object) -> Mapping[str, str]:
    """All of a table, as texts."""
    items = value.items() if isinstance(value, dict) else ()
    return {key: str(item) for key, item in items}


def _problems(path: Path, found: Mapping[str, object]) -> Iterator[str]:
    for name in sorted(set(found) - _KNOWN):
        yield f"`{path}`: unknown key `{name}`; known are {', '.join(sorted(_KNOWN))}"
    if "target_seconds" in found and _limit(found["target_seconds"]) is None:
        yield f"`{path}`: target_seconds must be a number above 0, at most {_MOST_SECONDS}"
    if "redecide_minutes" in found and _minutes(found["redecide_minutes"]) is None:
        yield f"`{path}`: redecide_minutes must be a whole number from 1 to {_MOST_MINUTES}"
    if not isinstance(found.get("traces", ""), str):
        yield f"`{path}`: traces must be the name of a file"
    yield from _notice_problems(path, found.get("notices", {}))
    for name in _TABLES:
        value = found.get(name, {})
        if _texts(value) != value:
            yield f"`{path}`: [{name}] must map names to texts"


def _notice_problems(path: Path, table: object) -> Iterator[str]:
    at = f"`{path}`: [notices]"
    if not isinstance(table, dict):
        yield f"{at} must be a table"
        return
    for name in sorted(set(table) - set(_NOTICES)):
        yield f"{at} unknown key `{name}`; known are {', '.join(sorted(_NOTICES))}"
    for name, (fits, what) in _NOTICES.items():
        if name in table and not fits(table[name]):
            yield f"{at} {name} must be {what}"
    if "smtp" in table and "sender" not in table:
        yield f"{at} smtp needs a sender"
    # SECURITY: a password is said to nobody whose certificate was not checked
    if table.get("security") == "none" and {"user", "password_file"} & set(table):
        yield f"{at} security is none: a password is sent over starttls or tls only"


def _fits(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _are_addresses(value: object) -> bool:
    found = _texts(value)
    return found == value and all(map(_fits(_ADDRESS), found.values()))


_ANY = re.compile(r"[^\x00-\x1f\x7f]+")
_NOTICES: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "command": (_is_command, 'a program by its whole path, with its arguments: ["/bin/x", "-y"]'),
    "smtp": (_fits(_SERVER), "a host and a port: `mail.example.org:587`"),
    "security": (lambda value: value in {"starttls", "tls", "none"}, "starttls, tls or none"),
    "sender": (_fits(_ADDRESS), "an address: `govagents@example.org`"),
    "domain": (_fits(re.compile(r"[\w.-]+", re.ASCII)), "what follows the @: `example.org`"),
    "user": (_fits(_ANY), "a text"),
    "password_file": (_fits(_ANY), "the name of a file"),
    "addresses": (_are_addresses, 'a table of ids and addresses: `ID = "somebody@example.org"`'),
    "seconds": (
        lambda value: _limit(value) is not None,
        f"a number above 0, at most {_MOST_SECONDS}",
    ),
    "remind_hours": (lambda value: _hours(value) is not None, f"a number above 0, below {_DAY}"),
}
