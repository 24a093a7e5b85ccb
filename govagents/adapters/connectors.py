"""Loading connectors: files that may change a target, by path and by enabled name.

Rules:
1. A file is loaded only if its SHA-256 is the one recorded when it was enabled. A changed file
   stops the process until it is enabled again.
2. The bytes that were hashed are the bytes that run.
3. One file defines one connector, with a scheme of its own.

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

from govagents.content import content
from govagents.errors import ConfigurationError
from govagents.ports import Connector

_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_LOADING = (ImportError, SyntaxError, NameError, AttributeError, TypeError, ValueError, OSError)


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


def load_connectors(enabled: Mapping[str, str]) -> Mapping[str, type[Connector]]:
    """Classes by scheme, for names enabled with their SHA-256.

    Raises:
        ConfigurationError: a file is missing, changed since, does not load, defines no or several
            connectors, or takes a scheme that another has.
    """
    found: dict[str, type[Connector]] = {}
    for name in sorted(enabled):
        data = _read(name)
        if sha256(data).hexdigest() != enabled[name]:  # (1)
            message = (
                f"connector `{name}` is not the file that was enabled: "
                "look at what changed, then enable it again"
            )
            raise ConfigurationError(message)
        connector = load_connector(name, data)
        if connector.scheme in found:  # (3)
            message = f"connector `{name}` takes the scheme `{connector.scheme}`, which is taken"
            raise ConfigurationError(message)
        found[connector.scheme] = connector
    return found


def load_connector(name: str, data: bytes) -> type[Connector]:
    """The one connector that a file's bytes define.

    Raises:
        ConfigurationError: they do not load, or define no or several.
    """
    try:
        module = _execute(f"govagents_tools.connectors.{name}", data)
    except _LOADING as error:
        message = f"connector `{name}` does not load: {error}"
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
    return path.read_bytes()
