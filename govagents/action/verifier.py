"""Reads the targets back and compares with what the proposal predicted.

Rules:
1. Predicted: the beneficiary gains every role of the proposal on every system it touches.
2. What was held before counts as gained already; anything else that differs is a mismatch.
3. A mismatch is undone; it is never explained away.
"""

from dataclasses import dataclass
from typing import TypedDict

from govagents.domain.grant import Change, Evidence
from govagents.domain.request import Request
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
        with self.records.begin() as tx:
            grants = tx.grants.of_request(state["request"].id)
        if not grants:
            return {"evidence": Evidence.NOTHING}
        predicted = {
            Change(system, grant.role, grant.beneficiary, gained=True)
            for grant in grants
            for system in grant.targets
        }
        seen = set(self.guard.observe(state["request"].id))
        return {"evidence": Evidence.CONFIRMED if seen == predicted else Evidence.MISMATCH}
