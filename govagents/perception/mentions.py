"""People and agents in the words whom the directory knows.

1. An id, a name or a post ("my manager", "our intern") names somebody. A name in small letters does
   where the words begin, where they give, and before a need; the words of an agent's id at the head
   ("log reader: ...") and behind "for", "let" or "give".
2. Of several people with one name only the words choose (`narrowing.py`).
3. Whoever has left is meant only where nobody else is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from govagents.domain.identity import Identity
from govagents.domain.ids import IdentityId
from govagents.domain.world import World
from govagents.perception.cues import CUES
from govagents.perception.narrowing import narrowed
from govagents.perception.words import Word, fold, words


@dataclass(frozen=True)
class Mention:
    """A place in the words and who may be meant; nobody where the directory has no such name."""

    start: int
    end: int
    who: tuple[IdentityId, ...]


def mentions(text: str, speaker: Identity, world: World) -> tuple[Mention, ...]:
    """Every person and agent named, in order; `who` is narrowed by what the words add (2)(3)."""
    found = [*_by_id(text, world), *_by_name(text, world), *_by_post(text, speaker, world)]
    fitting = [
        replace(
            item, who=narrowed(item.who, (text[: item.start], text[item.end :]), speaker, world)
        )
        for item in found
    ]
    kept: list[Mention] = []
    for item in sorted(fitting, key=lambda item: (item.start, -item.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return tuple(kept)


def _by_id(text: str, world: World) -> list[Mention]:
    folded = text.casefold()
    found = []
    for identity in world.identities:
        at = folded.find(identity)
        if at >= 0 and re.fullmatch(r"|\W", folded[at + len(identity) :][:1]):
            found.append(Mention(at, at + len(identity), (identity,)))
        words_of = r"[\s-]+".join(map(re.escape, re.split(r"[-_.]", identity)[1:]))
        agent = world.identities[identity].nonhuman is not None and words_of
        if at < 0 and agent and (said := re.search(_AGENT % (words_of, words_of), folded)):
            found.append(Mention(*said.span(said.lastgroup or 0), (identity,)))
    return found


_AGENT = (
    r"\A\s*(?:the\s+|our\s+)?(?P<head>%s)\s*(?::|\s(?:needs?|wants?|must|has\s+to)\b)"
    r"|\b(?:for|let|give|grant|allow)\s+(?:the\s+|our\s+)?(?P<given>%s)\b(?!\s+(?:role|report|list)\b)"
)


def _by_name(text: str, world: World) -> list[Mention]:
    known = names_of(world)
    said = words(text)
    found, at = [], 0
    while at < len(said):
        who, end = _longest(said, at, known)
        if who and (said[at].text[:1].isupper() or end > at + 1 or _alone(said[at], text)):
            found.append(Mention(said[at].start, _end_of(said[end - 1]), tuple(sorted(who))))
        at = max(end, at + 1)
    return found


def _end_of(word: Word) -> int:
    return word.start + len(re.split(r"['’]", word.text)[0])


def _longest(
    said: Sequence[Word], at: int, known: Mapping[str, frozenset[IdentityId]]
) -> tuple[frozenset[IdentityId], int]:
    """The people all of whose names stand here in a row, and the index after the last one."""
    who, end = known.get(said[at].folded, frozenset()), at + 1
    while who and end < len(said):
        both = who & known.get(said[end].folded, frozenset())
        if not both:
            break
        who, end = both, end + 1
    return who, end


def _alone(word: Word, text: str) -> bool:
    """A name in small letters counts where the words begin, where they give, and before a need."""
    before, after = text[: word.start], text[word.end :]
    given = CUES.before.search(before) or _NEEDY_NAME.match(after)
    weak = CUES.weak.search(before) and not re.match(r"\.?\s*\d", after)
    return not before.strip() or bool(given or weak)


_NEEDY_NAME = re.compile(
    r"(?:\s+(?:both|also|now|and\s+\w+))?\s+(?:needs?|wants?|has\s+to|should|must)\b"
)


def names_of(world: World) -> dict[str, frozenset[IdentityId]]:
    """The single names of people, folded, and whose they are."""
    found: dict[str, set[IdentityId]] = {}
    for identity in world.identities.values():
        for name in _called(identity):
            found.setdefault(name, set()).add(identity.id)
    return {name: frozenset(who) for name, who in found.items()}


def _called(identity: Identity) -> tuple[str, ...]:
    return _single(identity.name) if identity.person else ()


@lru_cache(maxsize=8192)
def _single(name: str) -> tuple[str, ...]:
    """The single names of a person; particles ("de", "van") name nobody.

    A name of two halves is written as one word, too.
    """
    halves = [word.folded for word in words(name.replace("-", " "))]
    whole = [re.sub(r"\W", "", fold(part)) for part in name.split()]
    said = dict.fromkeys([*halves, *whole])
    return tuple(item for item in said if len(item) > _PARTICLE and item not in {"van", "den"})


_PARTICLE = 2


def _by_post(text: str, speaker: Identity, world: World) -> list[Mention]:
    found = []
    own = speaker.person.department if speaker.person else None
    juniors = [
        item.id
        for item in world.identities.values()
        if item.person and item.person.employment in {"intern", "trainee", "apprentice"}
        if own is None or item.person.department == own
    ]
    found += [Mention(*match.span(), tuple(sorted(juniors))) for match in _JUNIOR.finditer(text)]
    boss = speaker.person.manager if speaker.person else None
    return found + [
        Mention(*match.span(), (boss,) if boss else ()) for match in _BOSS.finditer(text)
    ]


_JUNIOR = re.compile(
    r"\b(?:our|my|the)\s+(?:new\s+)?(?:interns?|trainees?|apprentices?|praktikant(?:in)?|stagiaire|becari[oa])\b",
    re.IGNORECASE,
)
_BOSS = re.compile(r"\bmy\s+(?:manager|boss|supervisor|team\s+lead(?:er)?)\b", re.IGNORECASE)
