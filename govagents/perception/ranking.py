"""Which permissions the words ask for, by the words alone: ranked, split where several are asked.

1. A permission scores by the whole text and by its best sentence, in equal parts; a sentence that
   wishes for something counts before one that only tells, and of it what tells does not count.
2. It loses where the words speak of looking and it changes something, and the other way round;
   most where the words rule changing out. It loses nothing where its very action is said.
3. A system that is named outright takes points from every other; a system the speaker has never
   worked with loses a little.
4. A further need must explain words the first does not, be alike to its own part of a sentence,
   and score nearly as well. The name of a system says where, not what; what stands before the wish
   ("wrong chat, I need ...") is not asked for.
5. Where looking and changing are both asked for, the need has both: one of them alone would not
   do.
6. A hyphenated name the catalog does not know as one is a thing's name and says little.
7. Where the words rule changing out, nothing that changes stands beside what only looks.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from govagents.domain.catalog import Permission
from govagents.domain.ids import PermissionId, SystemId
from govagents.domain.world import System
from govagents.perception import vocabulary
from govagents.perception.asks import Intent, intent
from govagents.perception.index import CatalogIndex, Term, key_of, terms
from govagents.perception.sentences import asks, parts, sentences, tells, wants
from govagents.perception.words import id_words

_MOST_NEEDS = 4
_NEARLY, _ALIKE = 45, 55  # (4) hundredths of the first need's score, and of likeness
_AGAINST_INTENT, _AGAINST_RULE, _OTHER_SYSTEM, _UNFAMILIAR = 70, 25, 72, 85
_APART, _SHARED, _LOOKED_AT = 80, 50, 10
_DEPTH = 400  # permissions looked at
_JUST_SEE = frozenset({"view"})
_COMPOUND = re.compile(r"[^\W_]+(?:-[^\W_]+)+")


class Ranked(NamedTuple):
    """A permission with its score and the words that speak for it."""

    permission: PermissionId
    score: int
    matched: frozenset[str]


@dataclass(frozen=True)
class Surroundings:
    """What the words are read against: the systems there are, and those the speaker works with."""

    systems: Mapping[SystemId, System]
    familiar: frozenset[SystemId] = frozenset()


@dataclass(frozen=True)
class Ranking:
    """All that is known about what one text asks for. `terms` are its content words."""

    terms: tuple[Term, ...]
    ranked: tuple[Ranked, ...]
    needs: tuple[Ranked, ...]
    systems: tuple[SystemId, ...]
    intent: Intent


def rank(text: str, index: CatalogIndex, around: Surroundings) -> Ranking:
    """Rank the permissions of `index` for `text`, which is masked down to what may be asked for."""
    query, wish = _terms(text, index), intent(text)
    named = named_systems(query, around.systems)
    called = (
        _called(id_words(name)) for each in named for name in (each, around.systems[each].name)
    )
    names = frozenset[str]().union(*called)
    query = tuple(_where(query, names))
    bias = _Bias(wish, named, names, around.familiar, index)
    wishes = _wishes(text, query, index)
    ranked = _ranked(text, query, wishes, bias)
    needs = _needs(text, wishes, ranked, bias)
    return Ranking(query, ranked, needs, named, wish)


def _where(query: Sequence[Term], names: frozenset[str]) -> Iterator[Term]:
    """(3): the name of a system says where, and little of what."""
    for term in query:
        yield term._replace(weight=term.weight * _WHERE) if term.key in names else term


_WHERE = 0.4


def named_systems(
    query: Sequence[Term], systems: Mapping[SystemId, System]
) -> tuple[SystemId, ...]:
    """(3): systems whose name or id is said, the most completely named first."""
    said = {term.key for term in query}
    found = []
    for system in systems.values():
        share = max(_share(said, id_words(name)) for name in (system.id, system.name))
        if share >= _NAMED:
            found.append((-share, system.id))
    best = min((share for share, _ in found), default=0.0)
    return tuple(system for share, system in sorted(found) if share == best)


_NAMED = 2 / 3
_HOLLOW = frozenset(
    key_of(word) for word in ("and", "core", "the", "prod", "corp", "system", "data")
)


def _share(said: set[str], name: Sequence[str]) -> float:
    keys = _called(name)
    return sum(key in said for key in keys) / len(keys) if keys else 0.0


def _called(name: Sequence[str]) -> list[str]:
    keys = [key_of(part) for word in name for part in vocabulary.SHORT.get(word, (word,))]
    return [key for key in keys if key not in _HOLLOW]


@dataclass(frozen=True)
class _Bias:
    """(2)(3) in hundredths; `names` are the words that name the systems `named`."""

    wish: Intent
    named: tuple[SystemId, ...]
    names: frozenset[str]
    familiar: frozenset[SystemId]
    index: CatalogIndex

    def of(self, name: PermissionId) -> int:
        permission = self.index.permissions[name]
        share = self._of_doing(permission)
        if self.named and permission.system not in self.named:
            share = share * _OTHER_SYSTEM // 100
        if self.familiar and permission.system not in self.familiar:
            share = share * _UNFAMILIAR // 100
        return share

    def _of_doing(self, permission: Permission) -> int:
        said = self.index.actions[permission.id] & self.wish.said
        if permission.access_level.changes:
            if self.wish.read_only:
                return _AGAINST_RULE
            if said:
                return 108
            return 100 if self.wish.changes else _AGAINST_INTENT
        if self.wish.changes and not self.wish.reads and not said:
            return 80
        return 90 if self.wish.verbs == _JUST_SEE and not said else 100


def _terms(text: str, index: CatalogIndex) -> tuple[Term, ...]:
    """(6)."""
    found = terms(text)
    for match in _COMPOUND.finditer(text):
        inside = [term for term in found if match.start() <= term.start < match.end()]
        if len(inside) > 1 and not index.together(frozenset(term.key for term in inside)):
            found = tuple(term._replace(weight=0.4) if term in inside else term for term in found)
    return found


def _wishes(text: str, query: Sequence[Term], index: CatalogIndex) -> tuple[tuple[int, int], ...]:
    """(1): sentences that wish for something the catalog has words for; else all."""
    all_of_them = sentences(text)
    wishing = tuple(
        (low, high)
        for low, high in all_of_them
        if asks(text[low:high])
        and any(low <= term.start < high and index.knows(term.key) for term in query)
    )
    return wishing or all_of_them


def _ranked(
    text: str, query: Sequence[Term], wishes: Sequence[tuple[int, int]], bias: _Bias
) -> tuple[Ranked, ...]:
    whole = bias.index.search(query, limit=_DEPTH)
    best: dict[PermissionId, int] = {}
    for sentence in wishes:
        for inside in _inside(query, sentence, text, bias.index):
            hits = whole if len(inside) == len(query) else bias.index.search(inside, limit=_DEPTH)
            for hit in hits:
                best[hit.permission] = max(best.get(hit.permission, 0), hit.score)
    scored = [
        Ranked(
            hit.permission,
            (hit.score + best.get(hit.permission, 0)) * bias.of(hit.permission) // 200,
            hit.matched,
        )
        for hit in whole
    ]
    return tuple(sorted(scored, key=lambda item: (-item.score, item.permission)))


def _asking(text: str, sentence: tuple[int, int], index: CatalogIndex) -> list[tuple[int, int]]:
    """(1)(4): the parts of a sentence that may ask: none that tells, and none before the wish."""
    places = [place for place in parts(text, sentence) if not tells(text[slice(*place)])]
    said = [text[slice(*place)] for place in places]
    wish = (at for at, part in enumerate(said) if wants(part) and _full(part, index))
    return places[next(wish, 0) :]


def _full(said: str, index: CatalogIndex) -> bool:
    """Whether a part says by itself what it asks for."""
    hits = index.search(terms(said), limit=1)
    return bool(hits) and hits[0].likeness >= _ALIKE


def _inside(
    query: Sequence[Term], sentence: tuple[int, int], text: str, index: CatalogIndex
) -> Iterator[list[Term]]:
    """(1): the words of a sentence, and those of what may ask in it."""
    inside = [term for term in query if sentence[0] <= term.start < sentence[1]]
    places = _asking(text, sentence, index)
    yield inside
    yield [term for term in inside if any(low <= term.start < high for low, high in places)]


def _needs(
    text: str, wishes: Sequence[tuple[int, int]], ranked: Sequence[Ranked], bias: _Bias
) -> tuple[Ranked, ...]:
    """(4)(5)."""
    if not ranked:
        return ()
    found = [ranked[0]]
    explained = set(ranked[0].matched)
    for low, high in (part for wish in wishes for part in _asking(text, wish, bias.index)):
        inside = tuple(_where(_terms(text[low:high], bias.index), bias.names))
        choice = _best_of(inside, explained, bias)
        if choice and choice.score * 100 >= _NEARLY * ranked[0].score and len(found) < _MOST_NEEDS:
            found.append(choice)
            explained |= choice.matched
    asked_for = _asked_for(text, wishes, bias.index)
    found += _apart(found, ranked, bias, asked_for - bias.names)
    found = [item for item in found if item.matched & asked_for] or found  # (4)
    return _only_looking(_with_siblings(tuple(found[:_MOST_NEEDS]), bias), bias)


def _only_looking(found: tuple[Ranked, ...], bias: _Bias) -> tuple[Ranked, ...]:
    """(7)."""
    if not bias.wish.read_only:
        return found
    permissions = bias.index.permissions
    looks = tuple(item for item in found if not permissions[item.permission].access_level.changes)
    return looks or found


def _asked_for(text: str, wishes: Sequence[tuple[int, int]], index: CatalogIndex) -> frozenset[str]:
    """(4): the words that may ask for something."""
    places = [place for wish in wishes for place in _asking(text, wish, index)]
    said = (term.key for low, high in places for term in terms(text[low:high]))
    return frozenset(said) - vocabulary.READS


def _apart(
    found: Sequence[Ranked], ranked: Sequence[Ranked], bias: _Bias, asked_for: frozenset[str]
) -> list[Ranked]:
    """(4): of two permissions the words speak for, alternatives share words and needs do not."""
    explained = {key for item in found for key in item.matched}
    more: list[Ranked] = []
    for item in ranked[:_LOOKED_AT]:
        if item.score * 100 < _APART * ranked[0].score:
            break
        mass = {key: bias.index.idf(key) ** 2 for key in item.matched}
        shared = sum(mass[key] for key in sorted(item.matched & explained))
        new = item.matched - explained
        own = sum(mass[key] for key in sorted(new))
        if len(new) > 1 and new & asked_for and shared * 100 <= _SHARED * own:
            more.append(item)
            explained |= item.matched
    return more


def _best_of(inside: Sequence[Term], explained: set[str], bias: _Bias) -> Ranked | None:
    scored = [
        (
            Ranked(hit.permission, hit.score * bias.of(hit.permission) // 100, hit.matched),
            hit.likeness,
        )
        for hit in bias.index.search(inside, limit=20)
    ]
    choice = min(scored, key=lambda item: (-item[0].score, item[0].permission), default=None)
    if choice is None or choice[1] < _ALIKE:
        return None
    return choice[0] if _is_new(choice[0], explained, inside, bias.index) else None


def _is_new(
    choice: Ranked, explained: set[str], inside: Sequence[Term], index: CatalogIndex
) -> bool:
    """Two new words, or one that is most of its part, names the resource, or is the action."""
    new = choice.matched - explained
    if len(new) != 1:
        return len(new) > 1
    segments = re.split(r"[:./]", choice.permission)
    resource, action = (segments[-2] if len(segments) > 1 else ""), segments[-1]
    if new & {key_of(word) for word in id_words(resource)}:
        return True
    mass = {term.key: index.idf(term.key) ** 2 for term in inside}
    most = len(mass) > 1 and 2 * sum(mass.get(key, 0.0) for key in new) >= sum(mass.values())
    return most or (inside[0].key in new and key_of(action) in new)


def _with_siblings(found: tuple[Ranked, ...], bias: _Bias) -> tuple[Ranked, ...]:
    """(5): looking at what is changed, and doing what is said to what is looked at."""
    chosen: dict[PermissionId, Ranked] = {}
    for item in found:
        for name in _looked_at(item, bias):
            chosen.setdefault(name, item._replace(permission=name))
    return tuple(chosen.values())


def _looked_at(item: Ranked, bias: _Bias) -> tuple[PermissionId, ...]:
    """What of one resource is wanted: reading, changing or, where both are spoken of, both."""
    own, permissions = item.permission, bias.index.permissions
    looks = "view" in bias.wish.verbs
    resource = own.rsplit(":", 1)[0]
    if permissions[own].access_level.changes:
        reading = PermissionId(f"{resource}:read")
        if reading not in permissions or not looks:
            return (own,)
        said = bias.wish.changes or bias.index.actions[own] & bias.wish.said
        return (reading, own) if said and not bias.wish.read_only else (reading,)
    if bias.wish.read_only:
        return (own,)
    more = [
        name
        for name in bias.index.ids
        if name.startswith(f"{resource}:")
        and permissions[name].access_level.changes
        and bias.index.verbs[name] & bias.wish.said
    ]
    return (own, *more[:1]) if looks or not more else (more[0],)
