"""Records to the nouns of the domain. Nothing is checked here that was not checked on reading."""

import json
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from govagents.adapters.world.company import Company
from govagents.adapters.world.fields import midnight
from govagents.adapters.world.records import (
    NonHumanRecord,
    PermissionRecord,
    PersonRecord,
    RoleRecord,
    TicketRecord,
)
from govagents.domain.canonical import digest
from govagents.domain.catalog import Catalog, Permission, Role, Sensitivity
from govagents.domain.identity import Ceiling, Identity, Kind, NonHuman, Person
from govagents.domain.ids import IdentityId, PermissionId, RoleId, SystemId, TicketId
from govagents.domain.rules import Eligibility, Prohibition, SeparationRule
from govagents.domain.world import Absence, Assignment, System, Ticket, World

_VERSION_DIGITS = 12
_CLEARANCE = {
    Sensitivity.PUBLIC: 0,
    Sensitivity.INTERNAL: 0,
    Sensitivity.CONFIDENTIAL: 1,
    Sensitivity.RESTRICTED: 2,
}
_CLEARANCE_RESTRICTED_MANAGEMENT = 3


def snapshot(
    name: str,
    version: str,
    permissions: Mapping[PermissionId, Permission],
    roles: Mapping[RoleId, Role],
) -> Catalog:
    """A catalog named by its content; without a `version` of its own the digest gives one."""
    named = digest(contents(permissions, roles))
    version = version or named[:_VERSION_DIGITS]
    return Catalog(
        name, version, named, MappingProxyType(dict(permissions)), MappingProxyType(dict(roles))
    )


def contents(
    permissions: Mapping[PermissionId, Permission], roles: Mapping[RoleId, Role]
) -> Mapping[str, object]:
    """What a catalog's digest is of: everything in it, in the order of ids."""
    return {
        "permissions": [permissions[key] for key in sorted(permissions)],
        "roles": [roles[key] for key in sorted(roles)],
    }


def catalog_of(company: Company) -> Catalog:
    """What can be granted in this company."""
    permissions = {
        PermissionId(name): _permission(one) for name, one in company.permissions.items()
    }
    roles = {RoleId(name): _role(one) for name, one in company.roles.items()}
    return snapshot(company.name, "", permissions, roles)


def world_of(company: Company, version: int) -> World:
    """Everything else that a decision may look up."""
    identities = [_person(company, one) for one in company.people.values()]
    identities += [_nonhuman(company, one) for one in company.nonhumans.values()]
    return World(
        version=version,
        identities=MappingProxyType({one.id: one for one in identities}),
        systems=MappingProxyType(_systems(company)),
        assignments=tuple(
            Assignment(
                IdentityId(one.identity), RoleId(one.role), one.source, midnight(one.expires)
            )
            for one in company.assignments.values()
        ),
        tickets=MappingProxyType(
            {TicketId(name): _ticket(one) for name, one in company.tickets.items()}
        ),
        separation=tuple(
            SeparationRule(
                one.id, frozenset(one.a), frozenset(one.b), one.reason, one.kind == "role-role"
            )
            for one in company.separation.values()
        ),
        eligibility=_eligibility(company),
        absences=tuple(
            Absence(IdentityId(one.person), one.start, one.end, _identity(one.stand_in))
            for one in company.approvers.out_of_office
        ),
        last_resort=tuple(IdentityId(name) for name in company.approvers.last_resort),
        settings=MappingProxyType(_settings(company)),
    )


def _settings(company: Company) -> dict[str, object]:
    """The files of rules as they are spelled, and `phrases` by permission."""
    found: dict[str, object] = {
        stem: json.loads(body) for stem, body in sorted(company.settings.items())
    }
    if company.phrases:
        found["phrases"] = {
            PermissionId(name): one.phrases for name, one in sorted(company.phrases.items())
        }
    return found


def _systems(company: Company) -> dict[SystemId, System]:
    return {
        SystemId(one.id): System(
            SystemId(one.id),
            one.name,
            IdentityId(one.owner),
            one.kind,
            one.environment,
            one.description,
        )
        for one in company.systems.values()
    }


def _permission(one: PermissionRecord) -> Permission:
    return Permission(
        PermissionId(one.id),
        one.access_level,
        one.sensitivity,
        one.description,
        SystemId(one.system),
    )


def _role(one: RoleRecord) -> Role:
    return Role(
        id=RoleId(one.id),
        name=one.name,
        permissions=frozenset(PermissionId(name) for name in one.permissions),
        description=one.description,
        system=None if one.system is None else SystemId(one.system),
        owner=IdentityId(one.owner),
        privileged=one.privileged,
        break_glass=one.break_glass,
        max_time=None if one.max_hours is None else timedelta(hours=one.max_hours),
        requestable_by=frozenset(one.requestable_by),
    )


def _person(company: Company, one: PersonRecord) -> Identity:
    person = Person(
        title=one.title,
        department=one.department,
        team=one.team,
        manager=_identity(one.manager),
        location=one.location,
        employment=one.employment,
        clearance=one.clearance,
        status=one.status,
    )
    return Identity(
        IdentityId(one.id), Kind.PERSON, one.name, person=person, trust=_trust(company, one.id)
    )


def _nonhuman(company: Company, one: NonHumanRecord) -> Identity:
    subagent = one.kind == "agent" and one.parent is not None
    ceiling = Ceiling(
        one.ceiling.max_sensitivity, frozenset(SystemId(name) for name in one.ceiling.systems)
    )
    nonhuman = NonHuman(
        owner=IdentityId(one.owner),
        sponsor=_identity(one.sponsor),
        environment=one.environment,
        expires=midnight(one.expires),
        purpose=one.purpose,
        ceiling=ceiling,
        charter=one.charter,
        parent=_identity(one.parent),
    )
    return Identity(
        IdentityId(one.id),
        Kind.SUBAGENT if subagent else Kind(one.kind),
        one.name,
        nonhuman=nonhuman,
        trust=_trust(company, one.id),
    )


def _ticket(one: TicketRecord) -> Ticket:
    return Ticket(
        id=TicketId(one.id),
        kind=one.kind,
        title=one.title,
        state=one.state,
        assignee=_identity(one.assignee),
        priority=one.priority,
        system=None if one.system is None else SystemId(one.system),
        window=None if one.window is None else (one.window.start, one.window.end),
    )


def _eligibility(company: Company) -> Eligibility:
    rules = company.eligibility
    if rules is None:
        return Eligibility(
            MappingProxyType(_CLEARANCE), _CLEARANCE_RESTRICTED_MANAGEMENT, MappingProxyType({}), ()
        )
    needed = rules.clearance_needed
    return Eligibility(
        clearance=MappingProxyType({level: getattr(needed, level.value) for level in Sensitivity}),
        clearance_restricted_management=needed.restricted_permissions_management,
        department_bound=MappingProxyType(
            {
                PermissionId(name): frozenset(departments)
                for name, departments in rules.department_bound.items()
            }
        ),
        prohibitions=tuple(
            Prohibition(
                one.id, one.reason, frozenset(PermissionId(name) for name in one.permissions)
            )
            for one in rules.prohibited
        ),
        agent_max_time=timedelta(hours=rules.non_humans.agent_max_hours),
        shortest_break=timedelta(minutes=rules.break_minutes),
    )


def _trust(company: Company, name: str) -> int | None:
    return company.trust[name].trust if name in company.trust else None


def _identity(name: str | None) -> IdentityId | None:
    return None if name is None else IdentityId(name)
