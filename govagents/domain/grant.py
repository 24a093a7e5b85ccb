"""A grant: one role, one beneficiary, one window, one life."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from govagents.domain.canonical import digest
from govagents.domain.ids import GrantId, IdentityId, RequestId, RoleId, SystemId
from govagents.domain.outcome import NotDone
from govagents.domain.request import Status, Window

LIVE = frozenset(
    {Status.ACTIVATING, Status.ACTIVE, Status.EXPIRING, Status.REVOKING, Status.REVOKE_FAILED}
)
"""A grant in one of these may still be held on the target."""


@dataclass(frozen=True)
class Grant:
    """`held_before` = the target already showed it before we gave it: a reference to respect.

    `owners` may end it whatever other references there are, `accountable` (the manager; for a
    non-human its owner and sponsor) may end it; both are kept here so that taking back needs
    nothing but this record. `absolute`: it was ended so that references do not count, and stays so.
    `failure`: why a target still shows it, as of the last attempt to end it.
    """

    id: GrantId
    request: RequestId
    beneficiary: IdentityId
    role: RoleId
    targets: tuple[SystemId, ...]
    window: Window
    status: Status
    decision: str
    owners: tuple[IdentityId, ...] = ()
    accountable: tuple[IdentityId, ...] = ()
    held_before: tuple[SystemId, ...] = ()
    ended: datetime | None = None
    cause: str = ""
    attempts: int = 0
    absolute: bool = False
    failure: NotDone | None = None

    @staticmethod
    def id_of(request: RequestId, role: RoleId) -> GrantId:
        """What a request gives of a role is called so, also before it is given."""
        return GrantId(f"gr_{digest([request, role])[:8]}")


GIVING = frozenset({Status.ACTIVATING, Status.ACTIVE})
"""A grant in one of these is a reference: its role is to stay on the target."""


class EffectKind(StrEnum):
    """What asking the guard to give came to."""

    GIVEN = "given"
    SCHEDULED = "scheduled"
    PENDING = "pending"
    DENIED = "denied"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Effect:
    """`reasons` in words; `grants` are those of this request, also on a repeat."""

    kind: EffectKind
    grants: tuple[GrantId, ...]
    reasons: tuple[str, ...]
    evaluation: str


class Evidence(StrEnum):
    """What reading the target back showed."""

    CONFIRMED = "confirmed"
    MISMATCH = "mismatch"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Change:
    """One membership gained or lost: what a plan predicts and a reading back must show."""

    system: SystemId
    role: RoleId
    subject: IdentityId
    gained: bool
