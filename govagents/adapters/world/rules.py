"""The rules of a world, as its YAML files hold them. All these files are optional."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from govagents.adapters.world.fields import Line, Name, Record
from govagents.domain.catalog import AccessLevel, Sensitivity

_OneOrMore = Annotated[tuple[Name, ...], Field(min_length=1)]


class SeparationRecord(Record):
    """One item of sod.yaml."""

    id: Name
    kind: Literal["permission-permission", "role-role"]
    a: _OneOrMore
    b: _OneOrMore
    reason: Line
    severity: Literal["low", "medium", "high", "critical"] = "high"
    owner: Name | None = None


class _Clearance(Record):
    public: int = Field(ge=0, le=9)
    internal: int = Field(ge=0, le=9)
    confidential: int = Field(ge=0, le=9)
    restricted: int = Field(ge=0, le=9)
    restricted_permissions_management: int = Field(ge=0, le=9)


class _People(Record):
    status_required: Literal["active"] = "active"
    intern_departmental_birthright: bool = False


class _NonHumans(Record):
    owner_must_be_employed: Literal[True] = True
    must_not_be_expired: Literal[True] = True
    ceiling_applies_to_whole_role: Literal[True] = True
    agent_max_hours: int = Field(default=24, ge=1, le=8784)


class _Prohibited(Record):
    id: Name
    reason: Line
    permissions: tuple[Name, ...] = ()


class EligibilityRecord(Record):
    """eligibility.yaml."""

    clearance_needed: _Clearance
    people: _People = _People()
    non_humans: _NonHumans = _NonHumans()
    department_bound: dict[Name, tuple[Line, ...]] = Field(default_factory=dict)
    prohibited: tuple[_Prohibited, ...] = ()
    break_minutes: int = Field(default=60, ge=0, le=10080)


class _Stretch(Record):
    start: AwareDatetime = Field(alias="from")
    end: AwareDatetime = Field(alias="until")

    @model_validator(mode="after")
    def _forwards(self) -> "_Stretch":
        if self.end <= self.start:
            message = "`until` must come after `from`"
            raise ValueError(message)
        return self


class _Match(Record):
    privileged: bool | None = None
    cross_system: bool | None = None
    max_sensitivity: Sensitivity | None = None
    access_level: AccessLevel | tuple[AccessLevel, ...] | None = None
    system: Name | tuple[Name, ...] | None = None
    beneficiary_kind: Line | tuple[Line, ...] | None = None
    ticket_kind: Line | tuple[Line, ...] | None = None
    ticket_priority: Line | tuple[Line, ...] | None = None
    max_hours: int | None = Field(default=None, ge=1)


class _Rule(Record):
    match: _Match
    approvers: tuple[Name, ...]
    quorum: int = Field(ge=0, le=9)
    note: Line = ""


class _Delegate(_Stretch):
    of: Name
    to: Name
    systems: tuple[Name, ...] = ()
    excluded: tuple[Name, ...] = Field(default=(), alias="except")
    note: Line = ""


class _Away(_Stretch):
    person: Name
    stand_in: Name | None = None


class ApproversRecord(Record):
    """approvers.yaml. `last_resort`: who decides when nobody above is left, in this order."""

    rules: tuple[_Rule, ...] = ()
    never_self: Literal[True] = True
    delegates: tuple[_Delegate, ...] = ()
    out_of_office: tuple[_Away, ...] = ()
    last_resort: tuple[Name, ...] = ()


class _Shift(_Stretch):
    person: Name


class _Rotation(Record):
    id: Name
    systems: tuple[Name, ...]
    shifts: tuple[_Shift, ...]


class _Period(_Stretch):
    name: Line
    ticket: Line = ""


class OncallRecord(Record):
    """oncall.yaml."""

    timezone: Literal["UTC"] = "UTC"
    rotations: tuple[_Rotation, ...] = ()
    calendar: tuple[_Period, ...] = ()


class BirthrightRecord(Record):
    """birthright.yaml: role ids by post."""

    interns_everyone_only: bool = True
    everyone: tuple[Name, ...] = ()
    departments: dict[Line, tuple[Name, ...]] = Field(default_factory=dict)
    titles: dict[Line, tuple[Name, ...]] = Field(default_factory=dict)
