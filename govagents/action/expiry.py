"""Ends grants. Pure of policy: it needs the grant's own record and a known actor, nothing else.

Rules:
1. INVARIANT (taking back never waits): no policy, catalog, model, memory, approver or token is
   looked at.
2. Another live grant of the same role to the same beneficiary, or a holding from before, is a
   reference: the role stays on the target until the last reference ends. Containment, leaving and
   an owner's revoke ignore references.
3. A grant is over only when the target confirms; until then it is `revoke_failed` and tried again.
4. Ending an ended grant says how it ended and changes nothing.
5. Expired is not revoked: the status tells which.
"""

from dataclasses import dataclass, replace

from govagents.action.entries import ending
from govagents.action.targets import Targets
from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId, SystemId
from govagents.domain.request import Status
from govagents.errors import UnknownNameError
from govagents.ports import Clock, Records, Transaction

IGNORES_REFERENCES = frozenset({"contained", "left"})
AGENTS = frozenset({"provisioner", "sentinel", "lifecycle", "reviewer"})


@dataclass(frozen=True)
class Expiry:
    """The way out, for every cause: expired, given_back, revoked, undone, contained, left."""

    records: Records
    targets: Targets
    clock: Clock

    def end(self, grant_id: GrantId, *, actor: IdentityId, cause: str) -> Status:
        """End one grant; returns the status it has now.

        Raises:
            UnknownNameError: no such grant, or the actor is neither an agent of ours nor known.
        """
        grant, skip = self._begin(grant_id, actor, cause)
        if grant.status not in LIVE:  # (4)
            return grant.status
        confirmed = self.targets.set(grant, held=False, skip=skip)
        return self._finish(grant, actor, confirmed=confirmed)

    def _begin(
        self, grant_id: GrantId, actor: IdentityId, cause: str
    ) -> tuple[Grant, tuple[SystemId, ...]]:
        with self.records.begin() as tx:
            grant = tx.grants.get(grant_id)
            if grant is None:
                message = f"no grant `{grant_id}`: `govagents grant list` shows them all"
                raise UnknownNameError(message)
            if actor not in AGENTS and actor not in tx.world().identities:
                message = f"`{actor}` is not known here: say who you are"
                raise UnknownNameError(message)
            if grant.status not in LIVE:
                return grant, ()
            moving = Status.EXPIRING if cause == "expired" else Status.REVOKING
            started = replace(
                grant, status=moving, cause=grant.cause or cause, attempts=grant.attempts + 1
            )
            tx.grants.save(started)
            if grant.status is not moving:
                now = self.clock.now()
                tx.log.append(ending("ending", started, at=now, principal=_person(actor)))
            return started, self._kept(tx, started, actor)

    def _kept(self, tx: Transaction, grant: Grant, actor: IdentityId) -> tuple[SystemId, ...]:
        """Systems where a reference remains, rule 2."""
        if grant.cause in IGNORES_REFERENCES or (
            grant.cause == "revoked" and actor in grant.owners
        ):
            return ()
        others = {
            system
            for other in tx.grants.of_identity(grant.beneficiary)
            if other.id != grant.id and other.role == grant.role and other.status in LIVE
            for system in other.targets
        }
        return tuple(sorted(others | set(grant.held_before)))

    def _finish(self, grant: Grant, actor: IdentityId, *, confirmed: bool) -> Status:
        over = Status.EXPIRED if grant.status is Status.EXPIRING else Status.REVOKED
        now = self.clock.now()
        ended = replace(
            grant,
            status=over if confirmed else Status.REVOKE_FAILED,
            ended=now if confirmed else None,
        )
        with self.records.begin() as tx:
            tx.grants.save(ended)
            if confirmed:
                tx.log.append(ending("ended", ended, at=now, principal=_person(actor)))
                if grant.cause != "undone":  # then the guard says what became of the request
                    _settle_request(tx, grant.request, over, self.clock)
            elif grant.attempts == 1:
                tx.log.append(ending("end_failed", ended, at=now, principal=_person(actor)))
        return ended.status


def _person(actor: IdentityId) -> str:
    """On whose word: nobody's where an agent of ours ends what is due."""
    return "none" if actor in AGENTS else actor


def _settle_request(tx: Transaction, request: RequestId, over: Status, clock: Clock) -> None:
    """A request is over when its last grant is."""
    if all(item.status not in LIVE for item in tx.grants.of_request(request)):
        tx.requests.set_status(request, over, at=clock.now())
