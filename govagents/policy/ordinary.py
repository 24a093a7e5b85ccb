"""An ordinary case: a person in good standing asks for an ordinary role, for an hour.

What examples start from, so that an example says only what it is about.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from govagents.domain.decision import Consent, Seat
from govagents.domain.facts import ContextFacts, FactSheet, RoleFacts, RoleSheet, SubjectFacts
from govagents.domain.identity import Kind
from govagents.domain.ids import IdentityId, RoleId
from govagents.domain.proposal import Proof, Proposal, Sufficiency
from govagents.domain.request import Window
from govagents.policy.approvers import Panel
from govagents.policy.facts import NO_CAP

_AT = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday


@dataclass(frozen=True)
class Facts:
    """One role's facts by the variable under which policies read them."""

    principal: SubjectFacts
    resource: RoleFacts
    context: ContextFacts


ORDINARY = Facts(
    principal=SubjectFacts(
        id=IdentityId("somebody"),
        kind=Kind.PERSON,
        audience="human",
        active=True,
        trust=50,
        department="Ordinary",
        location="Ordinary",
        clearance=1,
        intern=False,
        owner_employed=False,
        expired=False,
        ceiling_sensitivity=0,
        ceiling_systems=frozenset(),
        max_minutes=NO_CAP,
    ),
    resource=RoleFacts(
        id=RoleId("ordinary"),
        systems=frozenset({"ordinary"}),
        owner="role-owner",
        system_owner="system-owner",
        privileged=False,
        break_glass=False,
        requestable_by=frozenset({"human"}),
        sensitivity=1,
        clearance=0,
        changes=False,
        cross_system=False,
        max_minutes=10_080,
        department_bound=False,
        departments=frozenset(),
        prohibited=False,
        within_principal=True,
    ),
    context=ContextFacts(
        hour=_AT.hour,
        weekday=1,
        start_hour=_AT.hour,
        start_weekday=1,
        end_minute=600,
        days=0,
        minutes=60,
        relation=frozenset({"self"}),
        approved=frozenset(),
        agreed=frozenset(),
        conflicts=frozenset(),
        warnings=frozenset(),
        ticket_kind="",
        ticket_priority="",
        disagreement=False,
        veto=False,
        wants_person=False,
        denied_before=False,
        automatic_left=1,
        accounted=True,
        proved=True,
        break_glass=False,
        all_reviewed=True,
    ),
)


def sheet_of(facts: Facts, panels: tuple[Panel, ...] = ()) -> FactSheet:
    """These facts as a sheet in which every seat is filled by somebody named like the seat."""
    consents = tuple(_filled(facts.resource.id, panel) for panel in panels)
    role = RoleSheet(facts.resource, facts.context, consents)
    return FactSheet(version=1, at=_AT, subject=facts.principal, roles=(role,))


def proposal_of(sheet: FactSheet) -> Proposal:
    """The proposal such a sheet is about."""
    minutes = max((role.context.minutes for role in sheet.roles), default=0)
    return Proposal(
        beneficiary=sheet.subject.id,
        roles=tuple(role.role.id for role in sheet.roles),
        needs=(),
        excess=(),
        window=Window(sheet.at, sheet.at + timedelta(minutes=minutes)),
        proof=Proof(Sufficiency.OPTIMAL, 0, 0, 0, None, "", "", ""),
        why={},
    )


def _filled(role: RoleId, panel: Panel) -> Consent:
    seats = tuple(Seat(kind, IdentityId(kind), "an example") for kind in panel.seats)
    return Consent(role, seats, panel.quorum, open=len(seats) >= panel.quorum)
