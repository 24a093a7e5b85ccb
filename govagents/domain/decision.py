"""What policy said, on which facts, and who would have to agree."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from govagents.domain.ids import IdentityId, RequestId, RoleId
from govagents.domain.observation import Observation


class Verdict(StrEnum):
    """Three, and "could not decide" is none of them: that is DENY with the reason."""

    PERMIT = "permit"
    ASK = "ask"
    DENY = "deny"


@dataclass(frozen=True)
class Reason:
    """One cause. `policy` is the id of a policy; empty for a default deny or an error.

    `guards` are the named guards of that policy that were false.
    """

    role: RoleId | None
    policy: str
    text: str
    guards: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consent:
    """What one role of the set needs: `quorum` of these seats, each with who fills it and why them.

    A seat nobody can fill has `person` None. Of a quorum above one, each is filled by somebody
    else. `open` is False where too few seats are filled for it to be agreed to.
    """

    role: RoleId
    seats: tuple["Seat", ...]
    quorum: int
    open: bool


@dataclass(frozen=True)
class Seat:
    """A right to approve, e.g. `role-owner`, and the person who has it now."""

    kind: str
    person: IdentityId | None
    why: str


@dataclass(frozen=True)
class Decision:
    """One evaluation. `evaluation` names it; the digests say on what it rests.

    `observed` says where policies and facts came from. `decided` False = nothing said no, it is a
    deny because it could not be decided.
    """

    evaluation: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    consents: tuple[Consent, ...]
    obligations: tuple[str, ...]
    policy_digest: str
    facts_digest: str
    proposal_digest: str
    at: datetime
    observed: tuple[Observation, ...] = ()
    decided: bool = True

    @property
    def approvers(self) -> tuple[IdentityId, ...]:
        """Everybody who could be asked, sorted."""
        people = {seat.person for item in self.consents for seat in item.seats}
        return tuple(sorted(person for person in people if person is not None))


@dataclass(frozen=True)
class Answer:
    """A person's word on one exact proposal. `consent` False = denied."""

    request: RequestId
    person: IdentityId
    consent: bool
    proposal_digest: str
    catalog_digest: str
    at: datetime
    reason_digest: str = ""
