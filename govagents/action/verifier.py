"""Reads the targets back and compares with what the proposal predicted.

Rules:
1. Predicted: the beneficiary gains every role of the proposal on every system it touches.
2. What was held before counts as gained already; anything else that differs is a mismatch.
3. A mismatch is undone; it is never explained away.
"""

from dataclasses import dataclass
from typing import TypedDict

from govagents.domain.grant import Evidence
from govagents.domain.prediction import predicted
from govagents.domain.proposal import Proposal
from govagents.domain.request import Request
from govagents.findings import sealed
from govagents.ports import Guard, Records


class ToVerify(TypedDict):
    """What the node is handed."""

    request: Request


class Verified(TypedDict):
    """What it writes."""

    evidence: Evidence


@dataclass(frozen=True)
class Verifier:
    """A second look, after the guard's own."""

    guard: Guard
    records: Records

    def __call__(self, state: ToVerify) -> Verified:
        """Compares prediction and reading."""
        request = state["request"].id
        with self.records.begin() as tx:
            grants = tx.grants.of_request(request)
            proposal = sealed(tx, request, "proposal", Proposal)
            catalog = tx.catalog()
        if not grants or proposal is None:
            return {"evidence": Evidence.NOTHING}
        seen = set(self.guard.observe(request))
        same = seen == set(predicted(proposal, catalog))
        return {"evidence": Evidence.CONFIRMED if same else Evidence.MISMATCH}
