"""Keeps what a closed request came to: ids and the ending, with provenance, no words.

Rules:
1. Only an ending is kept: a request that still waits for something is none.
2. The ending and the entry it rests on are read from the database of record, never from the state.
3. Sensitivity is the highest of the needs; a need that the catalog does not know counts as the
   highest there is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NotRequired, TypedDict

from govagents.domain.catalog import Catalog, Sensitivity
from govagents.domain.ids import IdentityId, PermissionId, RoleId
from govagents.domain.precedent import Precedent
from govagents.domain.proposal import Proposal
from govagents.domain.question import Resolution
from govagents.domain.request import Request, Status
from govagents.errors import PowerWithheldError, StateError
from govagents.ports import Catalogs, Clock, Directory, Memory, Records, Words

_KINDS = {
    Status.DENIED: "decision",
    Status.ACTIVE: "outcome",
    Status.EXPIRED: "outcome",
    Status.REVOKED: "outcome",
    Status.RETURNED: "outcome",
    Status.CANCELLED: "outcome",
    Status.LAPSED: "outcome",
    Status.BLOCKED: "exception",
    Status.REVOKE_FAILED: "exception",
}


class Ended(TypedDict):
    """What remember reads; a request refused at the door has only its first key."""

    request: Request
    resolution: NotRequired[Resolution]
    proposal: NotRequired[Proposal]


class Remembered(TypedDict):
    """What remember writes: what was kept, or why nothing was."""

    remembered: str


@dataclass(frozen=True)
class Ending:
    """How a request ended, and the newest entry about it."""

    status: Status
    entry: int


@dataclass(frozen=True)
class Remember:
    """An ending → a precedent. `lifetime` is how long it counts."""

    memory: Memory
    words: Words
    catalogs: Catalogs
    directory: Directory
    records: Records
    clock: Clock
    lifetime: timedelta = timedelta(days=180)

    def __call__(self, state: Ended) -> Remembered:
        """Losing memory undoes nothing that was decided or done."""
        request = state["request"]
        ending = self._ending(request)
        if ending is None or ending.status not in _KINDS:  # (1)
            return {"remembered": "nothing yet: the request has not ended"}
        precedent = self._precedent(state, ending, self.clock.now())
        words = self.words.of(request.id)
        try:
            self.memory.remember(precedent, words)
        except (PowerWithheldError, StateError) as error:
            return {"remembered": f"nothing: {error}"}
        return {"remembered": f"{precedent.kind}: {precedent.ending}"}

    def _ending(self, request: Request) -> Ending | None:
        with self.records.begin() as tx:  # (2)
            entries = tx.log.of(request.id)
            return Ending(tx.requests.status(request.id), entries[-1][0]) if entries else None

    def _precedent(self, state: Ended, ending: Ending, at: datetime) -> Precedent:
        request, proposal = state["request"], state.get("proposal")
        catalog = self.catalogs.current()
        needs = _needs(state)
        beneficiary = _beneficiary(state)
        return Precedent(
            request=request.id,
            kind=_KINDS[ending.status],
            beneficiary=beneficiary,
            department=self._department(beneficiary),
            needs=needs,
            roles=_roles(proposal),
            ending=ending.status.value,
            at=at,
            expires=at + self.lifetime,
            catalog=proposal.proof.catalog if proposal is not None else catalog.digest,
            sensitivity=_sensitivity(needs, catalog),
            source="librarian",
            entry=ending.entry,
            text_digest=request.text_digest,
        )

    def _department(self, beneficiary: IdentityId) -> str:
        identity = self.directory.world().identities.get(beneficiary)
        return identity.person.department if identity is not None and identity.person else ""


def _needs(state: Ended) -> tuple[PermissionId, ...]:
    resolution = state.get("resolution")
    needs = resolution.understanding.needs if resolution is not None else ()
    return tuple(sorted({need.permission for need in needs}))


def _beneficiary(state: Ended) -> IdentityId:
    resolution, request = state.get("resolution"), state["request"]
    if resolution is not None:
        return resolution.understanding.beneficiary
    return request.asked_for or request.speaker


def _roles(proposal: Proposal | None) -> tuple[RoleId, ...]:
    return proposal.roles if proposal is not None else ()


def _sensitivity(needs: tuple[PermissionId, ...], catalog: Catalog) -> int:
    known = catalog.permissions
    unknown = Sensitivity.RESTRICTED.rank  # (3)
    return max(
        (known[need].sensitivity.rank if need in known else unknown for need in needs), default=0
    )
