"""Which person answers for what is done on somebody's word, so that no agent is the last name.

Rules:
1. A person answers for what they said themselves, also where they have left since.
2. For anything else its owner does; where that one has left, its sponsor; where neither is there
   any more, whoever answers for what it acts for. One on leave is there.
3. Where that leads to nobody, or round in a circle, nobody answers: none is made up.
"""

from govagents.domain.ids import IdentityId
from govagents.domain.world import World
from govagents.policy.standing import employed


def accountable(world: World, principal: IdentityId) -> IdentityId | None:
    """The person who answers for `principal` now; None = nobody does."""
    found = world.identities.get(principal)
    if found is not None and found.person is not None:
        return principal  # (1)
    seen: set[IdentityId] = set()
    while found is not None and found.nonhuman is not None and found.id not in seen:
        seen.add(found.id)  # (3)
        stands = found.nonhuman
        for person in (stands.owner, stands.sponsor, stands.parent):  # (2)
            if person is not None and employed(world, person):
                return person
        found = world.identities.get(stands.parent) if stands.parent else None
    return None
