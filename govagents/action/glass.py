"""Break-glass, as the log has it: what was given because somebody said it could not wait.

Rules:
1. A request breaks the glass where its first entry says that it was asked for so; no word of its
   text does, and no later entry.
2. It gave something so where nobody agreed to it. That is over when none of its grants is live,
   and reviewed when an entry says so.
3. Until all of it is over and reviewed, nothing more is given so to that person or their agents.
"""

from datetime import datetime

from govagents.domain.decision import Consent, Seat
from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.request import Request
from govagents.errors import StateError
from govagents.policy.approvers import Seating
from govagents.policy.facts import seated
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


def to_be_reviewed(
    tx: Transaction, request: Request, person: IdentityId, now: datetime
) -> IdentityId:
    """Who got what `person` has looked at, by saying so now.

    Raises:
        StateError: it gave nothing so, was reviewed, or is somebody else's to review.
    """
    given = tx.grants.of_request(request.id)
    if not given or not unagreed(tx, request.id):
        message = f"`{request.id}` gave nothing as break-glass: there is nothing to review"
        raise StateError(message)
    if reviewed(tx, request.id):
        message = f"`{request.id}` was reviewed already"
        raise StateError(message)
    may = _reviewers(tx, request, given, now)
    if person not in may:
        names = ", ".join(may) or "nobody"
        message = f"`{request.id}` is not for `{person}` to review: {names} may"
        raise StateError(f"{message}; see `govagents request show {request.id}`")
    return given[0].beneficiary


def _reviewers(
    tx: Transaction, request: Request, given: tuple[Grant, ...], now: datetime
) -> tuple[IdentityId, ...]:
    """Whoever fills the seats of owners of what was given, at this moment."""
    seating = Seating(tx.world(), request.speaker, given[0].beneficiary, now)
    seats = tuple(Seat(kind, None, "") for kind in ("role-owner", "system-owner"))
    owners = [Consent(grant.role, seats, 1, open=False) for grant in given]
    filled = seated(tx.world(), tx.catalog(), seating, owners)
    people = {seat.person for consent in filled for seat in consent.seats}
    return tuple(sorted(person for person in people if person is not None))
