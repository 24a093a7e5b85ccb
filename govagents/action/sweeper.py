"""The clockwork: ends what is due, retries what would not end, starts what was scheduled.

Rules:
1. Every sweep first leaves a sign of life on the machine's clock; the guard gives only while it is
   fresh.
2. Due is judged by the later of now and the latest instant ever seen, so a clock set back extends
   nothing.
3. Ending comes before starting, and one failure does not keep the rest waiting.
4. Of what was blocked only that is tried again which waited for a sweeper; the rest needs a person.
5. An unanswered request lapses after 24 hours; an unanswered question too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from govagents.action.guard import START_A_SWEEPER
from govagents.domain.canonical import instant
from govagents.domain.event import Event
from govagents.domain.grant import EffectKind, Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId
from govagents.domain.request import Status
from govagents.errors import GovAgentsError
from govagents.ports import Clock, Guard, Records, Transaction

LAPSE = timedelta(hours=24)
SIGN_OF_LIFE = timedelta(minutes=2)
_ENDING = frozenset({Status.EXPIRING, Status.REVOKING, Status.REVOKE_FAILED})
_WAITING = frozenset({Status.PENDING, Status.NEEDS_INFO})
_TO_START = frozenset({Status.APPROVED, Status.BLOCKED, Status.ACTIVATING})
_ACTOR = IdentityId("provisioner")


@dataclass(frozen=True)
class SweepReport:
    """What one sweep did, by id. `failed` grants are still held on a target."""

    expired: tuple[GrantId, ...]
    retried: tuple[GrantId, ...]
    failed: tuple[GrantId, ...]
    activated: tuple[RequestId, ...]
    lapsed: tuple[RequestId, ...]


@dataclass(frozen=True)
class Sweeper:
    """One sweep at a time; `machine` is the machine's own clock, `clock` the store's."""

    records: Records
    guard: Guard
    clock: Clock
    machine: Clock

    def sweep(self) -> SweepReport:
        """Do everything that is due now."""
        now = self._sign_of_life()
        with self.records.begin() as tx:
            due = tx.grants.list(frozenset({Status.ACTIVE}))
            ending = tx.grants.list(_ENDING)
        expired = [grant for grant in due if grant.window.end <= now]
        over = self._each(expired, lambda grant: self._end(grant, "expired"))
        retried = self._each(ending, lambda grant: self._end(grant, grant.cause or "expired"))
        lapsed = self._lapse(now)
        activated = self._start(now)
        failed = [g.id for g in (*expired, *ending) if g.id not in {*over, *retried}]
        return SweepReport(over, retried, tuple(failed), activated, lapsed)

    def _sign_of_life(self) -> datetime:
        with self.records.begin() as tx:
            tx.settings.set("sweeper_seen", int(self.machine.now().timestamp()))
            seen = tx.settings.get("latest_instant")
            now = self.clock.now()
            if isinstance(seen, str):
                now = max(now, datetime.fromisoformat(seen))
            tx.settings.set("latest_instant", instant(now))
        return now

    def _end(self, grant: Grant, cause: str) -> bool:
        status = self.guard.end(grant.id, actor=_ACTOR, cause=cause)
        return status is not Status.REVOKE_FAILED

    @staticmethod
    def _each(
        grants: list[Grant] | tuple[Grant, ...], act: Callable[[Grant], bool]
    ) -> tuple[GrantId, ...]:
        done = []
        for grant in grants:
            try:
                if act(grant):
                    done.append(grant.id)
            except GovAgentsError:  # (3): it stays due, and the report names it as failed
                continue
        return tuple(done)

    def _start(self, now: datetime) -> tuple[RequestId, ...]:
        with self.records.begin() as tx:
            waiting = [each for each in tx.requests.list(_TO_START) if _may_start(tx, each)]
        started = []
        for request in waiting:
            try:
                effect = self.guard.grant(request)
            except GovAgentsError as error:
                self._close(request, now, str(error))
                continue
            if effect.kind is EffectKind.GIVEN:
                started.append(request)
        return tuple(started)

    def _close(self, request: RequestId, now: datetime, why: str) -> None:
        with self.records.begin() as tx:
            tx.requests.set_status(request, Status.BLOCKED, at=now, note=why)

    def _lapse(self, now: datetime) -> tuple[RequestId, ...]:
        lapsed = []
        with self.records.begin() as tx:
            for request in tx.requests.list(_WAITING):
                if tx.requests.since(request) + LAPSE <= now:
                    tx.requests.set_status(request, Status.LAPSED, at=now, note="nobody answered")
                    tx.log.append(_lapsed(tx, request, now))
                    lapsed.append(request)
        return tuple(lapsed)


def alive(tx: Transaction, machine: datetime) -> bool:
    """Whether a sweeper was seen within `SIGN_OF_LIFE` on the machine's clock."""
    seen = tx.settings.get("sweeper_seen")
    return isinstance(seen, int) and abs(machine.timestamp() - seen) <= SIGN_OF_LIFE.total_seconds()


def _may_start(tx: Transaction, request: RequestId) -> bool:
    """(4)."""
    status = tx.requests.status(request)
    return status is not Status.BLOCKED or tx.requests.note(request) == START_A_SWEEPER


def _lapsed(tx: Transaction, request: RequestId, now: datetime) -> Event:
    found = tx.requests.get(request)
    speaker = found.speaker if found else "none"
    return Event(
        kind="request.lapsed",
        at=now,
        agent="provisioner",
        principal=speaker,
        subject=speaker,
        about=request,
        policy="none",
        evaluation="none",
        decision=Status.LAPSED.value,
        reason="unanswered",
        ttl=timedelta(0),
        digests={},
    )
