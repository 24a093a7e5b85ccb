"""A case to a verdict: Cedar decides on a fresh fact sheet; nothing here softens it."""

from dataclasses import dataclass, replace
from typing import TypedDict

from govagents.domain.case import Case
from govagents.domain.decision import Decision, Reason
from govagents.domain.proposal import Assessment, Proposal
from govagents.domain.question import Resolution
from govagents.domain.request import Request
from govagents.ports import DecisionPoint, Facts


class ToDecide(TypedDict):
    """What the node is handed."""

    request: Request
    resolution: Resolution
    disagreement: bool
    proposal: Proposal
    assessment: Assessment


class Decided(TypedDict):
    """What it writes."""

    decision: Decision


@dataclass(frozen=True)
class Decider:
    """Runs before and after people are asked: an approval is one more fact."""

    facts: Facts
    policy: DecisionPoint

    def __call__(self, state: ToDecide) -> Decided:
        """One evaluation on facts gathered now."""
        proposal = state["proposal"]
        case = Case(
            state["request"],
            state["resolution"].understanding,
            proposal,
            state["assessment"],
            state["disagreement"],
        )
        decision = self.policy.decide(self.facts.sheet(case), proposal)
        obstacles = tuple(Reason(None, "", text) for text in proposal.obstacles)
        return {"decision": replace(decision, reasons=obstacles + decision.reasons)}
