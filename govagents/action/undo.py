"""Takes back everything one request gave. Undoing a giving is a taking back: always allowed.

It goes by the rollback of the plan as the log recorded it (`plan`). One that cannot be read keeps
nothing from being taken back.
"""

from dataclasses import dataclass
from typing import TypedDict

from govagents.action.plan import undoing
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.plan import Step
from govagents.domain.proposal import Proposal
from govagents.domain.request import Request, Status
from govagents.errors import GovAgentsError
from govagents.findings import sealed
from govagents.ports import Clock, Guard, Records, Transaction


class ToUndo(TypedDict):
    """What the node is handed."""

    request: Request


class Undone(TypedDict):
    """What it writes: the ids of the grants it ended."""

    undone: tuple[str, ...]


@dataclass(frozen=True)
class Undo:
    """Restores what was held before."""

    guard: Guard
    records: Records
    clock: Clock

    def __call__(self, state: ToUndo) -> Undone:
        """Ends every grant of the request, last step first; says what a target did not confirm."""
        request = state["request"].id
        with self.records.begin() as tx:
            grants = undoing(_steps(tx, request), tx.grants.of_request(request))
        for grant in grants:
            self.guard.end(grant.id, actor=IdentityId("provisioner"), cause="undone")
        with self.records.begin() as tx:
            failed = [grant.failure for grant in tx.grants.of_request(request) if grant.failure]
            became = f"not yet taken back: {failed[0]}" if failed else "all of it was taken back"
            note = f"the targets show something else than was proposed; {became}"
            tx.requests.set_status(request, Status.BLOCKED, at=self.clock.now(), note=note)
        return {"undone": tuple(grant.id for grant in grants)}


def _steps(tx: Transaction, request: RequestId) -> tuple[Step, ...]:
    try:
        proposal = sealed(tx, request, "proposal", Proposal)
    except GovAgentsError:
        return ()
    return proposal.steps if proposal else ()
