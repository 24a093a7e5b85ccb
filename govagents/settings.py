"""The only reader of the environment, and of a store's `settings.toml`.

`GOVAGENTS_HOME` says where the store is; `--home` wins over it. `settings.toml` belongs to the
operator: paths in it are relative to the store's folder.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from govagents.domain.ids import IdentityId
from govagents.errors import ConfigurationError

FILE = "settings.toml"
_KNOWN = {"policies", "weights", "model", "connectors", "operators", "systems"}


@dataclass(frozen=True)
class StoreSettings:
    """`policies` None = everything is denied. `connectors`: enabled file name to its SHA-256.

    `systems`: system id to a target, `scheme:address`; `*` is every other system. `operators`:
    effective user id (as text) to the identity that user is.
    """

    home: Path
    policies: Path | None = None
    weights: Path | None = None
    model: str = "local"
    connectors: Mapping[str, str] = field(default_factory=dict)
    systems: Mapping[str, str] = field(default_factory=dict)
    operators: Mapping[str, IdentityId] = field(default_factory=dict)


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
    """The settings of the store in `folder`.

    Raises:
        ConfigurationError: no file, not TOML, or a key nobody knows.
    """
    path = folder / FILE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"no store at `{folder}`: make one with `govagents init --demo`"
        raise ConfigurationError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"`{path}` is not TOML: {error}"
        raise ConfigurationError(message) from error
    unknown = sorted(set(found) - _KNOWN)
    if unknown:
        message = f"`{path}`: unknown key `{unknown[0]}`; known are {', '.join(sorted(_KNOWN))}"
        raise ConfigurationError(message)
    return StoreSettings(
        home=folder,
        policies=_path(folder, found.get("policies")),
        weights=_path(folder, found.get("weights")),
        model=str(found.get("model", "local")),
        connectors=_table(path, found, "connectors"),
        systems=_table(path, found, "systems"),
        operators={
            key: IdentityId(value) for key, value in _table(path, found, "operators").items()
        },
    )


def _path(folder: Path, value: object) -> Path | None:
    return folder / value if isinstance(value, str) and value else None


def _table(path: Path, found: Mapping[str, object], name: str) -> Mapping[str, str]:
    table = found.get(name, {})
    if not isinstance(table, dict) or not all(isinstance(item, str) for item in table.values()):
        message = f"`{path}`: [{name}] must map names to texts"
        raise ConfigurationError(message)
    return table
