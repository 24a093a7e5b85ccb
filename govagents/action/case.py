"""A request's case as the guard may believe it: from the database of record, as the log has it."""

from govagents.domain.canonical import digest
from govagents.domain.case import Case
from govagents.domain.ids import RequestId
from govagents.domain.proposal import Assessment, Proposal
from govagents.domain.question import Resolution
from govagents.domain.request import Request
from govagents.errors import GuardError, IntegrityError
from govagents.findings import sealed
from govagents.ports import Transaction

CLOSED = frozenset({"request.cancelled", "request.returned", "request.lapsed"})
"""Entries after which nothing is given, whatever the request's row says."""


def sealed_case(tx: Transaction, request: RequestId) -> Case:
    """Everything decided on, byte for byte what its log entries recorded.

    Raises:
        GuardError: there is no such request, or it was never decided on.
        IntegrityError: a record is not what the log says.
    """
    found = tx.requests.get(request)
    if found is None:
        message = f"no request `{request}`: nothing was given"
        raise GuardError(message)
    _same_as_logged(tx, found)
    resolution = sealed(tx, request, "resolution", Resolution)
    proposal = sealed(tx, request, "proposal", Proposal)
    assessment = sealed(tx, request, "assessment", Assessment)
    disagreement = sealed(tx, request, "disagreement", bool)
    if resolution is None or proposal is None or assessment is None or disagreement is None:
        message = f"`{request}` was never decided on: nothing was given"
        raise GuardError(message)
    case = Case(found, resolution.understanding, proposal, assessment, disagreement)
    if not _fits(case):
        message = f"the findings on `{request}` are not about one another: nothing was given"
        raise GuardError(message)
    return case


def closed(tx: Transaction, request: RequestId) -> bool:
    """Whether the log says that the request is over without a grant."""
    return any(event.kind in CLOSED for _, event in tx.log.of(request))


def _fits(case: Case) -> bool:
    needs = tuple(sorted({need.permission for need in case.understanding.needs}))
    return (
        case.proposal.beneficiary == case.understanding.beneficiary
        and case.proposal.needs == needs
        and case.assessment.round == case.proposal.round
    )


def _same_as_logged(tx: Transaction, request: Request) -> None:
    logged = [event for _, event in tx.log.of(request.id) if event.kind == "request.received"]
    if not logged or logged[0].digests.get("request") != digest(request):
        message = f"`{request.id}` is not what the log recorded: nothing was given"
        raise IntegrityError(message)
