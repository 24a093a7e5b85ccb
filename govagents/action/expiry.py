"""Ends grants. Pure of policy: it needs the grant's own record and a known actor, nothing else.

Rules:
1. INVARIANT (taking back never waits): no policy, catalog, model, memory, approver or token is
   looked at. Agents of ours, the beneficiary, owners and the accountable are known from the record.
2. Another grant of the same role to the same beneficiary that is given or being given, or a holding
   from before, is a reference: the role stays on the target until the last reference ends.
   Containment, leaving and an owner's revoke ignore references and end the other grants too, also
   those whose owner is another by now; once a grant was ended so, it stays so through every retry.
   INVARIANT (a revoke outlives its process): they are due from the transaction that begins, or
   ends, the first one, so that whoever dies in between leaves them to the next sweep.
3. A grant is over only when the target confirms; until then it is `revoke_failed`, with the cause,
   and tried again. A retry is an `end_failed` only where the kind of trouble is another; its calls
   are named in any case (`noting`).
4. Ending an ended grant says how it ended and changes nothing.
5. Expired is not revoked: the status tells which. A person's word replaces "expired" as the cause.
6. One entry for each transition: who comes second finds the status changed and writes none.
7. A grant is what the log says. Where its row says otherwise, that it was ended all the same is an
   entry of its own, `guard.doubted`, which names the fields.
8. What was given for one task, by one request or by those that extended it, is over with the task.
   References count: the task is over, not what somebody else still needs the role for.
   INVARIANT (a task is over as a whole): all of it is due from one transaction, as in (2).
9. What a target shows of an ended grant, for it carried out late what was ordered (`late`), is
   taken back where no reference remains; that is an entry of its own, `guard.late`, and the owners
   are told, once for each kind of outcome.
"""

from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from typing import assert_never

from govagents.action.entries import doubted, ending, late
from govagents.action.noting import Calls, noting
from govagents.action.targets import Targets
from govagents.action.task import one_task
from govagents.domain.grant import GIVING, LIVE, Change, Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId, SystemId
from govagents.domain.outcome import Done, NotDone, Outcome
from govagents.domain.request import Status
from govagents.errors import GovAgentsError, IntegrityError, StateError, UnknownNameError
from govagents.ports import Clock, Records, Transaction

IGNORES_REFERENCES = frozenset({"contained", "left"})
AGENTS = frozenset({"provisioner", "sentinel", "lifecycle", "reviewer"})


@dataclass(frozen=True)
class Expiry:
    """The way out, for every cause.

    expired, given_back, revoked, completed, reversed, undone, not_permitted, contained, left.
    """

    records: Records
    targets: Targets
    clock: Clock

    def end(self, grant_id: GrantId, *, actor: IdentityId, cause: str) -> Status:
        """End one grant; returns the status it has now.

        Raises:
            UnknownNameError: no such grant, or nobody knows the actor.
            StateError: the actor is known and has no say in this grant.
        """
        return self._end(grant_id, actor, cause, absolute=False)

    def _end(self, grant_id: GrantId, actor: IdentityId, cause: str, *, absolute: bool) -> Status:
        """`absolute` = it goes with another one, whoever has a say in itself (2)."""
        with self.records.begin() as tx:
            grant = self._begin(tx, grant_id, actor, cause, absolute=absolute)
            if grant.status not in LIVE:  # (4)
                return grant.status
            along = self._order_along(tx, grant, actor)
            skip = _kept(tx, grant)
        with self._noting() as calls:
            outcome = self.targets.set(grant, calls, held=False, skip=skip)
            status, others = self._finish(grant, actor, outcome, calls)
            for other in others:
                if not grant.absolute and not set(other.targets) <= set(skip):
                    # a reference that came meanwhile: what it holds is put back
                    self.targets.set(other, calls, held=True)
        came = (other.id for other in others) if grant.absolute else ()
        for name in (*along, *came):  # (2)
            self._end(name, actor, grant.cause, absolute=True)
        return status

    def complete(self, grant_id: GrantId, *, actor: IdentityId) -> tuple[GrantId, ...]:
        """The task is over (8): ends it and what else was given for it that `actor` may end.

        Returns those others. Raises as `end` does.
        """
        with self.records.begin() as tx:
            grant = _found(tx, grant_id)
            _may(tx, grant, actor)
            others = self._order_task(tx, grant, actor)
        for name in (grant_id, *others):
            self.end(name, actor=actor, cause="completed")
        return others

    def kept(self, grant: Grant) -> tuple[SystemId, ...]:
        """Where the role would stay if this grant ended now (2)."""
        with self.records.begin() as tx:
            return _kept(tx, grant)

    def kept_by(self, grant: Grant) -> tuple[GrantId, ...]:
        """The other grants that give its role on one of its targets (2)."""
        with self.records.begin() as tx:
            others = () if grant.absolute else _references(tx, grant)
        return tuple(each.id for each in others if set(each.targets) & set(grant.targets))

    def insist(self, grant: Grant, actor: IdentityId) -> None:
        """Whether `actor` has a say in it (1).

        Raises:
            UnknownNameError: nobody knows the actor.
            StateError: it is for others to end.
        """
        with self.records.begin() as tx:
            _may(tx, grant, actor)

    def clear(self, grant_id: GrantId) -> Outcome:
        """Make sure that an ended grant is on no target any more, and read that back."""
        with self.records.begin() as tx:
            grant = _found(tx, grant_id)
            skip = _kept(tx, grant)
        with self._noting() as calls:
            return self.targets.set(grant, calls, held=False, skip=skip)

    def take_late(self, grant: Grant) -> Outcome | None:
        """(9) None = nothing showed up."""
        with self.records.begin() as tx:
            # those of another grant stay, whoever ended this one
            kept = _kept(tx, replace(grant, absolute=False))
        with self._noting() as calls:
            shown = [each.system for each in self.targets.shown(grant, calls)]
            systems = tuple(system for system in shown if system not in kept)
            if not systems:
                return None
            skip = tuple(system for system in grant.targets if system not in systems)
            outcome = self.targets.set(grant, calls, held=False, skip=skip)
            with self.records.begin() as tx:
                others = _references(tx, grant)
            for other in others:
                if set(other.targets) & set(systems):  # one that came meanwhile, as in `_end`
                    self.targets.set(other, calls, held=True)
            self._tell_late(grant, systems, outcome, calls)
        return outcome

    def _tell_late(
        self, grant: Grant, systems: tuple[SystemId, ...], outcome: Outcome, calls: Calls
    ) -> None:
        entry = late(grant, systems, outcome, at=self.clock.now())
        became = f"it is still there: {outcome}" if isinstance(outcome, NotDone) else "taken back"
        text = f"`{grant.role}` of `{grant.beneficiary}` showed up after its end; {became}"
        with calls.begin() as tx:
            written = {(event.kind, event.reason) for _, event in tx.log.of(grant.request)}
            if (entry.kind, entry.reason) in written and isinstance(outcome, NotDone):
                return
            tx.log.append(calls.named_by(entry, grant))
            for person in grant.owners or grant.accountable:
                tx.notify(person, grant.request, text, entry.at)

    def look(self, grant: Grant) -> tuple[Change, ...]:
        """What the targets show of `grant` now."""
        with self._noting() as calls:
            return self.targets.shown(grant, calls)

    def _noting(self) -> AbstractContextManager[Calls]:
        return noting(self.records, self.clock, self.targets.tracer)

    def _begin(
        self, tx: Transaction, grant_id: GrantId, actor: IdentityId, cause: str, *, absolute: bool
    ) -> Grant:
        grant = _found(tx, grant_id)
        if not absolute:
            _may(tx, grant, actor)
        if grant.status not in LIVE:
            return grant
        by_owner = cause == "revoked" and actor in grant.owners
        absolute = absolute or cause in IGNORES_REFERENCES or by_owner
        trying = replace(grant, attempts=grant.attempts + 1)
        return self._order(tx, trying, actor, cause, absolute=absolute)

    def _order_along(self, tx: Transaction, grant: Grant, actor: IdentityId) -> tuple[GrantId, ...]:
        """Makes the other grants of its role due with it, where it ends them too (2)."""
        others = _references(tx, grant) if grant.absolute else ()
        for other in others:
            self._order(tx, other, actor, grant.cause, absolute=True)
        return tuple(other.id for other in others)

    def _order_task(self, tx: Transaction, grant: Grant, actor: IdentityId) -> tuple[GrantId, ...]:
        """Makes all of a task due at once (8); the ids of the others."""
        due = [each for each in _live_of_task(tx, grant) if _has_a_say(tx, each, actor)]
        for each in due:
            self._order(tx, each, actor, "completed", absolute=False)
        return tuple(each.id for each in due if each.id != grant.id)

    def _order(
        self, tx: Transaction, grant: Grant, actor: IdentityId, cause: str, *, absolute: bool
    ) -> Grant:
        """Makes one due, from now on and whoever dies; no target is asked yet."""
        strongest = absolute and not grant.absolute
        said = cause if strongest or not grant.cause or _speaks(actor, grant) else grant.cause
        started = replace(
            grant,
            status=Status.EXPIRING if said == "expired" else Status.REVOKING,
            cause=said,
            absolute=grant.absolute or absolute,
        )
        if differs := tx.grants.differs(grant.id):  # (7)
            entry = doubted(started, differs, at=self.clock.now())
            tx.log.append(entry)
        tx.grants.save(started)
        if grant.status in GIVING:  # (6)
            entry = ending("ending", started, at=self.clock.now(), principal=_person(actor))
            tx.log.append(entry)
        return started

    def _finish(
        self, grant: Grant, actor: IdentityId, outcome: Outcome, calls: Calls
    ) -> tuple[Status, tuple[Grant, ...]]:
        """The status, and the other grants of the role that are given or being given."""
        now = self.clock.now()
        over = Status.EXPIRED if grant.status is Status.EXPIRING else Status.REVOKED
        match outcome:
            case Done():
                ended = replace(grant, status=over, ended=now, failure=None)
            case NotDone():
                ended = replace(grant, status=Status.REVOKE_FAILED, ended=None, failure=outcome)
            case _:
                assert_never(outcome)
        with calls.begin() as tx:
            current = _found(tx, grant.id)
            if current.status not in LIVE:  # (6)
                return current.status, ()
            tx.grants.save(ended)
            if ended.failure is None:
                entry = ending("ended", ended, at=now, principal=_person(actor))
                tx.log.append(calls.named_by(entry, grant))
                if ended.cause != "undone":  # then the guard says what became of the request
                    _settle_request(tx, ended.request, over, self.clock)
            elif grant.attempts == 1 or _kind(grant.failure) != _kind(ended.failure):
                entry = ending("end_failed", ended, at=now, principal=_person(actor))
                tx.log.append(calls.named_by(entry, grant))
            others = _references(tx, ended)
            self._order_along(tx, ended, actor)
            return ended.status, others


def _found(tx: Transaction, grant_id: GrantId) -> Grant:
    grant = tx.grants.get(grant_id)
    if grant is None:
        message = f"no grant `{grant_id}`: `govagents grant list` shows them all"
        raise UnknownNameError(message)
    return grant


def _live_of_task(tx: Transaction, grant: Grant) -> list[Grant]:
    """(8); what cannot be read is the sweep's to name."""
    given: list[Grant] = []
    for request in sorted(one_task(tx, grant)):
        with suppress(IntegrityError):
            given += tx.grants.of_request(request)
    return [each for each in given if each.status in LIVE]


def _has_a_say(tx: Transaction, grant: Grant, actor: IdentityId) -> bool:
    with suppress(StateError):
        _may(tx, grant, actor)
        return True
    return False


def _may(tx: Transaction, grant: Grant, actor: IdentityId) -> None:
    """Rule 1; the directory is asked only to tell a stranger from somebody without a say."""
    if actor in AGENTS or actor in {grant.beneficiary, *grant.owners, *grant.accountable}:
        return
    try:
        known = actor in tx.world().identities
    except GovAgentsError:
        known = False
    if not known:
        message = f"`{actor}` is not known here: say who you are"
        raise UnknownNameError(message)
    names = ", ".join(dict.fromkeys((grant.beneficiary, *grant.owners, *grant.accountable)))
    message = f"`{grant.id}` is not for `{actor}` to end: {names} may"
    raise StateError(message)


def _kind(failure: NotDone | None) -> NotDone | None:
    """(3) What makes it another trouble: not its words, which may hold a time or a number."""
    return failure and replace(failure, said="")


def _speaks(actor: IdentityId, grant: Grant) -> bool:
    """Whether a person's word replaces the cause so far, rule 5."""
    return actor not in AGENTS and grant.cause not in IGNORES_REFERENCES


def _references(tx: Transaction, grant: Grant) -> tuple[Grant, ...]:
    """Rule 2; a row that cannot be read is no reference, so that it keeps nothing from ending."""
    found = []
    for name in tx.grants.names(GIVING, grant.beneficiary):
        with suppress(IntegrityError):
            found.append(tx.grants.get(name))
    return tuple(
        other for other in found if other and other.id != grant.id and other.role == grant.role
    )


def _kept(tx: Transaction, grant: Grant) -> tuple[SystemId, ...]:
    """Systems where a reference remains, rule 2."""
    if grant.absolute:
        return ()
    others = {system for other in _references(tx, grant) for system in other.targets}
    return tuple(sorted(others | set(grant.held_before)))


def _person(actor: IdentityId) -> str:
    """On whose word: nobody's where an agent of ours ends what is due."""
    return "none" if actor in AGENTS else actor


def _settle_request(tx: Transaction, request: RequestId, over: Status, clock: Clock) -> None:
    """A request is over when its last grant is; one whose record is lost keeps no grant alive."""
    if tx.requests.get(request) is None:
        return
    if all(item.status not in LIVE for item in tx.grants.of_request(request)):
        note = tx.requests.note(request)
        tx.requests.set_status(request, over, at=clock.now(), note=note)
