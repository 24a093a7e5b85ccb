"""Takes back everything one request gave. Undoing a giving is a taking back: always allowed.

Rules:
1. It goes by the rollback of the plan as the log recorded it (`plan`). One that cannot be read
   keeps nothing from being taken back.
2. INVARIANT (reversible): what undoing on a person's word would change is said first, from what the
   targets show and from what keeps a role there; undoing it changes exactly that.
3. It restores what was: another grant and what was held before are respected, also on an owner's
   word, who may revoke to take those too.
4. All of it, or nothing where the person has no say in a part.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from govagents.action.expiry import Expiry
from govagents.action.plan import undoing
from govagents.domain.grant import LIVE, Change, Grant
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.plan import Step
from govagents.domain.proposal import Proposal
from govagents.domain.request import Request, Status
from govagents.errors import GovAgentsError, StateError
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


@dataclass(frozen=True)
class Difference:
    """What the targets lose, and what they go on showing though its grant is over."""

    lost: tuple[Change, ...]
    stays: tuple[Change, ...]


@dataclass(frozen=True)
class Reversal:
    """(2) Undoing on a person's word; it needs what every taking back needs."""

    records: Records
    expiry: Expiry

    def difference(self, request: RequestId) -> Difference:
        """What `apply` would change now.

        Raises:
            StateError: nothing of it is live.
        """
        lost: list[Change] = []
        stays: list[Change] = []
        for grant in self._live(request):
            kept = self.expiry.kept(grant)
            for change in self.expiry.look(grant):
                (stays if change.system in kept else lost).append(_lost(change))
        return Difference(tuple(lost), tuple(stays))

    def apply(self, request: RequestId, *, actor: IdentityId) -> Difference:
        """Undoes it; what the targets show of it that they did not, or still do, afterwards.

        Raises:
            StateError: nothing of it is live, or a part of it is for others to end; nothing is
                ended then.
        """
        grants = self._live(request)
        for grant in grants:  # (4)
            self.expiry.insist(grant, actor)
        before = self._shown(grants)
        for grant in grants:
            self.expiry.end(grant.id, actor=actor, cause="reversed")
        after = self._shown(grants)
        gone = tuple(_lost(change) for change in before if change not in after)
        return Difference(gone, tuple(_lost(change) for change in after))

    def _live(self, request: RequestId) -> tuple[Grant, ...]:
        """In the order in which they are to be ended (1)."""
        with self.records.begin() as tx:
            grants = undoing(_steps(tx, request), tx.grants.of_request(request))
            live = tuple(grant for grant in grants if grant.status in LIVE)
            status = tx.requests.status(request)
        if not live:
            message = f"`{request}` is {status.value}: nothing of it is held that could be undone"
            raise StateError(message)
        return live

    def _shown(self, grants: Sequence[Grant]) -> tuple[Change, ...]:
        return tuple(change for grant in grants for change in self.expiry.look(grant))


def _lost(change: Change) -> Change:
    return replace(change, gained=False)


def _steps(tx: Transaction, request: RequestId) -> tuple[Step, ...]:
    try:
        proposal = sealed(tx, request, "proposal", Proposal)
    except GovAgentsError:
        return ()
    return proposal.steps if proposal else ()
