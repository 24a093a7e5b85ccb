"""The log entries of a grant's life: intended, applied, verified, ending, ended."""

from datetime import datetime, timedelta

from govagents.domain.canonical import digest
from govagents.domain.decision import Decision
from govagents.domain.event import Event
from govagents.domain.grant import Grant


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
