"""Loading connectors: files that may change a target, by path and by enabled name.

Rules:
1. A file is loaded only if its SHA-256 is the one recorded when it was enabled. A changed file
   is not loaded until it is enabled again.
2. The bytes that were hashed are the bytes that run.
3. One file defines one connector, with a scheme of its own.
4. What cannot be loaded is named, whatever it raised, and the others are loaded. Whoever is about
   to give refuses to go on; who only takes back goes on with the others.

A connector runs with the engine's powers; there is no sandbox. To enable one is to trust it.
"""

import importlib.abc
import re
import sys
from collections.abc import Mapping
from hashlib import sha256
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path
from types import CodeType, ModuleType
from typing import NamedTuple

from govagents.action.targets import harmless
from govagents.content import content
from govagents.errors import ConfigurationError
from govagents.ports import Connector

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


def connector_files() -> Mapping[str, Path]:
    """Every connector of this release by name, enabled or not."""
    folder = content("tools") / "connectors"
    return {path.stem: path for path in sorted(folder.glob("*.py")) if _NAME.fullmatch(path.stem)}


def fingerprint(name: str) -> str:
    """The SHA-256 to record when `name` is enabled.

    Raises:
        ConfigurationError: there is no such connector.
    """
    return sha256(_read(name)).hexdigest()


class Loaded(NamedTuple):
    """Classes by scheme; `problems` are sentences about what was not loaded."""

    classes: Mapping[str, type[Connector]]
    problems: tuple[str, ...]


def load_connectors(enabled: Mapping[str, str]) -> Loaded:
    """(4) Every connector enabled with its SHA-256 that loads.

    Not loaded is a file that is missing, changed since, does not load, defines no or several
    connectors, or takes a scheme that another has.
    """
    found: dict[str, type[Connector]] = {}
    problems = []
    for name in sorted(enabled):
        try:
            connector = _enabled(name, enabled[name])
        except ConfigurationError as error:  # (4)
            problems.append(str(error))
            continue
        if found.setdefault(connector.scheme, connector) is not connector:  # (3)
            taken = f"connector `{name}` takes the scheme `{connector.scheme}`, which is taken"
            problems.append(taken)
    return Loaded(found, tuple(problems))


def load_connector(name: str, data: bytes) -> type[Connector]:
    """The one connector that a file's bytes define.

    Raises:
        ConfigurationError: they do not load, or define no or several.
    """
    try:
        module = _execute(f"govagents_tools.connectors.{name}", data)
    except Exception as error:  # (4)
        said = harmless(error) or type(error).__name__  # it may hold a password
        message = f"connector `{name}` does not load: {said}"
        raise ConfigurationError(message) from error
    defined = [
        item
        for item in vars(module).values()
        if isinstance(item, type)
        and issubclass(item, Connector)
        and item.__module__ == module.__name__
        and not item.__abstractmethods__
    ]
    if len(defined) != 1 or not isinstance(getattr(defined[0], "scheme", None), str):  # (3)
        message = f"`{name}` must define one connector with a scheme, not {len(defined)}"
        raise ConfigurationError(message)
    return defined[0]


def _enabled(name: str, digest: str) -> type[Connector]:
    data = _read(name)
    if sha256(data).hexdigest() != digest:  # (1)
        message = (
            f"connector `{name}` is not the file that was enabled: "
            "look at what changed, then enable it again"
        )
        raise ConfigurationError(message)
    return load_connector(name, data)


class _Bytes(importlib.abc.InspectLoader):
    """Runs the bytes it was given; looks at no file and no cache."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def get_source(self, fullname: str) -> str:  # noqa: ARG002  # it knows one file
        return self._data.decode()

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self._data, f"<connector {fullname}>")  # (2)


def _execute(name: str, data: bytes) -> ModuleType:
    loader = _Bytes(data)
    module = module_from_spec(ModuleSpec(name, loader))
    sys.modules[name] = module  # dataclasses and pickled errors look their module up
    loader.exec_module(module)
    return module


def _read(name: str) -> bytes:
    path = connector_files().get(name)
    if path is None:
        known = ", ".join(f"`{one}`" for one in connector_files()) or "none"
        message = f"there is no connector `{name}`: this release has {known}"
        raise ConfigurationError(message)
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"connector `{name}` cannot be read: {error}"
        raise ConfigurationError(message) from error
