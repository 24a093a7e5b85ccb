"""Finding roles and permissions by words.

Rules:
1. A word counts where it begins a word of the id, name or description, accents and case aside.
2. What has all the words comes before what has some; nothing has none.
3. Among equals roles come before permissions, then by id.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from govagents.domain.catalog import Catalog

_MOST = 15
_SHORTEST = 4
"""Letters of a word that may tell something."""


class Found(NamedTuple):
    """One hit. `kind` is `role` or `permission`."""

    id: str
    kind: str
    description: str


def found_in(catalog: Catalog, words: str) -> tuple[Found, ...]:
    """The best hits, best first."""
    wanted = _words(words)
    scored = [(_score(wanted, text), found) for found, text in _entries(catalog)]
    hits = [
        (-score, found.kind == "permission", found.id, found) for score, found in scored if score
    ]
    return tuple(found for *_, found in sorted(hits)[:_MOST])


def telling_words(catalog: Catalog, text: str, most: int = 2) -> tuple[str, ...]:
    """Words of `text` that find something, those first that find the least."""
    known = [_words(each) for _, each in _entries(catalog)]
    hits = {
        word: sum(any(each.startswith(word) for each in words) for words in known)
        for word in _words(text)
        if len(word) >= _SHORTEST
    }
    found = sorted((count, word) for word, count in hits.items() if count)
    return tuple(word for _, word in found[:most])


def _entries(catalog: Catalog) -> Iterator[tuple[Found, str]]:
    for role in catalog.roles.values():
        yield Found(role.id, "role", role.description), f"{role.id} {role.name} {role.description}"
    for one in catalog.permissions.values():
        yield Found(one.id, "permission", one.description), f"{one.id} {one.description}"


def _score(wanted: frozenset[str], text: str) -> int:
    known = _words(text)
    return sum(any(word.startswith(begin) for word in known) for begin in wanted)


def _words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return frozenset(re.findall(r"[^\W_]+", plain))
