"""What turns words into vectors. One file per embedder; nothing here is downloaded.

`id` names the embedder and its version: vectors of two ids are never compared. An embedder that
understands paraphrase may follow behind this port; what is built in compares letters.
"""

from collections.abc import Sequence
from typing import Protocol

from govagents.adapters.embedders.lexical_hash import LexicalHash

__all__ = ["Embedder", "LexicalHash"]


class Embedder(Protocol):
    """Vectors of `dim` numbers, of length one, or all zero for a text with nothing to compare.

    Deterministic: the same text gives the same numbers on every machine.
    """

    @property
    def id(self) -> str:
        """Name and version."""
        ...

    @property
    def dim(self) -> int:
        """Numbers in a vector."""
        ...

    def vectors(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text, in their order."""
        ...
