"""The operator's price list: `[access_level]` and `[sensitivity]`, whole numbers from 0.

A level or sensitivity the file leaves out keeps the default.
"""

import tomllib
from pathlib import Path

from govagents.errors import ConfigurationError
from govagents.solver.weights import Weights


def read_weights(path: Path | None) -> Weights:
    """The weights of a file; None = the default.

    Raises:
        ConfigurationError: no file, not TOML, an unknown name or no whole number from 0.
    """
    default = Weights.default()
    if path is None:
        return default
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = (
            f"weights file `{path}` is missing: put it back or drop `weights` from the settings"
        )
        raise ConfigurationError(message) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"`{path}` is not TOML: {error}"
        raise ConfigurationError(message) from error
    unknown = sorted(set(found) - {"access_level", "sensitivity"})
    if unknown:
        message = f"`{path}`: unknown table `{unknown[0]}`; it has access_level and sensitivity"
        raise ConfigurationError(message)
    return Weights(
        _merged(path, "access_level", dict(default.table), found.pop("access_level", {})),
        _merged(path, "sensitivity", dict(default.sensitivity), found.pop("sensitivity", {})),
    )


def _merged(path: Path, name: str, known: dict[str, int], given: object) -> dict[str, int]:
    if not isinstance(given, dict):
        message = f"`{path}`: `{name}` must be a table"
        raise ConfigurationError(message)
    for key, value in given.items():
        if key not in known:
            message = f"`{path}`: [{name}] knows no `{key}`; it has {', '.join(known)}"
            raise ConfigurationError(message)
        if type(value) is not int or value < 0:
            message = f"`{path}`: [{name}] `{key}` must be a whole number from 0, not `{value}`"
            raise ConfigurationError(message)
    return known | given
