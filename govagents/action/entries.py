"""The guard's log entries: a grant intended, applied, verified, ending, ended; or refused."""

from dataclasses import replace
from datetime import datetime, timedelta

from govagents.domain.canonical import digest
from govagents.domain.decision import Decision
from govagents.domain.event import Event
from govagents.domain.grant import Grant
from govagents.domain.request import Request, Status


def giving(kind: str, grant: Grant, decision: Decision, *, at: datetime, principal: str) -> Event:
    """An entry of the way in; carries the decision it rests on."""
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
        reason=grant.id,
        ttl=grant.window.length,
        digests={"grant": digest(grant)},
    )


def ending(kind: str, grant: Grant, *, at: datetime, principal: str) -> Event:
    """An entry of the way out; rests on the grant's own record alone."""
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
        reason=f"{grant.id} {grant.cause or 'none'}",
        ttl=timedelta(0),
        digests={"grant": digest(grant)},
    )


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


def lapsed(request: Request, *, at: datetime) -> Event:
    """Nobody answered in time."""
    event = refused(request, Status.LAPSED, None, at=at)
    return replace(event, kind="request.lapsed", reason="unanswered")
