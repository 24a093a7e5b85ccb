"""A catalog as something one can look words up in.

1. What is indexed is the permission: its id, its description and, where the world has them,
   everyday phrases for it.
2. A text scores by the rare words it shares with a permission's best document (cosine of idf
   weights) and, less, with all of them.
3. A word the catalog does not know counts for the known words it resembles.
4. Scores are whole numbers before anything is ranked; ties go by id.
"""

import heapq
import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from govagents.domain.catalog import Catalog, Permission, Role
from govagents.domain.ids import PermissionId, RoleId
from govagents.perception import vocabulary
from govagents.perception.words import fold, id_words, stem, words

_ALIKE = 0.5
_MOST_ALIKE = 4
_PREFIX = 4
_RAREST = 6.0


class Term(NamedTuple):
    """A content word of a text as it is looked up: its place, its meaning, how much it counts."""

    start: int
    end: int
    key: str
    weight: float = 1.0


class Hit(NamedTuple):
    """A permission sharing words with a text; `likeness` (0 to 100) is of its best document."""

    permission: PermissionId
    score: int
    matched: frozenset[str]
    likeness: int = 0


def terms(text: str) -> tuple[Term, ...]:
    """The content words of `text`; abbreviations are spelled out, foreign words translated."""
    return tuple(
        Term(word.start, word.end, key_of(instead))
        for word in words(text)
        for instead in _spelled_out(word.folded)
        if instead not in vocabulary.STOP or instead in _KEPT
    )


_KEPT = frozenset({"see", "look", "open", "set", "put"})  # verbs: they tell reading from changing


def _spelled_out(folded: str) -> tuple[str, ...]:
    return vocabulary.SHORT.get(folded) or vocabulary.ABROAD.get(folded) or (folded,)


def key_of(word: str) -> str:
    """The word under which `word` and its synonyms are filed."""
    root = stem(word)
    return vocabulary.MEANING.get(root, root)


@dataclass(frozen=True)
class _Document:
    permission: int
    keys: frozenset[str]
    norm: float


@dataclass(frozen=True)
class CatalogIndex:
    """Built once per catalog and phrases; immutable."""

    ids: tuple[PermissionId, ...]
    permissions: Mapping[PermissionId, Permission] = field(repr=False)
    roles_of: Mapping[PermissionId, tuple[RoleId, ...]] = field(repr=False)
    verbs: Mapping[PermissionId, frozenset[str]] = field(repr=False)
    actions: Mapping[PermissionId, frozenset[str]] = field(repr=False)
    _keys: tuple[frozenset[str], ...] = field(repr=False)
    _documents: tuple[_Document, ...] = field(repr=False)
    _postings: Mapping[str, tuple[int, ...]] = field(repr=False)
    _idf: Mapping[str, float] = field(repr=False)
    _grams: Mapping[str, tuple[str, ...]] = field(repr=False)

    def knows(self, key: str) -> bool:
        """Whether any permission is described with this word."""
        return key in self._idf

    def describes(self, permission: PermissionId, key: str) -> bool:
        """Whether `permission`, its id or a phrase for it holds this word."""
        at = bisect_left(self.ids, permission)
        return at < len(self.ids) and self.ids[at] == permission and key in self._keys[at]

    def idf(self, key: str) -> float:
        """How rare a word is; an unknown one is as rare as the rarest."""
        return self._idf.get(key, _RAREST)

    def alike(self, key: str) -> tuple[tuple[str, float], ...]:
        """(3): known words that resemble `key`, at most four, most alike first."""
        if key in self._idf or len(key) < _PREFIX:
            return ((key, 1.0),) if key in self._idf else ()
        own = _trigrams(key)
        shared: dict[str, int] = {}
        for gram in sorted(own):
            for known in self._grams.get(gram, ()):
                shared[known] = shared.get(known, 0) + 1
        scored = [(_likeness(key, known, n, len(own)), known) for known, n in shared.items()]
        best = sorted((-round(s, 3), known) for s, known in scored if s >= _ALIKE)[:_MOST_ALIKE]
        return tuple((known, 0.8 * -minus) for minus, known in best)

    def together(self, keys: frozenset[str]) -> bool:
        """Whether one document holds all of `keys`."""
        postings = [set(self._postings.get(key, ())) for key in sorted(keys)]
        return bool(postings) and bool(set.intersection(*postings))

    def search(self, query: Sequence[Term], *, limit: int = 40) -> tuple[Hit, ...]:
        """(2)(4): the permissions sharing most with `query`, best first."""
        weights, said = self._weights(query)
        gains = {key: weights[key] * self._idf[key] ** 2 for key in sorted(weights)}
        norm = math.sqrt(sum(gains.values())) or 1.0
        best, whole = self._scored(gains)
        ranked = [
            (-round(100 * (value + 0.3 * whole[item] / norm)), self.ids[item], item)
            for item, value in best.items()
        ]
        return tuple(
            Hit(name, -minus, self._shared(item, said), round(100 * best[item] / norm))
            for minus, name, item in heapq.nsmallest(limit, ranked)
        )

    def _scored(self, gains: Mapping[str, float]) -> tuple[dict[int, float], dict[int, float]]:
        """Of each permission the best document's score, and what all its documents share."""
        scores: dict[int, float] = {}
        whole: dict[int, float] = {}
        for key, gain in gains.items():
            seen: set[int] = set()
            for number in self._postings[key]:
                scores[number] = scores.get(number, 0.0) + gain
                item = self._documents[number].permission
                if item not in seen:
                    seen.add(item)
                    whole[item] = whole.get(item, 0.0) + gain
        best: dict[int, float] = {}
        for number, score in scores.items():
            document = self._documents[number]
            value = score / document.norm
            if value > best.get(document.permission, 0.0):
                best[document.permission] = value
        return best, whole

    def _shared(self, item: int, said: Mapping[str, str]) -> frozenset[str]:
        return frozenset(word for key, word in said.items() if key in self._keys[item])

    def _weights(self, query: Sequence[Term]) -> tuple[dict[str, float], dict[str, str]]:
        weights: dict[str, float] = {}
        said: dict[str, str] = {}
        for term in query:
            for known, likeness in self.alike(term.key):
                if likeness * term.weight > weights.get(known, 0.0):
                    weights[known], said[known] = likeness * term.weight, term.key
        return weights, said


def build_index(
    catalog: Catalog, phrases: Mapping[PermissionId, Sequence[str]] | None = None
) -> CatalogIndex:
    """Index `catalog`; linear in its words (13,790 permissions: about two seconds)."""
    ids = tuple(sorted(catalog.permissions))
    number = {permission: at for at, permission in enumerate(ids)}
    roles = _roles_of(catalog)
    texts: list[tuple[int, frozenset[str]]] = []
    for permission in ids:
        own = [_described(catalog.permissions[permission])]
        own += [_keys(phrase) for phrase in (phrases or {}).get(permission, ())]
        texts += [(number[permission], keys) for keys in own if keys]
    idf = _rarity(texts, len(ids))
    documents = tuple(
        _Document(item, keys, math.sqrt(sum(idf[key] ** 2 for key in sorted(keys))))
        for item, keys in texts
    )
    verbs = {item: _verbs(catalog.permissions[item]) for item in ids}
    actions = {item: verbs[item] | _openings((phrases or {}).get(item, ())) for item in ids}
    return CatalogIndex(
        ids,
        catalog.permissions,
        roles,
        verbs,
        actions,
        _all_keys(documents, len(ids)),
        documents,
        _posted(documents),
        idf,
        _gram_index(idf),
    )


def _all_keys(documents: Sequence[_Document], total: int) -> tuple[frozenset[str], ...]:
    found: list[set[str]] = [set() for _ in range(total)]
    for document in documents:
        found[document.permission] |= document.keys
    return tuple(map(frozenset, found))


def _described(permission: Permission) -> frozenset[str]:
    local = permission.id.removeprefix(permission.system)
    return frozenset(key_of(word) for word in id_words(local) if word) | _keys(
        permission.description
    )


def _keys(text: str) -> frozenset[str]:
    return frozenset(term.key for term in terms(text))


def _verbs(permission: Permission) -> frozenset[str]:
    """The verbs of what `permission` lets one do: of its id and of its description."""
    own = [key_of(word) for word in id_words(permission.id)[-1:]]
    start, _, either = " ".join(permission.description.split()[:4]).partition(" or ")
    sides = (start, either)
    return frozenset([*own, *(term.key for side in sides for term in terms(side)[:1])])


def _openings(phrases: Sequence[str]) -> frozenset[str]:
    return frozenset(term.key for phrase in phrases for term in terms(phrase)[:1])


def _roles_of(catalog: Catalog) -> dict[PermissionId, tuple[RoleId, ...]]:
    """Roles of each permission, fewest permissions first."""
    found: dict[PermissionId, list[Role]] = {permission: [] for permission in catalog.permissions}
    for role in catalog.roles.values():
        for permission in role.permissions:
            found[permission].append(role)
    return {
        permission: tuple(r.id for r in sorted(roles, key=lambda r: (len(r.permissions), r.id)))
        for permission, roles in found.items()
    }


def _rarity(texts: Iterable[tuple[int, frozenset[str]]], total: int) -> dict[str, float]:
    seen: dict[str, set[int]] = {}
    for item, keys in texts:
        for key in keys:
            seen.setdefault(key, set()).add(item)
    scale = _RAREST / math.log(total + 1)  # so that scores of small and large catalogs compare
    return {key: scale * math.log((total + 1) / len(items)) for key, items in sorted(seen.items())}


def _posted(documents: Sequence[_Document]) -> dict[str, tuple[int, ...]]:
    postings: dict[str, list[int]] = {}
    for number, document in enumerate(documents):
        for key in document.keys:
            postings.setdefault(key, []).append(number)
    return {key: tuple(numbers) for key, numbers in postings.items()}


def _gram_index(idf: Mapping[str, float]) -> dict[str, tuple[str, ...]]:
    grams: dict[str, list[str]] = {}
    for key in idf:
        for gram in _trigrams(key):
            grams.setdefault(gram, []).append(key)
    return {gram: tuple(keys) for gram, keys in grams.items()}


def _trigrams(word: str) -> frozenset[str]:
    padded = f" {fold(word)} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def _likeness(word: str, known: str, shared: int, size: int) -> float:
    """Dice of trigrams; a shared beginning of four letters or more counts as half the way."""
    dice = 2 * shared / (size + len(known))
    prefix = word.startswith(known) or known.startswith(word)
    return max(dice, 0.7 if prefix and min(len(word), len(known)) >= _PREFIX else 0.0)
