"""What the agents read, answered from the database of record: one small class a port.

Rules:
1. A grant that is live although it should have ended is still on a target, nobody knows until when:
   it counts against every window, as `overdue`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from govagents.domain.catalog import Catalog
from govagents.domain.grant import GIVING, LIVE, Grant
from govagents.domain.ids import IdentityId, PermissionId, RequestId, TicketId
from govagents.domain.proposal import Proposal
from govagents.domain.request import Status, Window
from govagents.domain.text import Untrusted
from govagents.domain.world import Ticket, Use, World
from govagents.findings import latest
from govagents.policy.standing import party
from govagents.ports import Clock, Holding, Records, Transaction

_UNDECIDED = frozenset({Status.PENDING, Status.APPROVED})


@dataclass(frozen=True)
class RecordedWords:
    """`ports.Words`."""

    records: Records

    def of(self, request: RequestId) -> tuple[Untrusted, ...]:
        """Only what the speaker wrote."""
        with self.records.begin() as tx:
            return tx.requests.words(request)


@dataclass(frozen=True)
class RecordedCatalogs:
    """`ports.Catalogs`."""

    records: Records

    def current(self) -> Catalog:
        """The snapshot in force."""
        with self.records.begin() as tx:
            return tx.catalog()


@dataclass(frozen=True)
class RecordedDirectory:
    """`ports.Directory`."""

    records: Records

    def world(self) -> World:
        """The company as loaded."""
        with self.records.begin() as tx:
            return tx.world()


@dataclass(frozen=True)
class RecordedTickets:
    """`ports.Tickets`."""

    records: Records

    def find(self, ticket: TicketId) -> Ticket | None:
        """As the ticket system last said."""
        with self.records.begin() as tx:
            return tx.world().tickets.get(ticket)


@dataclass(frozen=True)
class RecordedUsage:
    """`ports.Usage`."""

    records: Records

    def of(
        self, identities: Collection[IdentityId], permissions: Collection[PermissionId]
    ) -> Mapping[IdentityId, tuple[Use, ...]] | None:
        """Uses within what the log covers, of whoever used any; None = there is no log."""
        with self.records.begin() as tx:
            return tx.uses(identities, permissions)


@dataclass(frozen=True)
class RecordedHoldings:
    """`ports.Holdings`: over the whole party, so that an agent is no way around a rule."""

    records: Records
    clock: Clock

    def of(self, identity: IdentityId, window: Window) -> tuple[Holding, ...]:
        """Standing, active, overdue, pending and scheduled, where they overlap `window`."""
        now = self.clock.now()
        with self.records.begin() as tx:
            return holdings(tx, identity, window, besides=None, now=now)


def holdings(
    tx: Transaction,
    identity: IdentityId,
    window: Window,
    *,
    besides: RequestId | None,
    now: datetime,
) -> tuple[Holding, ...]:
    """As `RecordedHoldings.of`; what request `besides` itself gives or asks for does not count."""
    world = tx.world()
    circle = party(world, identity)
    standing = tuple(
        Holding(item.identity, item.role, None, item.source)
        for item in world.assignments
        if item.identity in circle and (item.expires is None or item.expires > window.start)
    )
    given = tuple(
        _holding(grant, now)
        for member in sorted(circle)
        for grant in tx.grants.of_identity(member)
        if grant.request != besides and _counts(grant, window, now)
    )
    return standing + given + _asked(tx, circle, window, besides)


def _holding(grant: Grant, now: datetime) -> Holding:
    if _overdue(grant, now):
        return Holding(grant.beneficiary, grant.role, None, "overdue")
    return Holding(grant.beneficiary, grant.role, grant.window, "grant")


def _counts(grant: Grant, window: Window, now: datetime) -> bool:
    return grant.status in LIVE and (_overdue(grant, now) or grant.window.overlaps(window))


def _overdue(grant: Grant, now: datetime) -> bool:
    """Rule 1."""
    return grant.status not in GIVING or grant.window.end <= now


def _asked(
    tx: Transaction, circle: frozenset[IdentityId], window: Window, besides: RequestId | None
) -> tuple[Holding, ...]:
    found = []
    for request in tx.requests.list(_UNDECIDED):
        proposal = None if request == besides else latest(tx, request, "proposal", Proposal)
        if proposal is None or proposal.beneficiary not in circle:
            continue
        if proposal.window.overlaps(window):
            found += [
                Holding(proposal.beneficiary, role, proposal.window, "pending")
                for role in proposal.roles
            ]
    return tuple(found)
