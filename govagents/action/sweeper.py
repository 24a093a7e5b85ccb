"""The clockwork: ends what is due, tries ends again, finishes cut runs, starts what was scheduled.

Rules:
1. Every sweep first leaves a sign of life on the machine's clock; the guard gives only while it is
   fresh.
2. Due is judged by the later of now and the latest instant ever seen, which goes on while the
   machine runs, so a clock set back extends nothing (`elapsed`).
3. Ending comes before starting and needs `expiry` alone; the guard is made only when there is
   something to start, and what keeps it from being made keeps nothing from ending.
4. One failure, of whatever kind, does not keep the rest waiting; it stays due and is reported. One
   record that cannot be read is named and keeps no other from lapsing, going on or starting.
5. A giving that was interrupted is decided again, or taken back: nothing stays half given.
6. Of what was blocked only that is tried again which waited for a sweeper; the rest needs a person.
7. An unanswered request lapses after 24 hours; an unanswered question too. So does one that nobody
   went on with, or gave, for so long: whoever asked no longer expects it (`lapse`). What a giving
   that lapses left on a target is taken back at once.
8. A run that its process left behind is finished; one that somebody is at is left to them. It comes
   after lapsing, and before starting, which would give without a second look at the target.
9. Who left the company, or is past the end of their own identity or of what it acts for, keeps no
   grant: it ends with cause `left`. Where the company cannot be read everything else still ends.
10. What is live is decided on again (`redecide`) after what is due has ended, and before anything
   is given: what policy no longer permits, or whose ticket is closed, ends here.
11. What a target did after all, when the grant was over, is taken back (`late`), and said.
12. An end that a target did not confirm is tried at every sweep that somebody asks for; one that is
    `patient`, because it comes again by itself, waits longer each time (`retrying`).
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from govagents.action.elapsed import Uptime, at_least
from govagents.action.expiry import Expiry
from govagents.action.lapse import WAITING, lapse, waits_for_sweeper
from govagents.action.late import to_look_for
from govagents.action.redecide import COMPLETED, NOT_PERMITTED, Redecide
from govagents.action.retrying import (
    MOST_ALONE,
    needs_person,
    put_off,
    tell_that_a_person_is_needed,
)
from govagents.action.unfinished import UNDER_WAY, Resumption, unfinished
from govagents.domain.canonical import instant
from govagents.domain.grant import LIVE, EffectKind, Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId
from govagents.domain.outcome import Done, NotDone
from govagents.domain.request import Status
from govagents.domain.world import World
from govagents.errors import GovAgentsError, StateError
from govagents.policy.standing import gone
from govagents.ports import Clock, Guard, Records, Transaction

SIGN_OF_LIFE = timedelta(minutes=2)
_ENDING = frozenset({Status.EXPIRING, Status.REVOKING, Status.REVOKE_FAILED})
_TO_START = frozenset({Status.APPROVED, Status.BLOCKED, Status.ACTIVATING})
_ACTOR = IdentityId("provisioner")


@dataclass
class SweepReport:
    """What one sweep did, by id. `failed` grants are still held on a target.

    `left` are grants of who is not in the company any more, `withdrawn` those that policy no longer
    permits, `completed` those whose ticket is closed, `put_off` those whose next try is still to
    come, `not_given` requests whose time had come and that wait for somebody again or have ended,
    `damaged` those whose records cannot be read; `problems` say in words what could not be done.
    """

    expired: list[GrantId] = field(default_factory=list)
    left: list[GrantId] = field(default_factory=list)
    withdrawn: list[GrantId] = field(default_factory=list)
    completed: list[GrantId] = field(default_factory=list)
    retried: list[GrantId] = field(default_factory=list)
    failed: list[GrantId] = field(default_factory=list)
    put_off: list[GrantId] = field(default_factory=list)
    resumed: list[RequestId] = field(default_factory=list)
    activated: list[RequestId] = field(default_factory=list)
    not_given: list[RequestId] = field(default_factory=list)
    lapsed: list[RequestId] = field(default_factory=list)
    damaged: list[RequestId] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Resumes(Protocol):
    """Finishes the run of a request; the runner."""

    def resume(self, request_id: RequestId) -> Resumption:
        """What that came to."""
        ...


@dataclass(frozen=True)
class Sweeper:
    """One sweep at a time; `machine` is the machine's own clock, `clock` the store's.

    `uptime` tells how long the machine has run, where its clock is the store's.
    `guard` is asked for only when there is something to give, `runner` when a run is unfinished.
    """

    records: Records
    expiry: Expiry
    guard: Callable[[], Guard]
    runner: Callable[[], AbstractContextManager[Resumes]]
    redecide: Redecide
    clock: Clock
    machine: Clock
    patient: bool = False
    uptime: Callable[[], Uptime | None] = lambda: None

    def sweep(self) -> SweepReport:
        """Do everything that is due now."""
        report = SweepReport()
        now = self._sign_of_life()
        with self.records.begin() as tx:
            # ORDER: what was hidden from the list is found before the list is made
            doubted, names = tx.grants.doubted(whole=True), tx.grants.names(LIVE)
        report.problems += doubted.values()
        world = self._world(report) if names else None
        for name in names:
            self._each(report, name, now, world)
        for step in (self._late, self._redecide, self._lapse, self._resume, self._start):
            try:
                step(report, now)
            except Exception as error:  # noqa: BLE001  # (4)
                report.problems.append(_said(error))
        return report

    def _sign_of_life(self) -> datetime:
        """(1)(2)."""
        with self.records.begin() as tx:
            tx.settings.set("sweeper_seen", int(self.machine.now().timestamp()))
            now = at_least(tx, self.clock.now(), self.uptime())
            tx.settings.set("latest_instant", instant(now))
        return now

    def _world(self, report: SweepReport) -> World | None:
        """(9)."""
        try:
            with self.records.begin() as tx:
                return tx.world()
        except Exception as error:  # noqa: BLE001  # (4)
            report.problems.append(f"who has left cannot be told: {_said(error)}")
            return None

    def _each(self, report: SweepReport, name: GrantId, now: datetime, world: World | None) -> None:
        with _failing(report, name):
            with self.records.begin() as tx:
                grant = tx.grants.get(name)
                cause = None if grant is None else due(tx, grant, now, world)
                later = grant is not None and self._later(tx, grant)
            if grant is not None and later:
                report.put_off.append(name)
                report.problems.append(_not_ended(grant))
            elif grant is not None and cause is not None:
                self._end(report, grant, cause)

    def _later(self, tx: Transaction, grant: Grant) -> bool:
        """(12)."""
        return put_off(tx, grant, self.machine.now()) and self.patient

    def _end(self, report: SweepReport, grant: Grant, cause: str) -> None:
        status = self.expiry.end(grant.id, actor=_ACTOR, cause=cause)
        if status is Status.REVOKE_FAILED:
            report.failed.append(grant.id)
            report.problems.append(self._failed(grant.id))
        else:
            _list_for(report, grant, cause).append(grant.id)

    def _late(self, report: SweepReport, now: datetime) -> None:
        """(11)."""
        with self.records.begin() as tx:
            grants = to_look_for(tx, now)
        for grant in grants:
            with _failing(report, grant.id):
                match self.expiry.take_late(grant):
                    case Done():
                        done = "its target showed it after its end, and it was taken back"
                        report.problems.append(f"{grant.id}: {done}")
                    case NotDone() as failure:
                        report.failed.append(grant.id)
                        report.problems.append(f"{grant.id}: held after its end: {failure}")

    def _redecide(self, report: SweepReport, now: datetime) -> None:
        """(10)."""
        found = self.redecide.look(now)
        report.problems += found.undecided
        for name, cause in found.causes.items():
            with _failing(report, name):
                with self.records.begin() as tx:
                    grant = tx.grants.get(name)
                if grant is not None and grant.status is Status.ACTIVE:
                    self._end(report, grant, cause)
        self.redecide.done(found, now)

    def _failed(self, name: GrantId) -> str:
        with self.records.begin() as tx:
            grant = tx.grants.get(name)
            if grant is None:
                return f"{name}: not ended, and gone"
            if needs_person(grant):
                tell_that_a_person_is_needed(tx, grant, self.clock.now())
        return _not_ended(grant)

    def _lapse(self, report: SweepReport, now: datetime) -> None:
        """(7)."""
        for request in self._named(WAITING):
            if self._lapse_one(report, request, now):
                report.lapsed.append(request)
                for name in self._left_of(request):
                    self._each(report, name, now, None)

    def _lapse_one(self, report: SweepReport, request: RequestId, now: datetime) -> bool:
        with self._reading(report, request), self.records.begin() as tx:
            return lapse(tx, request, now)
        return False

    def _left_of(self, request: RequestId) -> tuple[GrantId, ...]:
        with self.records.begin() as tx:
            grants = tx.grants.of_request(request)
        return tuple(grant.id for grant in grants if grant.status in LIVE)

    def _named(self, statuses: frozenset[Status]) -> tuple[RequestId, ...]:
        with self.records.begin() as tx:
            return tx.requests.list(statuses)

    @contextmanager
    def _reading(self, report: SweepReport, request: RequestId) -> Iterator[None]:
        """(4) One request, in a transaction of its own."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  # (4)
            if request not in report.damaged:
                report.damaged.append(request)
            report.problems.append(f"{request}: {_said(error)}")

    def _resume(self, report: SweepReport, now: datetime) -> None:  # noqa: ARG002  # a step's form
        """(8)."""
        left = [name for name in self._named(UNDER_WAY) if self._unfinished(report, name)]
        if not left:
            return
        try:
            with self.runner() as runner:
                for name in left:
                    self._resume_one(report, runner, name)
        except GovAgentsError as error:  # (3)
            report.problems.append(f"{', '.join(left)}: not gone on with: {error}")

    def _unfinished(self, report: SweepReport, request: RequestId) -> bool:
        with self._reading(report, request), self.records.begin() as tx:
            return unfinished(tx, request)
        return False

    def _resume_one(self, report: SweepReport, runner: Resumes, request: RequestId) -> None:
        try:
            match runner.resume(request):
                case Resumption.RESUMED:
                    report.resumed.append(request)
                case Resumption.FAILED:
                    with self.records.begin() as tx:
                        note = tx.requests.note(request) or "see `govagents request show`"
                    report.problems.append(f"{request}: its run failed again: {note}")
                case Resumption.BUSY:
                    pass
        except Exception as error:  # noqa: BLE001  # (4)
            report.problems.append(f"{request}: {_said(error)}")

    def _start(self, report: SweepReport, now: datetime) -> None:
        waiting = [each for each in self._named(_TO_START) if self._may_start(report, each)]
        if not waiting:
            return
        try:
            guard = self.guard()
        except GovAgentsError as error:  # (3)
            report.problems.append(f"nothing could be started: {error}")
            return
        for request in waiting:
            self._start_one(report, guard, request, now)

    def _may_start(self, report: SweepReport, request: RequestId) -> bool:
        """(6)."""
        with self._reading(report, request), self.records.begin() as tx:
            status = tx.requests.status(request)
            return status is not Status.BLOCKED or waits_for_sweeper(tx, request)
        return False

    def _start_one(
        self, report: SweepReport, guard: Guard, request: RequestId, now: datetime
    ) -> None:
        try:
            before = self._status(request)
            if guard.grant(request).kind is EffectKind.GIVEN:
                report.activated.append(request)
            elif self._status(request) is not before:
                report.not_given.append(request)
        except StateError as error:  # busy or stale: the next sweep tries again
            report.problems.append(f"{request}: {error}")
        except Exception as error:  # noqa: BLE001  # (4)
            report.problems.append(f"{request}: {_said(error)}")
            with self._reading(report, request):
                self._give_up(request, now, _said(error))

    def _status(self, request: RequestId) -> Status:
        with self.records.begin() as tx:
            return tx.requests.status(request)

    def _give_up(self, request: RequestId, now: datetime, why: str) -> None:
        """(5)."""
        for name in self._left_of(request):
            self.expiry.end(name, actor=_ACTOR, cause="undone")
        with self.records.begin() as tx:
            tx.requests.set_status(request, Status.BLOCKED, at=now, note=why)


def alive(tx: Transaction, machine: datetime) -> bool:
    """Whether a sweeper was seen within `SIGN_OF_LIFE` on the machine's clock."""
    seen = tx.settings.get("sweeper_seen")
    return isinstance(seen, int) and abs(machine.timestamp() - seen) <= SIGN_OF_LIFE.total_seconds()


@contextmanager
def _failing(report: SweepReport, name: GrantId) -> Iterator[None]:
    """(4) One grant."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  # (4)
        report.failed.append(name)
        report.problems.append(f"{name}: {_said(error)}")


def due(tx: Transaction, grant: Grant, now: datetime, world: World | None) -> str | None:
    """Why a live grant must end now, or None."""
    if grant.status in _ENDING:
        return grant.cause or "expired"
    if grant.window.end <= now:
        return "expired"
    if world is not None and gone(world, grant.beneficiary, now):
        return "left"  # (9)
    left = grant.status is Status.ACTIVATING
    return "undone" if left and tx.requests.status(grant.request) not in _TO_START else None  # (5)


def _not_ended(grant: Grant) -> str:
    text = f"{grant.id}: not ended: {grant.failure or 'no target confirmed it'}"
    if needs_person(grant):
        text += f"; {grant.attempts} tries, more than {MOST_ALONE - 1}: a person is needed"
    return text


def _list_for(report: SweepReport, grant: Grant, cause: str) -> list[GrantId]:
    if grant.status in _ENDING:
        return report.retried
    lists = {"left": report.left, NOT_PERMITTED: report.withdrawn, COMPLETED: report.completed}
    return lists.get(cause, report.expired)


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, GovAgentsError) else f"failed: {type(error).__name__}"
