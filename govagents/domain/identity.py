"""Who can hold access: people and everything else that acts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from govagents.domain.catalog import Sensitivity
from govagents.domain.ids import IdentityId, SystemId

UNSAID = 50
"""What a rule about trust counts where nobody said how far: recorded as unknown all the same."""


class Kind(StrEnum):
    """What an identity is; `SUBAGENT` is an agent with a parent."""

    PERSON = "person"
    SERVICE = "service"
    WORKLOAD = "workload"
    BOT = "bot"
    AGENT = "agent"
    SUBAGENT = "subagent"

    @property
    def audience(self) -> str:
        """The word in a role's `requestable_by`: `human`, `agent` or `service`."""
        if self is Kind.PERSON:
            return "human"
        return "agent" if self in {Kind.AGENT, Kind.SUBAGENT} else "service"


@dataclass(frozen=True)
class Ceiling:
    """The most a non-human may ever hold."""

    max_sensitivity: Sensitivity
    systems: frozenset[SystemId]


@dataclass(frozen=True)
class Person:
    """What only people have. `status` is `active`, `on_leave` or `leaver`."""

    title: str
    department: str
    team: str
    manager: IdentityId | None
    location: str
    employment: str
    clearance: int
    status: str


@dataclass(frozen=True)
class NonHuman:
    """What only non-humans have. `expires` None means it never does, which is itself a finding."""

    owner: IdentityId
    sponsor: IdentityId | None
    environment: str
    expires: datetime | None
    purpose: str
    ceiling: Ceiling
    charter: str = ""
    parent: IdentityId | None = None


@dataclass(frozen=True)
class Identity:
    """Anyone or anything that can hold access; exactly one of `person` and `nonhuman` is set.

    `trust` runs from 0 to 100; None = nobody said, which counts as `UNSAID`.
    """

    id: IdentityId
    kind: Kind
    name: str
    person: Person | None = None
    nonhuman: NonHuman | None = None
    trust: int | None = None

    @property
    def trusted(self) -> int:
        """What rules about trust are judged by."""
        return UNSAID if self.trust is None else self.trust
