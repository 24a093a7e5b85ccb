"""From the world to the fact sheet; of what words supplied it holds the warnings alone.

Rules:
1. The window judged is the one that would be given: a floating one starts now, a late one lasts
   less, and none outlasts the identity it is given to, or what that one acts for.
2. A ticket counts only if the world knows it open and it is the beneficiary's work.
3. An answer counts only on this exact proposal and catalog, from an active person who fills the
   seat now. Of a quorum's seats each needs another person.
4. A role the catalog does not have gets no facts, so that the decision point refuses the set.
5. A need hits a prohibition through the roles that grant it.
6. Who acts for somebody is measured by what that one holds, now and until the end.
7. INVARIANT (nothing for good): how long is counted from when the role was first given to how long
   it will be held without a break, so that asking again is no way to hold it for longer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from govagents.domain.canonical import digest
from govagents.domain.case import Case
from govagents.domain.catalog import AccessLevel, Catalog, Permission, Role, Sensitivity
from govagents.domain.decision import Answer, Consent
from govagents.domain.facts import ContextFacts, FactSheet, RoleFacts, RoleSheet, SubjectFacts
from govagents.domain.identity import Identity
from govagents.domain.ids import IdentityId, RoleId
from govagents.domain.proposal import Stance
from govagents.domain.request import Window
from govagents.domain.world import World
from govagents.errors import UnknownNameError
from govagents.policy.approvers import ALIASES, Owned, Panel, Seating
from govagents.policy.separation import conflicts, reached
from govagents.policy.standing import concerns, employed, end_of, gone, relations
from govagents.policy.stretch import stretch
from govagents.ports import Holding

NO_CAP = 2**53 - 1
"""`max_minutes` where there is no maximum: the largest integer every JSON reader keeps exact."""

_NOT_RIGHTLY = frozenset({"pending", "scheduled", "overdue"})
_MANAGING = frozenset({AccessLevel.PERMISSIONS_MANAGEMENT, AccessLevel.UNKNOWN})


@dataclass(frozen=True)
class Circumstances:
    """What is true around a case at one instant, read in one transaction.

    `holdings` are those of the beneficiary's party (`standing.party`) that overlap the window,
    without what this very request is about to give. A holding with source `pending` or `scheduled`
    is not held yet, an `overdue` one should not be held any more. `denied_before`: a person denied
    this within 24 hours. `automatic_left`: what remains of the budget for automatic approval of
    this beneficiary and these roles, the smallest of the set. `proved`: the checker accepted the
    proof that no smaller set would do. `break_glass`: asked for as such; `all_reviewed`: nothing
    that was given so before is open or unreviewed. `runs`: what other requests of the beneficiary's
    own gave that may still be live, or will give by themselves, also outside of the window; what
    was held before or is given by hand is none of it.
    """

    version: int
    at: datetime
    holdings: Sequence[Holding]
    answers: Sequence[Answer]
    denied_before: bool
    automatic_left: int
    proved: bool
    break_glass: bool = False
    all_reviewed: bool = False
    runs: Sequence[Holding] = ()


def fact_sheet(
    *,
    world: World,
    catalog: Catalog,
    case: Case,
    circumstances: Circumstances,
    panels: Sequence[Panel],
) -> FactSheet:
    """All that policy may look at; `panels` are those the decision point may ask.

    Raises:
        UnknownNameError: the world does not know the beneficiary.
    """
    if case.proposal.beneficiary not in world.identities:
        message = f"nobody is called `{case.proposal.beneficiary}`: import the world again"
        raise UnknownNameError(message)
    gathering = _Gathering(world, catalog, case, circumstances)
    known = (role for role in case.proposal.roles if role in catalog.roles)  # (4)
    return FactSheet(
        version=circumstances.version,
        at=circumstances.at,
        subject=gathering.subject(),
        roles=tuple(gathering.role_sheet(catalog.roles[role], panels) for role in known),
    )


def seated(
    world: World, catalog: Catalog, seating: Seating, consents: Sequence[Consent]
) -> tuple[Consent, ...]:
    """What was asked, with who fills the seats at this instant, whoever did then (3)."""
    return tuple(
        seating.consent(_owned(world, catalog, catalog.roles[asked.role]), _panel(asked))
        for asked in consents
        if asked.role in catalog.roles
    )


def _owned(world: World, catalog: Catalog, role: Role) -> Owned:
    """A bundle's system owner is its role owner."""
    systems = {catalog.permissions[item].system for item in reached(catalog, role.id)}
    systems |= {role.system} if role.system else set()
    found = [item.owner for item in world.systems.values() if item.id in systems]
    alone = found[0] if found else ""
    system_owner = alone if len(systems) == 1 else role.owner or ""
    return Owned(role.id, frozenset(systems), role.owner or "", system_owner)


def _panel(asked: Consent) -> Panel:
    return Panel(tuple(seat.kind for seat in asked.seats), asked.quorum)


@dataclass(frozen=True)
class _Gathering:
    """One case in one world at one instant."""

    world: World
    catalog: Catalog
    case: Case
    now: Circumstances

    @cached_property
    def beneficiary(self) -> Identity:
        return self.world.identities[self.case.proposal.beneficiary]

    @cached_property
    def window(self) -> Window:
        window = self.case.proposal.window.activated(self.now.at)
        return window.until(end_of(self.world, self.beneficiary.id))  # (1)

    @property
    def begins(self) -> datetime:
        """When access would begin."""
        return max(self.now.at, self.window.start)

    @cached_property
    def conflicts(self) -> Mapping[RoleId, frozenset[str]]:
        held = [item.role for item in self.now.holdings if self._overlaps(item)]
        return conflicts(self.world, self.catalog, held, self.case.proposal.roles)

    @cached_property
    def consenting(self) -> frozenset[IdentityId]:
        proposed = digest(self.case.proposal)
        return frozenset(
            answer.person
            for answer in self.now.answers
            if answer.consent
            and answer.request == self.case.request.id
            and (answer.proposal_digest, answer.catalog_digest) == (proposed, self.catalog.digest)
        )  # (3)

    def subject(self) -> SubjectFacts:
        """The beneficiary's facts."""
        person, other = self.beneficiary.person, self.beneficiary.nonhuman
        return SubjectFacts(
            id=self.beneficiary.id,
            kind=self.beneficiary.kind,
            audience=self.beneficiary.kind.audience,
            active=person is None or person.status == "active",
            trust=self.beneficiary.trusted,
            department=person.department if person else "",
            location=person.location if person else "",
            clearance=person.clearance if person else 0,
            intern=person is not None and person.employment == "intern",
            owner_employed=other is not None and employed(self.world, other.owner),
            expired=other is not None and gone(self.world, self.beneficiary.id, self.begins),
            ceiling_sensitivity=other.ceiling.max_sensitivity.rank if other else 0,
            ceiling_systems=frozenset(other.ceiling.systems) if other else frozenset(),
            max_minutes=_cap(self.world.eligibility.longest(self.beneficiary.kind)),
        )

    def role_sheet(self, role: Role, panels: Sequence[Panel]) -> RoleSheet:
        """One role with its context and with who could agree to it."""
        facts = self._role(role)
        request = self.case.request
        seating = Seating(self.world, request.speaker, self.beneficiary.id, self.now.at)
        kinds = {kind for panel in panels for kind in panel.seats}
        filled = {kind for kind in kinds if seating.seat(facts, kind).person in self.consenting}
        consents = tuple(seating.consent(facts, panel) for panel in panels)
        approved = frozenset(_with_aliases(filled))
        agreed = frozenset(_panel(asked).name for asked in consents if self._agreed(asked))
        return RoleSheet(facts, self._context(role.id, approved, agreed), consents)

    def _agreed(self, asked: Consent) -> bool:
        return len({seat.person for seat in asked.seats} & self.consenting) >= asked.quorum

    def _role(self, role: Role) -> RoleFacts:
        permissions = [self.catalog.permissions[item] for item in reached(self.catalog, role.id)]
        owned = _owned(self.world, self.catalog, role)
        bound = [
            self.world.eligibility.department_bound[item.id]
            for item in permissions
            if item.id in self.world.eligibility.department_bound
        ]
        return RoleFacts(
            id=role.id,
            systems=owned.systems,
            owner=owned.owner,
            system_owner=owned.system_owner,
            privileged=role.privileged,
            break_glass=role.break_glass,
            requestable_by=role.requestable_by if role.assignable else frozenset(),
            sensitivity=max((item.sensitivity.rank for item in permissions), default=0),
            clearance=max((self._clearance(item) for item in permissions), default=0),
            changes=any(item.access_level.changes for item in permissions),
            cross_system=len(owned.systems) > 1,
            max_minutes=_cap(role.max_time),
            department_bound=bool(bound),
            departments=frozenset.intersection(*bound) if bound else frozenset(),
            prohibited=self._prohibited(role),
            within_principal=self._within_principal(role),
        )

    def _context(
        self, role: RoleId, approved: frozenset[str], agreed: frozenset[str]
    ) -> ContextFacts:
        at, window = self.now.at.astimezone(UTC), self.window
        start, end = window.start.astimezone(UTC), window.end.astimezone(UTC)
        last = end - timedelta(microseconds=1)
        assessment, ticket = self.case.assessment, self._ticket()
        known = self.case.understanding
        return ContextFacts(
            hour=at.hour,
            weekday=at.isoweekday(),
            start_hour=start.hour,
            start_weekday=start.isoweekday(),
            end_minute=_minutes(end - last.replace(hour=0, minute=0, second=0, microsecond=0)),
            days=max((last.date() - start.date()).days, 0),
            minutes=self._held_for(role),
            relation=relations(self.world, self.case.request.speaker, self.beneficiary.id),
            approved=approved,
            agreed=agreed,
            conflicts=self.conflicts[role],
            warnings=frozenset(self.case.understanding.warnings),
            ticket_kind=ticket[0],
            ticket_priority=ticket[1],
            disagreement=self.case.disagreement,
            veto=assessment.stance is Stance.VETO,
            wants_person=assessment.stance is not Stance.ACCEPT,
            denied_before=self.now.denied_before or self._denied_here(),
            automatic_left=self.now.automatic_left,
            accounted=not (known.unaccounted or known.unread),
            proved=self.now.proved,
            break_glass=self.now.break_glass,
            all_reviewed=self.now.all_reviewed,
        )

    def _held_for(self, role: RoleId) -> int:
        """Rule 7; nothing where the window is over."""
        if self.window.end <= self.window.start:
            return 0
        mine = (item for item in self.now.runs if item.identity == self.beneficiary.id)
        others = [item.window for item in mine if item.role == role and item.window]
        return _minutes(stretch(self.window, others, self.world.eligibility.shortest_break).length)

    def _ticket(self) -> tuple[str, str]:
        name = self.case.understanding.ticket
        ticket = self.world.tickets.get(name) if name else None
        if ticket is None or not concerns(self.world, ticket, self.beneficiary):  # (2)
            return "", ""
        return ticket.kind, ticket.priority

    def _denied_here(self) -> bool:
        request = self.case.request.id
        return any(not item.consent and item.request == request for item in self.now.answers)

    def _clearance(self, permission: Permission) -> int:
        """A sensitivity the world says nothing about needs its own rank."""
        rules, sensitivity = self.world.eligibility, permission.sensitivity
        if sensitivity is Sensitivity.RESTRICTED and permission.access_level in _MANAGING:
            return rules.clearance_restricted_management
        return rules.clearance.get(sensitivity, sensitivity.rank)

    def _prohibited(self, role: Role) -> bool:
        needed = reached(self.catalog, role.id) & {
            *self.case.proposal.needs,
            *(need.permission for need in self.case.understanding.needs),
        }
        rules = self.world.eligibility.prohibitions
        return any(needed & rule.permissions for rule in rules)  # (5)

    def _within_principal(self, role: Role) -> bool:
        """Rule 6."""
        other = self.beneficiary.nonhuman
        if other is None or other.parent is None:
            return True
        held = {
            permission
            for item in self.now.holdings
            if item.identity == other.parent and self._held_throughout(item)
            for permission in reached(self.catalog, item.role)
        }
        return reached(self.catalog, role.id) <= held

    def _held_throughout(self, item: Holding) -> bool:
        if item.source in _NOT_RIGHTLY:
            return False
        window = item.window
        return window is None or (window.start <= self.now.at and self.window.end <= window.end)

    def _overlaps(self, item: Holding) -> bool:
        return item.window is None or item.window.overlaps(self.window)


def _with_aliases(kinds: set[str]) -> Iterator[str]:
    yield from kinds
    yield from (alias for alias, kind in ALIASES.items() if kind in kinds)


def _cap(most: timedelta | None) -> int:
    return NO_CAP if most is None else _minutes(most)


def _minutes(span: timedelta) -> int:
    """Whole minutes, a begun one counting."""
    return -(-span // timedelta(minutes=1))
