"""The only reader of the environment, and of a store's `settings.toml`.

`GOVAGENTS_HOME` says where the store is; `--home` wins over it. `settings.toml` belongs to the
operator: paths in it are relative to the store's folder.

What cannot be understood in the file is left out and named in `problems`. Whoever opens a store to
give refuses to go on while there is any; who only takes back goes on with the rest.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from govagents.domain.ids import IdentityId
from govagents.errors import ConfigurationError

FILE = "settings.toml"
_TABLES = ("connectors", "systems", "operators")
_KNOWN = {"policies", "weights", "model", "target_seconds", "redecide_minutes", "traces", *_TABLES}
TARGET_LIMIT, _MOST_SECONDS = timedelta(seconds=10), 600
REDECIDE, _MOST_MINUTES = timedelta(minutes=15), 1440


@dataclass(frozen=True)
class StoreSettings:
    """`policies` None = everything is denied. `connectors`: enabled file name to its SHA-256.

    `systems`: system id to a target, `scheme:address`; `*` is every other system. `operators`:
    effective user id (as text) to the identity that user is. `target_limit`: how long a target is
    waited for. `redecide`: how often live access is decided on again. `traces`: the file that spans
    go to, None = none is kept. `problems`: what was left out, in sentences.
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
        problems=tuple(_problems(path, found)),
    )


def _path(folder: Path, value: object) -> Path | None:
    return folder / value if isinstance(value, str) and value else None


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
    for name in _TABLES:
        value = found.get(name, {})
        if _texts(value) != value:
            yield f"`{path}`: [{name}] must map names to texts"
