"""Break-glass, as the log has it: what was given because somebody said it could not wait.

Rules:
1. A request breaks the glass where its first entry says that it was asked for so; no word of its
   text does, and no later entry.
2. It gave something so where nobody agreed to it. That is over when none of its grants is live,
   and reviewed when an entry says so.
3. Until all of it is over and reviewed, nothing more is given so to that person or their agents.
"""

from govagents.domain.grant import LIVE
from govagents.domain.ids import IdentityId, RequestId
from govagents.policy.standing import party
from govagents.ports import Transaction

BREAK_GLASS = "break-glass"
"""The reason that an entry `request.received` gives."""
REVIEWED = "request.reviewed"


def breaks_glass(tx: Transaction, request: RequestId) -> bool:
    """(1)."""
    return any(
        (event.kind, event.reason) == ("request.received", BREAK_GLASS)
        for _, event in tx.log.of(request)
    )


def unagreed(tx: Transaction, request: RequestId) -> bool:
    """Whether what it gave was given so (2)."""
    agreed = any(event.kind == "answer.approved" for _, event in tx.log.of(request))
    return not agreed and breaks_glass(tx, request)


def reviewed(tx: Transaction, request: RequestId) -> bool:
    """(2)."""
    return any(event.kind == REVIEWED for _, event in tx.log.of(request))


def all_reviewed(tx: Transaction, beneficiary: IdentityId, besides: RequestId) -> bool:
    """(3), leaving `besides` out of account."""
    given = [
        grant
        for member in sorted(party(tx.world(), beneficiary))
        for grant in tx.grants.of_identity(member)
        if grant.request != besides and unagreed(tx, grant.request)
    ]
    return all(grant.status not in LIVE and reviewed(tx, grant.request) for grant in given)
