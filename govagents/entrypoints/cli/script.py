"""The demo's script: who says what to whom, kept with the demo company and not in the engine.

`demo.yaml` lies in the folder of the one world it belongs to:

    ask: {speaker: ID, text: SENTENCE}    the request that is shown
    later: ISO                            an instant after its end
    try: [[WORD, ...], ...]               command lines to try next, without the program's name
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from govagents.errors import ConfigurationError

_FILE = "demo.yaml"


@dataclass(frozen=True)
class Script:
    """What `demo.yaml` says."""

    speaker: str
    text: str
    later: str
    tries: tuple[tuple[str, ...], ...]


def demo_world() -> Path:
    """The folder of the company that has a script.

    Raises:
        ConfigurationError: there is none, or more than one.
    """
    from govagents.content import content

    found = sorted(content("evals").glob(f"worlds/*/{_FILE}"))
    if len(found) != 1:
        raise ConfigurationError(f"one world must hold `{_FILE}`: {len(found)} do")
    return found[0].parent


@cache
def script() -> Script:
    """The demo's script.

    Raises:
        ConfigurationError: a part of it is missing.
    """
    import yaml

    path = demo_world() / _FILE
    match yaml.safe_load(path.read_text(encoding="utf-8")):
        case {
            "ask": {"speaker": str(speaker), "text": str(text)},
            "later": str(later),
            "try": list(tries),
        }:
            lines = tuple(tuple(str(word) for word in line) for line in tries)
            return Script(speaker, text, later, lines)
        case Mapping():
            raise ConfigurationError(f"`{path}` needs `ask` (speaker, text), `later` and `try`")
    raise ConfigurationError(f"`{path}` must be a mapping")


def first_ask() -> tuple[str, str]:
    """Who asks what first."""
    return script().speaker, script().text
