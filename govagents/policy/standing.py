"""How identities stand: to each other, to work, and whether they are still of the company.

Who may ask for whom, whose work a ticket is, when an identity itself ends.
"""

from collections.abc import Iterator
from datetime import datetime

from govagents.domain.identity import Identity, Kind
from govagents.domain.ids import IdentityId
from govagents.domain.world import Ticket, World

_AGENTS = frozenset({Kind.AGENT, Kind.SUBAGENT})


def relations(world: World, speaker: IdentityId, beneficiary: IdentityId) -> frozenset[str]:
    """Every way the speaker stands to the beneficiary.

    `self`; `same-department` and `manages` (also from further up) between people;
    `owner-department` from an agent to the people of its owner's department; `owner` and `sponsor`
    of a non-human. Somebody who is no longer active, or unknown, stands to nobody but himself.
    """
    if speaker == beneficiary:
        return frozenset({"self"})
    one, other = world.identities.get(speaker), world.identities.get(beneficiary)
    if one is None or other is None or not _present(world, one):
        return frozenset()
    ways = {
        "same-department": _department(one) != "" and _department(one) == _department(other),
        "owner-department": _owner_department(world, one) == _department(other) != "",
        "manages": speaker in managers(world, beneficiary),
        "owner": other.nonhuman is not None and other.nonhuman.owner == speaker,
        "sponsor": other.nonhuman is not None and other.nonhuman.sponsor == speaker,
    }
    return frozenset(way for way, holds in ways.items() if holds)


def managers(world: World, person: IdentityId) -> tuple[IdentityId, ...]:
    """Everybody above a person, nearest first."""
    return tuple(_upwards(world, person))


def party(world: World, identity: IdentityId) -> frozenset[IdentityId]:
    """A person with all their agents: whom separation of duties takes as one.

    For an agent that is its owner's party, and that of whoever it acts for; a service stands alone.
    """
    start = world.identities.get(identity)
    if start is None or start.kind not in _AGENTS | {Kind.PERSON}:
        return frozenset({identity})
    members = {identity, *_answerable(world, identity)}
    agents = [item for item in world.identities.values() if item.kind in _AGENTS]
    grown = 0
    while grown != len(members):
        grown = len(members)
        members |= {
            agent.id
            for agent in agents
            if agent.nonhuman and members & {agent.nonhuman.owner, agent.nonhuman.parent}
        }
    return frozenset(members)


def concerns(world: World, ticket: Ticket, beneficiary: Identity) -> bool:
    """Whether an open ticket is the work of the beneficiary: its assignee's, or that team's."""
    if not ticket.open or ticket.assignee is None:
        return False
    answerable = beneficiary.nonhuman.owner if beneficiary.nonhuman else beneficiary.id
    if ticket.assignee in {beneficiary.id, answerable}:
        return True
    return _team(world, ticket.assignee) == _team(world, answerable) != ""


def employed(world: World, person: IdentityId | None) -> bool:
    """Whether that is a person who has not left; one on leave has not."""
    found = world.identities.get(person) if person else None
    return found is not None and found.person is not None and found.person.status != "leaver"


def end_of(world: World, identity: IdentityId) -> datetime | None:
    """When an identity ends, or the first of those it acts for; None = no end is known."""
    ends = [each.nonhuman.expires for each in _line(world, identity) if each and each.nonhuman]
    return min((end for end in ends if end is not None), default=None)


def gone(world: World, identity: IdentityId, at: datetime) -> bool:
    """Whether it, or whoever it acts for, has left, has ended, or is nobody of this company."""
    if any(each is None or _leaver(each) for each in _line(world, identity)):
        return True
    end = end_of(world, identity)
    return end is not None and end <= at


def _leaver(identity: Identity) -> bool:
    return identity.person is not None and identity.person.status == "leaver"


def _line(world: World, identity: IdentityId) -> Iterator[Identity | None]:
    """An identity, what it acts for, and so on; None = one that the company does not know."""
    seen: set[IdentityId] = set()
    current: IdentityId | None = identity
    while current is not None and current not in seen:
        seen.add(current)
        found = world.identities.get(current)
        yield found
        current = found.nonhuman.parent if found and found.nonhuman else None


def _answerable(world: World, agent: IdentityId) -> Iterator[IdentityId]:
    """The owners of an agent and of everything it acts for."""
    seen: set[IdentityId] = set()
    current: IdentityId | None = agent
    while current is not None and current not in seen:
        seen.add(current)
        found = world.identities.get(current)
        if found is None or found.nonhuman is None:
            return
        yield found.nonhuman.owner
        current = found.nonhuman.parent
        if current is not None:
            yield current


def _upwards(world: World, person: IdentityId) -> Iterator[IdentityId]:
    seen = {person}
    found = world.identities.get(person)
    while found is not None and found.person is not None and found.person.manager not in seen:
        above = found.person.manager
        if above is None:
            return
        yield above
        seen.add(above)
        found = world.identities.get(above)


def _present(world: World, identity: Identity) -> bool:
    if identity.person is not None:
        return identity.person.status == "active"
    return identity.nonhuman is not None and employed(world, identity.nonhuman.owner)


def _department(identity: Identity | None) -> str:
    return identity.person.department if identity and identity.person else ""


def _owner_department(world: World, identity: Identity) -> str:
    if identity.kind not in _AGENTS or identity.nonhuman is None:
        return ""
    return _department(world.identities.get(identity.nonhuman.owner))


def _team(world: World, identity: IdentityId) -> str:
    found = world.identities.get(identity)
    return found.person.team if found and found.person else ""
