"""The fact sheet: all that policy may look at, at one instant. Every fact is always present."""

from dataclasses import dataclass
from datetime import datetime

from govagents.domain.decision import Consent
from govagents.domain.identity import Kind
from govagents.domain.ids import IdentityId, RoleId


@dataclass(frozen=True)
class SubjectFacts:
    """The beneficiary. People: department to intern. Others: the rest; unused ones are zero.

    `audience` is the word in `requestable_by`; a non-human counts as active, what ends it is
    `expired`. `max_minutes` = how long it may hold a role at once, whatever the role allows.
    """

    id: IdentityId
    kind: Kind
    audience: str
    active: bool
    trust: int
    department: str
    location: str
    clearance: int
    intern: bool
    owner_employed: bool
    expired: bool
    ceiling_sensitivity: int
    ceiling_systems: frozenset[str]
    max_minutes: int


@dataclass(frozen=True)
class RoleFacts:
    """One role of the proposed set. Sensitivities are ranks 0 (public) to 3 (restricted).

    `prohibited` = a need it covers is refused whoever asks. `within_principal` = whoever the
    beneficiary acts for holds all of it, now and to the end of the window; true where it acts in
    its own right.
    """

    id: RoleId
    systems: frozenset[str]
    owner: str
    system_owner: str
    privileged: bool
    break_glass: bool
    requestable_by: frozenset[str]
    sensitivity: int
    clearance: int
    changes: bool
    cross_system: bool
    max_minutes: int
    department_bound: bool
    departments: frozenset[str]
    prohibited: bool
    within_principal: bool


@dataclass(frozen=True)
class ContextFacts:
    """Time, place and history. Hours are UTC; weekdays run from 1 (Monday) to 7.

    `end_minute` is the minute of the day at which the window ends (0 to 1440), `days` the number of
    midnights it crosses; `minutes` counts from when the role was first given to this beneficiary to
    when it would end, over all grants that run or are agreed to and follow one another without a
    break; without such it is the length of the window. `approved` are the seats whose person agreed
    for this role, where one may count for several; `agreed` the panels of which as many people
    agreed as they ask, each counting once: `2 of role-owner, manager`. `relation` is how the
    speaker stands to the beneficiary, `conflicts` the separation rules this grant would newly
    complete, `warnings` the prohibitions the words raise, `disagreement` whether resolving with and
    without memory differ.
    `automatic_left` is what remains of the budget for automatic approval.
    `accounted`: everybody the words name has a part in what was understood. `proved`: that the set
    is the smallest was shown to the independent checker; what the plan says of itself is no proof.
    `break_glass`: it was asked for as what cannot wait; `all_reviewed`: whatever this person and
    their agents were given so before is over and was looked at.
    """

    hour: int
    weekday: int
    start_hour: int
    start_weekday: int
    end_minute: int
    days: int
    minutes: int
    relation: frozenset[str]
    approved: frozenset[str]
    agreed: frozenset[str]
    conflicts: frozenset[str]
    warnings: frozenset[str]
    ticket_kind: str
    ticket_priority: str
    disagreement: bool
    veto: bool
    wants_person: bool
    denied_before: bool
    automatic_left: int
    accounted: bool
    proved: bool
    break_glass: bool
    all_reviewed: bool


@dataclass(frozen=True)
class RoleSheet:
    """What is judged for one role; the verdict over a set is the strictest of its roles'.

    `consents` says, for each panel that some policy may ask, who fills its seats now.
    """

    role: RoleFacts
    context: ContextFacts
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True)
class FactSheet:
    """All of it, with the version of the store it was read at."""

    version: int
    at: datetime
    subject: SubjectFacts
    roles: tuple[RoleSheet, ...]
