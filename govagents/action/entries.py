"""The guard's log entries: a grant intended, applied, verified, ending, ended; or refused.

INVARIANT (the log is complete and checkable): an entry says which kind of trouble a target made and
the digest of its words; the words stand in the grant's record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from govagents.action.late import LATE
from govagents.audit.life import grant_digest
from govagents.domain.canonical import digest
from govagents.domain.decision import Decision
from govagents.domain.event import Event
from govagents.domain.grant import Grant
from govagents.domain.ids import SystemId
from govagents.domain.outcome import NotDone, Outcome
from govagents.domain.request import Request, Status


def giving(kind: str, grant: Grant, decision: Decision, *, at: datetime, principal: str) -> Event:
    """An entry of the way in; carries the decision it rests on.

    `reason` names the grant, its role and its targets, and `ttl` counts from `at` to its end, so
    that it can be taken back by what the log says alone.
    """
    return Event(
        kind=f"grant.{kind}",
        at=at,
        agent="provisioner",
        principal=principal,
        subject=grant.beneficiary,
        about=grant.request,
        policy=decision.policy_digest,
        evaluation=decision.evaluation,
        decision=decision.verdict.value,
        reason=" ".join((grant.id, grant.role, *grant.targets)),
        ttl=max(grant.window.end - at, timedelta(0)),
        digests=_digests(grant, None),
    )


def not_applied(giving: Event, grant: Grant, failure: NotDone) -> Event:
    """The entry that `giving` becomes where a target did not show what was given."""
    reason = f"{grant.id} {failure.trouble}"
    return replace(
        giving, kind="grant.not_applied", reason=reason, digests=_digests(grant, failure)
    )


def ending(kind: str, grant: Grant, *, at: datetime, principal: str) -> Event:
    """An entry of the way out; rests on the grant's own record alone."""
    codes = [grant.id, grant.cause or "none"]
    codes += [grant.failure.trouble] if grant.failure else []
    return Event(
        kind=f"grant.{kind}",
        at=at,
        agent="provisioner",
        principal=principal,
        subject=grant.beneficiary,
        about=grant.request,
        policy="none",
        evaluation=grant.decision,
        decision=grant.status.value,
        reason=" ".join(codes),
        ttl=timedelta(0),
        digests=_digests(grant, grant.failure),
    )


def doubted(grant: Grant, differs: Sequence[str], *, at: datetime) -> Event:
    """A grant is ended whose row is not what the log says; `differs` = in which fields."""
    event = ending("doubted", grant, at=at, principal="none")
    return replace(event, kind="guard.doubted", reason=" ".join((grant.id, *differs)), digests={})


def late(grant: Grant, systems: Sequence[SystemId], outcome: Outcome, *, at: datetime) -> Event:
    """What `systems` showed after a grant had ended was taken back, or not (then: the trouble)."""
    event = ending("late", grant, at=at, principal="none")
    codes = [grant.id, *systems]
    codes += [outcome.trouble] if isinstance(outcome, NotDone) else []
    return replace(event, kind=LATE, reason=" ".join(codes), digests={})


def refused(request: Request, status: Status, decision: Decision | None, *, at: datetime) -> Event:
    """The guard gave nothing; `status` is what became of the request."""
    policies = [reason.policy or "default-deny" for reason in decision.reasons] if decision else []
    return Event(
        kind="guard.refused",
        at=at,
        agent="provisioner",
        principal=request.speaker,
        subject=request.asked_for or request.speaker,
        about=request.id,
        policy=decision.policy_digest if decision else "none",
        evaluation=decision.evaluation if decision else "none",
        decision=status.value,
        reason=" ".join(policies) or "none",
        ttl=timedelta(0),
        digests={},
    )


def lapsed(request: Request, *, at: datetime, reason: str) -> Event:
    """Nobody answered, or gave, in time."""
    event = refused(request, Status.LAPSED, None, at=at)
    return replace(event, kind="request.lapsed", reason=reason)


def _digests(grant: Grant, failure: NotDone | None) -> Mapping[str, str]:
    said = {} if failure is None else {"failure": digest(failure)}
    return {"grant": grant_digest(grant), **said}
