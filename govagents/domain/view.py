"""Everything known about one request, to be shown; and what a plan came to."""

from dataclasses import dataclass, replace
from enum import StrEnum

from govagents.domain.decision import Answer, Decision, Verdict
from govagents.domain.event import Event
from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId
from govagents.domain.observation import Observation
from govagents.domain.precedent import Recalled
from govagents.domain.proposal import Assessment, Proposal
from govagents.domain.question import Clarity, Question, Resolution
from govagents.domain.request import Extension, Request, Status
from govagents.domain.text import Untrusted


class Outcome(StrEnum):
    """Reading and decision together."""

    PROPOSE = "propose"
    NARROW = "narrow"
    CLARIFY = "clarify"
    NO_MATCH = "no_match"
    DENY = "deny"


PLANNED = {
    Outcome.PROPOSE: Status.DRAFT,
    Outcome.NARROW: Status.DRAFT,
    Outcome.CLARIFY: Status.NEEDS_INFO,
    Outcome.NO_MATCH: Status.RETURNED,
    Outcome.DENY: Status.DENIED,
}
"""The status of a plan, by its outcome."""


REDACT = "redact"
"""The obligation to keep the words from everybody but whose they are, and whom they are for."""


@dataclass(frozen=True)
class View:
    """A field is None until the step that finds it has run.

    `redacted`: a decision about it obliged to `REDACT`. `withheld`: the words are left out here.
    """

    request: Request
    status: Status
    note: str = ""
    words: tuple[Untrusted, ...] = ()
    resolution: Resolution | None = None
    question: Question | None = None
    recalled: Recalled | None = None
    proposal: Proposal | None = None
    assessment: Assessment | None = None
    decision: Decision | None = None
    answers: tuple[Answer, ...] = ()
    extension: Extension | None = None
    grants: tuple[Grant, ...] = ()
    entries: tuple[tuple[int, Event], ...] = ()
    redacted: bool = False
    withheld: bool = False

    def seen_by(self, person: IdentityId | None) -> "View":
        """What `person` may see of it; None = nobody said who looks."""
        own = {self.request.speaker, self.request.asked_for}
        own |= {self.proposal.beneficiary} if self.proposal else set()
        if not self.redacted or (person is not None and person in own):
            return self
        words = tuple(each.withheld() for each in self.words)
        return replace(self, words=words, question=None, withheld=True)

    @property
    def observed(self) -> tuple[Observation, ...]:
        """All that was looked at, each with where from and when: by intake, risk and policy."""
        found = (self.resolution, self.assessment, self.decision)
        return tuple(one for each in found if each is not None for one in each.observed)

    @property
    def outcome(self) -> Outcome | None:
        """None while reading or deciding has not come to one."""
        if self.status is Status.RETURNED and self.decision is None:
            return Outcome.NO_MATCH
        if self.resolution is None:
            return None
        if self.resolution.clarity is Clarity.NO_MATCH:
            return Outcome.NO_MATCH
        if self.resolution.clarity is Clarity.UNCLEAR:
            return Outcome.CLARIFY
        if self.decision is None:
            return None
        if self.decision.verdict is Verdict.DENY:
            return Outcome.DENY
        return Outcome.NARROW if self.resolution.understanding.narrowed else Outcome.PROPOSE
