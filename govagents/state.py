"""What flows along the graph's edges. Each key has one writer, named beside it.

Nothing in here carries authority: the guard reads the database of record and never this.
"""

from typing import NotRequired, TypedDict

from govagents.domain.decision import Decision
from govagents.domain.grant import Effect, Evidence
from govagents.domain.precedent import Recalled
from govagents.domain.proposal import Assessment, Proposal
from govagents.domain.question import Question, Resolution
from govagents.domain.request import Extension, Reading, Request
from govagents.domain.screening import Screening


class RequestState(TypedDict, total=False):
    """One access request on its way; the node that writes a key stands behind it."""

    request: Request  # the runner, once
    extension: Extension  # the runner, once: only where more time is asked for
    screening: Screening  # triage
    reading: Reading  # read
    resolution: Resolution  # resolve
    recalled: Recalled  # recall
    question: Question | None  # recall: the question as it will be asked, ordered by precedent
    disagreement: bool  # recall
    clarified: int  # clarify: how many questions were answered
    proposal: Proposal  # propose
    assessment: Assessment  # assess
    decision: Decision  # decide
    asked: int  # ask: how many answers came back
    effect: Effect  # grant
    evidence: Evidence  # verify
    undone: tuple[str, ...]  # undo
    remembered: str  # remember


class NewRequest(TypedDict):
    """What a run starts with."""

    request: Request
    extension: NotRequired[Extension]
