"""What a decision is about: one request as understood, one proposal, one assessment."""

from dataclasses import dataclass

from govagents.domain.proposal import Assessment, Proposal
from govagents.domain.request import Request, Understanding


@dataclass(frozen=True)
class Case:
    """`disagreement`: resolving with and without memory came to different things."""

    request: Request
    understanding: Understanding
    proposal: Proposal
    assessment: Assessment
    disagreement: bool
