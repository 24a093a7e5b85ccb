"""Several things asked for at once: an answer about one of them drops no other.

1. What "and", commas and new sentences join are things apart; what is told about the matter, and
   what asks for a favour ("can you set me up?"), is not one. A permission belongs to the thing
   whose words speak for it most.
2. Things that no chosen permission belongs to are asked about next, one after another.
3. Permissions of one thing are alternatives: whoever chose one of them dropped the others.
4. What is chosen or said anew and belongs to nothing that was read is what was meant by the thing
   asked about, which is the first: the others are asked about all the same.
"""

from collections.abc import Sequence
from typing import NamedTuple

from govagents.domain.ids import PermissionId
from govagents.domain.request import Need
from govagents.perception.index import CatalogIndex, key_of, terms
from govagents.perception.sentences import asks, parts, sentences, tells


class Thing(NamedTuple):
    """One of the things asked for: its words, and the permissions that may be meant."""

    said: str
    needs: tuple[Need, ...]


def things(text: str, needs: Sequence[Need], index: CatalogIndex) -> tuple[Thing, ...]:
    """(1): the things `text` asks for, in order; those no need belongs to are left out."""
    places = _places(text)
    if not places or any(need.span.part for need in needs):
        return (Thing(text, tuple(needs)),) if needs else ()
    scores = [_scores(text[low:high], index) for low, high in places]
    found: dict[int, list[Need]] = {}
    for need in needs:
        overlaps = [
            at
            for at, (low, high) in enumerate(places)
            if low < need.span.end and need.span.start < high
        ]
        if overlaps:
            best = min(overlaps, key=lambda at: (-scores[at].get(need.permission, 0), at))
            found.setdefault(best, []).append(need)
    return tuple(Thing(text[slice(*places[at])].strip(), tuple(found[at])) for at in sorted(found))


def left_over(apart: Sequence[Thing], chosen: Sequence[PermissionId]) -> tuple[Thing, ...]:
    """(2)(3)(4): the things nothing was chosen for."""
    covered = [thing for thing in apart if {need.permission for need in thing.needs} & set(chosen)]
    if covered:
        return tuple(thing for thing in apart if thing not in covered)
    return tuple(apart[1:])


def _places(text: str) -> tuple[tuple[int, int], ...]:
    """(1): parts of the sentences that wish; of all of them where none does."""
    every = sentences(text)
    wishing = [span for span in every if asks(text[slice(*span)])] or every
    return tuple(
        place
        for span in wishing
        for place in parts(text, span)
        if not tells(text[slice(*place)]) and _says_something(text[slice(*place)])
    )


def _says_something(said: str) -> bool:
    """Whether there is more than "can you set me up"."""
    return bool({term.key for term in terms(said)} - FAVOUR)


FAVOUR = frozenset(
    map(key_of, "arrange fix get give grant help hook let make put set sort take".split())
)


def _scores(said: str, index: CatalogIndex) -> dict[PermissionId, int]:
    return {hit.permission: hit.score for hit in index.search(terms(said), limit=_DEEP)}


_DEEP = 200
