"""The few permissions a reader may name, found by the speaker's own words."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from govagents.domain.canonical import digest
from govagents.domain.catalog import Catalog
from govagents.domain.ids import PermissionId
from govagents.domain.prompt import Candidate
from govagents.domain.world import World
from govagents.perception.index import CatalogIndex, build_index, terms

MOST = 40
_ROLES_SHOWN = 3


def index_of(catalog: Catalog, world: World) -> CatalogIndex:
    """The index of `catalog` and of the phrases the world has for it; built once for each pair."""
    phrases = _phrases(world.settings.get("phrases"))
    return _INDEXES.get(catalog, phrases)


def candidates(own: Sequence[str], index: CatalogIndex) -> tuple[Candidate, ...]:
    """At most 40, best first."""
    hits = {hit.permission: hit for hit in index.search(terms("\n".join(own)), limit=MOST)}
    ranked = sorted(hits.values(), key=lambda hit: (-hit.score, hit.permission))
    return tuple(
        Candidate(
            index.permissions[hit.permission],
            hit.score,
            index.roles_of[hit.permission][:_ROLES_SHOWN],
        )
        for hit in ranked
    )


def _phrases(found: object) -> dict[PermissionId, tuple[str, ...]]:
    if not isinstance(found, Mapping):
        return {}
    return {PermissionId(str(key)): tuple(map(str, lines)) for key, lines in found.items()}


class _Indexes:
    """The last few indexes, by what they were made of; making one twice gives the same."""

    def __init__(self) -> None:
        self._made: dict[str, CatalogIndex] = {}
        self._digest = lru_cache(maxsize=4)(_digest_of)

    def get(self, catalog: Catalog, phrases: dict[PermissionId, tuple[str, ...]]) -> CatalogIndex:
        key = f"{catalog.digest} {self._digest(tuple(sorted(phrases.items())))}"
        if key not in self._made:
            while len(self._made) >= _KEPT:
                self._made.pop(next(iter(self._made)))
            self._made[key] = build_index(catalog, phrases)
        return self._made[key]


_KEPT = 4


def _digest_of(phrases: tuple[tuple[PermissionId, tuple[str, ...]], ...]) -> str:
    return digest(phrases)


_INDEXES = _Indexes()
