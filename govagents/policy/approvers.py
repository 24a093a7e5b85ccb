"""Who fills a seat now: a right to approve, turned into a person.

Rules:
1. Neither speaker nor beneficiary decides, nor anybody who at this time decides for one of them or
   for whom one of them decides. Where something that is no person speaks for somebody else, whoever
   stands behind it is a party too: its owner, its sponsor, what it acts for and who owns that.
2. Only an active person decides; an agent, a service or somebody who left never does.
3. Whoever may not, is away without a stand-in, or already counts for a quorum is replaced by that
   person's manager, and so on upwards; past the top by the world's last resort, in its order.
4. Whoever decides in somebody's place (`delegates`) fills the seat instead; where he may not
   either, it goes on upwards from the one who handed it on.
5. While the owner of a non-human is away, its sponsor decides.
6. A seat nobody is named for stays empty; it is not replaced. So does that of whoever is on call
   (`oncall`) where nobody is.
7. A quorum is one of distinct people: whoever counts, counts as himself and as everybody for whom
   he decides or who decides for him. It is open where enough seats are filled.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from govagents.domain.decision import Consent, Seat
from govagents.domain.facts import RoleFacts
from govagents.domain.ids import IdentityId, RoleId
from govagents.domain.world import World
from govagents.policy.delegates import Matter, counterparts, deputies
from govagents.policy.oncall import on_call

ON_CALL = "on-call"
KINDS = frozenset(
    {"role-owner", "system-owner", "manager", "agent-owner", "identity-owner", ON_CALL}
)
"""Seats that are not a person's name."""

ALIASES: Mapping[str, str] = {"owner": "role-owner"}
"""Short names of seats that policies may write."""


class Panel(NamedTuple):
    """The seats one policy asks, and how many of them must agree."""

    seats: tuple[str, ...]
    quorum: int

    @classmethod
    def asked(cls, kinds: Iterable[str], quorum: str) -> "Panel":
        """As `@approver` and `@quorum` write it; without a quorum one will do."""
        return cls(tuple(ALIASES.get(kind, kind) for kind in kinds), int(quorum or "1"))

    @property
    def name(self) -> str:
        """As policies call it in `context.agreed`.

        >>> Panel(("role-owner", "manager"), 2).name
        '2 of role-owner, manager'
        """
        return f"{self.quorum} of {', '.join(self.seats)}"


@dataclass(frozen=True)
class Owned:
    """What a seat depends on: who owns a role, and the systems that it reaches."""

    id: RoleId
    systems: frozenset[str]
    owner: str
    system_owner: str


class _Named(NamedTuple):
    """Who a seat starts with, and in what capacity."""

    person: IdentityId | None
    capacity: str


@dataclass(frozen=True)
class Seating:
    """Fills seats for one request at one instant."""

    world: World
    speaker: IdentityId
    beneficiary: IdentityId
    at: datetime

    def consent(self, role: RoleFacts | Owned, panel: Panel) -> Consent:
        """The panel with people in it, (7)."""
        seats: list[Seat] = []
        for kind in panel.seats:
            counted = frozenset(_people(seats)) if panel.quorum > 1 else frozenset()
            seats.append(self.seat(role, kind, counted))
        enough = len(set(_people(seats))) >= panel.quorum
        return Consent(role.id, tuple(seats), panel.quorum, open=enough)

    def seat(
        self, role: RoleFacts | Owned, kind: str, counted: frozenset[IdentityId] = frozenset()
    ) -> Seat:
        """Who has this right for `role`, `counted` being those who already count."""
        named = self._named(role, kind)
        if named.person is None:  # (6)
            return Seat(kind, None, f"{named.capacity}: nobody is named")
        twice = counted | counterparts(self.world, counted, role.systems, self.at)
        return self._filled(kind, named, role, self._barred(role) | twice)

    def _filled(
        self, kind: str, named: _Named, role: RoleFacts | Owned, barred: frozenset[IdentityId]
    ) -> Seat:
        matter, passed = Matter(role.id, role.systems, self.at), list[str]()
        for person in self._upwards(named.person):
            for candidate in (*deputies(self.world, person, matter), person):  # (4)
                if candidate in barred:  # (1) (3) (7)
                    passed.append(f"`{candidate}` is a party to it or already counts")
                elif self._away(candidate):  # (2) (3)
                    passed.append(f"`{candidate}` is away or gone")
                else:
                    why = _why(named, person, passed)
                    acting = f"in the place of `{person}`, " if candidate != person else ""
                    return Seat(kind, candidate, f"{acting}{why}")
        return Seat(kind, None, f"{named.capacity}: {'; '.join(passed)}; nobody is left")

    def _named(self, role: RoleFacts | Owned, kind: str) -> _Named:
        match kind:
            case "role-owner":
                return _Named(_id(role.owner), f"owner of the role `{role.id}`")
            case "system-owner":
                systems = ", ".join(f"`{system}`" for system in sorted(role.systems))
                return _Named(_id(role.system_owner), f"owner of the system {systems}")
            case "manager":
                person = self.world.identities[self.beneficiary].person
                if person is None:
                    return _Named(None, f"`{self.beneficiary}` is no person and has no manager")
                return _Named(
                    person.manager or self.beneficiary, f"manager of `{self.beneficiary}`"
                )
            case "agent-owner" | "identity-owner":
                return self._accountable()
            case "on-call":
                systems = ", ".join(f"`{system}`" for system in sorted(role.systems))
                return _Named(
                    on_call(self.world, role.systems, self.at), f"person on call for {systems}"
                )
        known = self.world.identities.get(IdentityId(kind))
        return _Named(known.id if known else None, f"named in the policy as `{kind}`")

    def _accountable(self) -> _Named:
        found = self.world.identities[self.beneficiary].nonhuman
        if found is None:
            return _Named(None, f"`{self.beneficiary}` is a person and has no owner")
        if self._away(found.owner) and found.sponsor is not None:  # (5)
            return _Named(found.sponsor, f"sponsor of `{self.beneficiary}`, its owner being away")
        return _Named(found.owner, f"owner of `{self.beneficiary}`")

    def _barred(self, role: RoleFacts | Owned) -> frozenset[IdentityId]:
        parties = frozenset({self.speaker, self.beneficiary, *self._behind()})
        return parties | counterparts(self.world, parties, role.systems, self.at)

    def _behind(self) -> Iterator[IdentityId]:
        """INVARIANT (no self-approval): an agent sent to ask for a colleague is no way round."""
        seen: set[IdentityId] = set()
        current = None if self.speaker == self.beneficiary else self.speaker
        while current is not None and current not in seen:
            seen.add(current)
            identity = self.world.identities.get(current)
            if identity is None or identity.nonhuman is None:
                return
            found = identity.nonhuman
            yield from (each for each in (found.owner, found.sponsor, found.parent) if each)
            current = found.parent

    def _upwards(self, start: IdentityId | None) -> Iterator[IdentityId]:
        seen: set[IdentityId] = set()
        current = start
        while current is not None and current not in seen:
            seen.add(current)
            yield current
            identity = self.world.identities.get(current)
            current = identity.person.manager if identity and identity.person else None
        yield from (person for person in self.world.last_resort if person not in seen)

    def _away(self, person: IdentityId) -> bool:
        return not self._decides(person) or any(
            absence.person == person and absence.start <= self.at < absence.end
            for absence in self.world.absences
        )

    def _decides(self, person: IdentityId) -> bool:
        identity = self.world.identities.get(person)
        return (
            identity is not None
            and identity.person is not None
            and (identity.person.status == "active")
        )


def _people(seats: list[Seat]) -> Iterator[IdentityId]:
    return (seat.person for seat in seats if seat.person is not None)


def _id(name: str) -> IdentityId | None:
    return IdentityId(name) if name else None


def _why(named: _Named, person: IdentityId, passed: list[str]) -> str:
    if person == named.person:
        return named.capacity
    return f"next above the {named.capacity}, because {'; '.join(passed)}"
