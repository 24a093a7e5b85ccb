"""What somebody's other requests gave, or will give by themselves, whatever the window.

Rules:
1. What is still live past its end has had no break: nobody knows until when a target shows it.
2. What is agreed to and begins later counts, for it begins without being asked for again.
3. What is only asked for does not: it counts what runs by then when it is decided itself.
4. What has ended counts from its start to its end: by what follows it without a break it is still
   held, however many grants that takes.
"""

from collections.abc import Iterator
from datetime import datetime

from govagents.domain.grant import LIVE
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.proposal import Proposal
from govagents.domain.request import Status, Window
from govagents.findings import latest
from govagents.ports import Holding, Transaction

_AGREED = frozenset({Status.APPROVED})


def runs(
    tx: Transaction, identity: IdentityId, *, besides: RequestId | None, now: datetime
) -> tuple[Holding, ...]:
    """Of every request but `besides`; standing access is none of it."""
    return (*_given(tx, identity, besides, now), *_ahead(tx, identity, besides))


def _given(
    tx: Transaction, identity: IdentityId, besides: RequestId | None, now: datetime
) -> Iterator[Holding]:
    for grant in tx.grants.of_identity(identity):
        over = max(grant.window.end, now) if grant.status in LIVE else grant.ended  # (1) (4)
        if grant.request != besides and over is not None and over > grant.window.start:
            yield Holding(identity, grant.role, Window(grant.window.start, over), "grant")


def _ahead(tx: Transaction, identity: IdentityId, besides: RequestId | None) -> Iterator[Holding]:
    for request in tx.requests.list(_AGREED):  # (2) (3)
        proposal = None if request == besides else latest(tx, request, "proposal", Proposal)
        if proposal is not None and proposal.beneficiary == identity:
            for role in proposal.roles:
                yield Holding(identity, role, proposal.window, "scheduled")
