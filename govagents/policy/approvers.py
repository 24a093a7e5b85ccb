"""Who fills a seat now: a right to approve, turned into a person.

Rules:
1. Neither speaker nor beneficiary decides, nor anybody who at this time decides for one of them or
   for whom one of them decides. Where something that is no person speaks for somebody else, whoever
   stands behind it is a party too: its owner, its sponsor, what it acts for and who owns that.
2. Only an active person decides; an agent, a service or somebody who left never does.
3. Whoever may not, is away without a stand-in, or already counts for a quorum is replaced by that
   person's manager, and so on upwards; past the top by the world's last resort, in its order.
4. Whoever is away with a stand-in leaves the seat empty: a stand-in cannot be asked in this
   release. Nor can whoever is on call, nor more than one person: such a consent is shown, and is
   not open.
5. While the owner of a non-human is away, its sponsor decides.
6. A seat nobody is named for stays empty; it is not replaced.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from govagents.domain.decision import Consent, Seat
from govagents.domain.facts import RoleFacts
from govagents.domain.ids import IdentityId, RoleId
from govagents.domain.world import Absence, World
from govagents.policy.delegates import counterparts

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
        """The panel with people in it. Only a quorum of one can be collected yet, rule 4."""
        seats: list[Seat] = []
        for kind in panel.seats:
            counted = [seat.person for seat in seats if panel.quorum > 1]
            taken = frozenset(person for person in counted if person is not None)
            seats.append(self.seat(role, kind, taken))
        filled = any(seat.person is not None for seat in seats)
        return Consent(role.id, tuple(seats), panel.quorum, open=panel.quorum == 1 and filled)

    def seat(
        self, role: RoleFacts | Owned, kind: str, taken: frozenset[IdentityId] = frozenset()
    ) -> Seat:
        """Who has this right for `role`, `taken` being those who already count."""
        if kind == ON_CALL:
            return Seat(kind, None, "whoever is on call decides, which this release cannot ask yet")
        named = self._named(role, kind)
        if named.person is None:  # (6)
            return Seat(kind, None, f"{named.capacity}: nobody is named")
        return self._filled(kind, named, self._barred(role) | taken)

    def _filled(self, kind: str, named: _Named, barred: frozenset[IdentityId]) -> Seat:
        passed: list[str] = []
        for person in self._upwards(named.person):
            absence = self._absence(person)
            if person in barred:  # (1) (3)
                passed.append(f"`{person}` is a party to it or already counts")
            elif absence is not None and absence.stand_in is not None:  # (4)
                why = f"`{person}` is away and `{absence.stand_in}` stands in"
                return Seat(kind, None, f"{why}, which this release cannot ask yet")
            elif absence is not None or not self._decides(person):  # (2) (3)
                passed.append(f"`{person}` is away or gone")
            else:
                return Seat(kind, person, _why(named, person, passed))
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
        known = self.world.identities.get(IdentityId(kind))
        return _Named(known.id if known else None, f"named in the policy as `{kind}`")

    def _accountable(self) -> _Named:
        found = self.world.identities[self.beneficiary].nonhuman
        if found is None:
            return _Named(None, f"`{self.beneficiary}` is a person and has no owner")
        away = self._absence(found.owner) is not None or not self._decides(found.owner)
        if away and found.sponsor is not None:  # (5)
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

    def _absence(self, person: IdentityId) -> Absence | None:
        for absence in self.world.absences:
            if absence.person == person and absence.start <= self.at < absence.end:
                return absence
        return None

    def _decides(self, person: IdentityId) -> bool:
        identity = self.world.identities.get(person)
        return (
            identity is not None
            and identity.person is not None
            and (identity.person.status == "active")
        )


def _id(name: str) -> IdentityId | None:
    return IdentityId(name) if name else None


def _why(named: _Named, person: IdentityId, passed: list[str]) -> str:
    if person == named.person:
        return named.capacity
    return f"next above the {named.capacity}, because {'; '.join(passed)}"
