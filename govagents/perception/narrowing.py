"""Who of several people with one name is meant, as far as the words after the name say.

1. Whoever has left is meant only where nobody else is.
2. A team, a department, a place or a post that fits one alone chooses; "on my desk" chooses the
   speaker's own people.
"""

import re
from collections.abc import Sequence

from govagents.domain.identity import Identity
from govagents.domain.ids import IdentityId
from govagents.domain.world import World
from govagents.perception.words import words

NEAR = 45
_MINE = re.compile(r"\b(?:my|our)\s+(?:own\s+)?(?:desk|team|group|department|reports?|people)\b")


def narrowed(
    who: Sequence[IdentityId], after: str, speaker: Identity, world: World
) -> tuple[IdentityId, ...]:
    """(1)(2): who of `who` fits the words `after` the name."""
    here = [item for item in who if not _left(world.identities[item])] or list(who)
    if len(here) > 1:
        around = after[:NEAR]
        clause = re.split(r"[.;!?]", around)[0]
        said = {word.folded for word in words(clause)}
        described = [item for item in here if _describes(said, world.identities[item])]
        if _MINE.search(clause):
            described = [item for item in here if _with(speaker, world.identities[item])]
        here = described if len(described) == 1 else here
    return tuple(here)


def _left(identity: Identity) -> bool:
    return identity.person is not None and identity.person.status == "leaver"


def _describes(said: set[str], identity: Identity) -> bool:
    person = identity.person
    if person is None:
        return False
    texts = (person.team, person.department, person.location, person.title)
    return any(
        (names := {word.folded for word in words(text)})
        and names <= said | {"hub"}
        and names & said
        for text in texts
    )


def _with(speaker: Identity, other: Identity) -> bool:
    if speaker.person is None or other.person is None:
        return False
    return other.person.manager == speaker.id or other.person.team == speaker.person.team
