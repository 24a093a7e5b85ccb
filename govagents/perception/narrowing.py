"""Who of several people with one name is meant, as far as the words beside the name say.

1. Whoever has left is meant only where nobody else is.
2. A team, a department, a place or a post that fits one alone chooses; "on my desk" chooses the
   speaker's own people.
3. It chooses only where it stands beside the name and ends there: "Ana from sales", "Ana (sales)",
   "Ana, our buyer,", "sales Ana". Inside the words of the need ("Ana should view sales figures",
   "let Ana in on sales figures") it says what, not who.
"""

import re
from collections.abc import Sequence

from govagents.domain.identity import Identity
from govagents.domain.ids import IdentityId
from govagents.domain.world import World
from govagents.perception.index import key_of
from govagents.perception.vocabulary import CHANGES, READS, STOP
from govagents.perception.words import words

NEAR = 45
_MINE = re.compile(
    r"[\s,(–-]*(?:who(?:['’]s|\s+(?:is|sits|works))\s+)?(?:on|in|from|of|at)\s+(?:my|our)\s+(?:own\s+)?"
    r"(?:desk|team|group|department)\b|[\s,(–-]+(?:my|our)\s+(?:own\s+)?(?:reports?|people)\b",
    re.IGNORECASE,
)
_FORM = r"(?:(?:the|our|my|your|an?|one|old|new|senior|junior)\s+)*"
_LINK = re.compile(
    rf"\s*(?P<mark>[,(–]|\s-\s)?\s*(?:who(?:['’]s|\s+(?:is|sits|works))\s+)?"
    rf"(?P<link>(?:from|in|of|at)\s+)?(?P<form>{_FORM})",
    re.IGNORECASE,
)
_PART_OF = re.compile(
    r"\s*(?:hub|team|desk|department|dept|office|group|side|site)\b", re.IGNORECASE
)


def narrowed(
    who: Sequence[IdentityId], beside: tuple[str, str], speaker: Identity, world: World
) -> tuple[IdentityId, ...]:
    """(1)(2)(3): who of `who` fits the words before and after the name."""
    here = [item for item in who if not _left(world.identities[item])] or list(who)
    if len(here) > 1:
        described = [item for item in here if _describes(beside, world.identities[item])]
        if _MINE.match(beside[1]):
            described = [item for item in here if _with(speaker, world.identities[item])]
        here = described if len(described) == 1 else here
    return tuple(here)


def _left(identity: Identity) -> bool:
    return identity.person is not None and identity.person.status == "leaver"


def _describes(beside: tuple[str, str], identity: Identity) -> bool:
    """(3)."""
    before, after = beside
    named = _named(identity)
    return led_from(before, identity) < len(before) or any(_after(after, it) for it in named)


def _named(identity: Identity) -> list[list[str]]:
    person = identity.person
    texts = (person.team, person.department, person.location, person.title) if person else ()
    named = ([word.folded for word in words(text) if word.folded != "hub"] for text in texts)
    return [names for names in named if names]


def led_from(before: str, identity: Identity) -> int:
    """(3): where "sales" begins in "sales Ana"; the end of `before` where nothing says who."""
    said = words(before)
    for names in _named(identity):
        last = said[-len(names) :]
        if [word.folded for word in last] == names and not before[last[-1].end :].strip():
            return last[0].start
    return len(before)


def _after(after: str, names: Sequence[str]) -> bool:
    """(3): "Ana from sales", "Ana (sales)", "Ana, our buyer,"; what goes on speaks of the need."""
    link = _LINK.match(after)
    if link is None or not (link["mark"] or link["link"]):
        return False
    rest = after[link.end() : link.end() + NEAR]
    said = words(rest)[: len(names)]
    if [word.folded for word in said] != names:
        return False
    part = _PART_OF.match(rest, said[-1].end)
    tail = rest[part.end() if part else said[-1].end :]
    if link["link"] or link["form"]:
        return _ends(tail)
    return not re.match(r"\s*[\w&/-]", tail)


def _ends(tail: str) -> bool:
    """(3): whether no noun goes on from here."""
    follows = words(tail)[:1]
    if not follows or tail[: follows[0].start].strip():
        return True
    word = follows[0].folded
    return word.isdigit() or word in STOP - {"and", "or"} or key_of(word) in READS | CHANGES


def _with(speaker: Identity, other: Identity) -> bool:
    if speaker.person is None or other.person is None:
        return False
    return other.person.manager == speaker.id or other.person.team == speaker.person.team
