"""The obligation `step_up`: whoever gets it says so once more, right before it is given.

Rules:
1. The beneficiary confirms; for an agent, a bot or a service whoever answers for it. Nobody else.
2. A confirmation is of one exact proposal and counts for a quarter of an hour, whatever was said
   before or comes later. It is an entry of the log and nothing besides.
3. It is asked for when policy has permitted, and then alone: until it comes the request is blocked,
   and lapses like one that waits for a sweeper. It agrees to nothing; policy decides once more.
4. Whoever confirms is told so, and told again when what was confirmed counts no more.
5. Who says it is who the store goes by: it is a second word, not a second factor.
"""

from datetime import datetime, timedelta

from govagents.domain.canonical import digest
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.proposal import Proposal
from govagents.domain.request import Status
from govagents.errors import StateError
from govagents.findings import sealed
from govagents.policy.answering import accountable
from govagents.ports import Transaction

CONFIRMED = "request.confirmed"
TO_CONFIRM = "whoever it is for has to confirm it: `govagents request confirm`"
"""What the guard notes where only that is wanting."""

_FRESH = timedelta(minutes=15)


def waits_for_confirmation(tx: Transaction, request: RequestId) -> bool:
    """(3)."""
    blocked = tx.requests.status(request) is Status.BLOCKED
    return blocked and tx.requests.note(request) == TO_CONFIRM


def who_confirms(tx: Transaction, proposal: Proposal) -> IdentityId | None:
    """(1) None = nobody is left who could."""
    return accountable(tx.world(), proposal.beneficiary)


def confirmed(tx: Transaction, request: RequestId, proposal: Proposal, now: datetime) -> bool:
    """Whether there is a confirmation that counts (1) (2)."""
    who, name = who_confirms(tx, proposal), digest(proposal)
    return any(
        event.kind == CONFIRMED
        and event.principal == who
        and event.digests.get("proposal") == name
        and timedelta(0) <= now - event.at < _FRESH
        for _, event in tx.log.of(request)
    )


def ask_to_confirm(tx: Transaction, request: RequestId, proposal: Proposal, now: datetime) -> None:
    """Tell whoever confirms (4): new words after each time that something was confirmed."""
    who = who_confirms(tx, proposal)
    if who is None:
        return
    what = ", ".join(f"`{role}`" for role in proposal.roles)
    said = [event.at for _, event in tx.log.of(request) if event.kind == CONFIRMED]
    text = f"{what} for `{proposal.beneficiary}` waits for you"
    if said:
        text += f", and what was confirmed {max(said):%Y-%m-%d %H:%M:%S} UTC counts no more"
    tx.notify(who, request, f"{text}: `govagents request confirm {request}`", now, once=True)


def to_be_confirmed(tx: Transaction, request: RequestId, person: IdentityId) -> Proposal:
    """What `person` confirms by saying so now.

    Raises:
        StateError: it does not wait for that, or for somebody else (1).
        IntegrityError: the proposal is not what the log says.
    """
    proposal = sealed(tx, request, "proposal", Proposal)
    if proposal is None or not waits_for_confirmation(tx, request):
        message = f"`{request}` does not wait to be confirmed"
        raise StateError(message)
    who = who_confirms(tx, proposal)
    if person != who:
        message = f"`{request}` is not for `{person}` to confirm: {who or 'nobody'} may"
        raise StateError(f"{message}; see `govagents request show {request}`")
    return proposal
