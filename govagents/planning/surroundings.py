"""What the risk agent sees around a proposal, each thing with its source, trust and time.

Rules:
1. Everything is looked up when it is judged, also once more after a person has answered.
2. What a source does not say is unknown: no trust, no department, no place, no usage log, no
   ticket system. How policy counts the unknown is policy's to say, and is not written here.
3. What the beneficiary can have no such thing of is `none`: an agent's department or clearance.
4. The systems are those that the proposed roles reach, not only those asked for.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from govagents.domain.catalog import Catalog, Role
from govagents.domain.identity import Identity
from govagents.domain.ids import IdentityId, SystemId
from govagents.domain.observation import Look, Observation, Source, Topic
from govagents.domain.proposal import Proposal
from govagents.domain.world import World
from govagents.policy.standing import gone
from govagents.ports import Holding, Usage

_NONE = "none"


@dataclass(frozen=True)
class Surroundings:
    """One proposal in its world, at the instant of looking."""

    proposal: Proposal
    world: World
    catalog: Catalog
    usage: Usage
    holdings: Sequence[Holding]
    at: datetime

    def observed(self) -> tuple[Observation, ...]:
        """By topic: who it is, what they hold, what is reached, how it is used, what goes on."""
        return (
            *self._identity(),
            *self._authorization(),
            *self._resources(),
            *self._behaviour(),
            *self._events(),
        )

    @cached_property
    def _subject(self) -> Identity:
        return self.world.identities[self.proposal.beneficiary]

    @cached_property
    def _roles(self) -> tuple[Role, ...]:
        return tuple(self.catalog.roles[role] for role in self.proposal.roles)

    @cached_property
    def _systems(self) -> tuple[SystemId, ...]:
        """(4)."""
        reached = (self.catalog.systems_of(role) for role in self._roles)
        return tuple(sorted({system for systems in reached for system in systems}))

    def _identity(self) -> Iterator[Observation]:
        look = Look(Topic.IDENTITY, Source.DIRECTORY, self.at)
        person, other = self._subject.person, self._subject.nonhuman
        ended = gone(self.world, self._subject.id, self.at)
        yield look.says("kind", self._subject.kind.value)
        yield look.says("department", (person.department or None) if person else _NONE)  # (3)
        yield look.says("clearance", str(person.clearance) if person else _NONE)
        place = person.location if person else other.environment if other else ""
        yield look.says("place", place or None)
        yield look.says("standing", "ended" if ended else person.status if person else "active")

    def _authorization(self) -> Iterator[Observation]:
        """Held, pending and scheduled, of the whole party; unknown where no list of it exists."""
        look = Look(Topic.AUTHORIZATION, Source.RECORDS, self.at)
        roles = sorted({holding.role for holding in self.holdings})
        listed = bool(roles or self.world.assignments)
        yield look.says("held", (", ".join(roles) or _NONE) if listed else None)

    def _resources(self) -> Iterator[Observation]:
        look = Look(Topic.RESOURCE, Source.CATALOG, self.at)
        ranks = [
            self.catalog.permissions[item].sensitivity
            for role in self._roles
            for item in role.permissions
        ]
        highest = max(ranks, key=lambda item: item.rank, default=None)
        privileged = any(role.privileged for role in self._roles) if self._roles else None
        yield look.says("sensitivity", highest.value if highest else None)
        yield look.says("privileged", _yes(privileged))
        for role in self._roles:
            yield look.says(f"{role.id} on offer", _yes(role.assignable))
        known = Look(Topic.RESOURCE, Source.DIRECTORY, self.at)
        for name in self._systems:
            system = self.world.systems.get(name)
            environment = system.environment if system else ""
            yield known.says(f"environment of {name}", environment or None)

    def _behaviour(self) -> Iterator[Observation]:
        trust = self._subject.trust
        known = Look(Topic.BEHAVIOUR, Source.DIRECTORY, self.at)
        look = Look(Topic.BEHAVIOUR, Source.USAGE, self.at)
        yield known.says("trust", None if trust is None else str(trust))
        used = self._used((self._subject.id,))
        nobody_knows = used is None or not all(_group(self._subject))
        peers = None if nobody_knows else self._used(tuple(self._peers()))
        yield look.says("used before", _yes(used))
        yield look.says("peers use it", _yes(peers))

    def _events(self) -> Iterator[Observation]:
        look = Look(Topic.EVENT, Source.TICKETS, self.at)
        tickets = self.world.tickets.values()
        for name in self._systems:
            on_it = sorted(each.id for each in tickets if each.open and each.system == name)
            said = (", ".join(on_it) or _NONE) if tickets else None
            yield look.says(f"open tickets on {name}", said)

    def _used(self, identities: Collection[IdentityId]) -> bool | None:
        """Whether any of them used any of the needs; None = there is no usage log."""
        found = self.usage.of(identities, self.proposal.needs)
        return None if found is None else any(found.values())

    def _peers(self) -> Iterator[IdentityId]:
        """People of the same department; for a non-human those of the same owner."""
        ours = _group(self._subject)
        for other in self.world.identities.values():
            if other.id != self._subject.id and _group(other) == ours:
                yield other.id


def _group(identity: Identity) -> tuple[str, str]:
    if identity.person is not None:
        return ("department", identity.person.department)
    return ("owner", identity.nonhuman.owner if identity.nonhuman else "")


def _yes(value: bool | None) -> str | None:  # a word for a truth value
    return None if value is None else ("yes" if value else "no")
