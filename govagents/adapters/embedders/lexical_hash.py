"""`lexical-hash`: texts are near when they share words and letter sequences. It knows no meaning.

Rules:
1. Case, width and the encoding of accents do not count (NFKC, case folded), nor do words of one or
   two characters.
2. A word gives itself and its sequences of 3 to 5 characters, ends included, so that inflections
   and slips of the keyboard stay near.
3. A feature falls into one of `dim` places by CRC-32, its sign by the highest bit, so that two that
   share a place cancel on average; n occurrences count as the root of n.
4. Only operations that IEEE 754 rounds correctly (add, multiply, divide, square root), in an order
   the text fixes: no machine gets other numbers.

Source: feature hashing after Weinberger et al., ICML 2009.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

_WORD = re.compile(r"\w{3,}")
_SEQUENCES = range(3, 6)
_LONGEST = 20_000  # characters; a request is far shorter, a flood costs no more than this


@dataclass(frozen=True)
class LexicalHash:
    """Letter sequences and words, hashed. About 0.2 ms for a sentence or two."""

    id: str = "lexical-hash/1"
    dim: int = 1024

    def vectors(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text.

        >>> one, two, none = LexicalHash().vectors(["Read the LEDGER", "read, the ledger!", "?"])
        >>> one == two, sum(map(abs, none))
        (True, 0.0)
        """
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        vector = [0.0] * self.dim
        for feature, count in Counter(_features(text)).items():  # (4) in order of first occurrence
            place = crc32(feature.encode("utf-8", "surrogatepass"))
            weight = math.sqrt(count)
            vector[place % self.dim] += weight if place >> 31 else -weight  # (3)
        length = math.sqrt(math.fsum(value * value for value in vector))
        return [value / length for value in vector] if length else vector


def _features(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()  # (1)
    for match in _WORD.finditer(plain):
        word = match.group()
        yield f"={word}"
        padded = f" {word} "
        for size in _SEQUENCES:  # (2)
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]
