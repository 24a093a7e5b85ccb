"""Prompts from files: front matter that says what goes in and comes out, then the trusted words."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from govagents.domain.prompt import Prompt
from govagents.errors import ConfigurationError

_FILE = re.compile(r"\A---\n(?P<matter>.*?)\n---\n(?P<text>.+)\Z", re.DOTALL)
_PLACE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_NAME = re.compile(r"[a-z][a-z0-9-]*")


class FrontMatter(BaseModel):
    """The head of a prompt file. `inputs` names exactly the places in its text."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: str = Field(pattern=_NAME.pattern)
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    inputs: list[str]
    answer: str


@dataclass(frozen=True)
class FilePrompts:
    """The prompts of one folder, one file each, named like the node that sends it."""

    folder: Path

    def __getitem__(self, name: str) -> Prompt:
        """The prompt `name`.

        Raises:
            ConfigurationError: no such file, or its head does not fit its text.
        """
        path = self.folder / f"{name}.md"
        if not _NAME.fullmatch(name) or not path.is_file():
            message = f"no prompt is called `{name}`: add `prompts/{name}.md`"
            raise ConfigurationError(message)
        content = path.read_bytes()
        matter, text = _parsed(name, content.decode("utf-8"))
        return Prompt(matter.id, matter.version, text, hashlib.sha256(content).hexdigest())


def places(text: str) -> tuple[str, ...]:
    """The inputs a prompt's text names, in order.

    >>> places("choose from {{ candidates }} at {{now}}")
    ('candidates', 'now')
    """
    return tuple(dict.fromkeys(_PLACE.findall(text)))


def filled(text: str, values: dict[str, str]) -> str:
    """`text` with each place filled; a value is never looked into for places of its own."""
    return _PLACE.sub(lambda match: values[match[1]], text)


def _parsed(name: str, content: str) -> tuple[FrontMatter, str]:
    found = _FILE.match(content)
    if found is None:
        message = (
            f"prompt `{name}` has no front matter: begin with `---`, id, version, inputs, answer"
        )
        raise ConfigurationError(message)
    try:
        matter = FrontMatter.model_validate(yaml.safe_load(found["matter"]))
    except (ValidationError, yaml.YAMLError) as problem:
        message = f"front matter of prompt `{name}` does not fit: {problem}"
        raise ConfigurationError(message) from problem
    if matter.id != name or sorted(matter.inputs) != sorted(places(found["text"])):
        message = f"prompt `{name}`: id and inputs must be those of its name and its text"
        raise ConfigurationError(message)
    return matter, found["text"]
