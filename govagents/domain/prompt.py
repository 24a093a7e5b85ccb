"""What a model is sent beside the words: the instruction, and what of the catalog it may name."""

from dataclasses import dataclass

from govagents.domain.catalog import Permission
from govagents.domain.ids import RoleId


@dataclass(frozen=True)
class Candidate:
    """A permission the reader may name. A model is shown these and nothing else of the catalog."""

    permission: Permission
    score: int
    roles: tuple[RoleId, ...]


@dataclass(frozen=True)
class Prompt:
    """One file of prompts/: trusted words. `digest` is of the file."""

    id: str
    version: str
    text: str
    digest: str
