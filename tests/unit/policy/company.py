"""A small company to judge: eight people, two agents, a service; a lake, a till; five roles."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from govagents.domain.canonical import digest
from govagents.domain.case import Case
from govagents.domain.catalog import AccessLevel, Catalog, Permission, Role, Sensitivity
from govagents.domain.decision import Answer
from govagents.domain.facts import FactSheet, RoleSheet
from govagents.domain.identity import Ceiling, Identity, Kind, NonHuman, Person
from govagents.domain.ids import (
    IdentityId,
    PermissionId,
    RequestId,
    RoleId,
    SystemId,
    TicketId,
)
from govagents.domain.proposal import Assessment, Proof, Proposal, Stance, Sufficiency
from govagents.domain.request import Request, Understanding, Window
from govagents.domain.rules import Eligibility, Prohibition, SeparationRule
from govagents.domain.world import Absence, System, Ticket, World
from govagents.policy.approvers import Panel
from govagents.policy.facts import Circumstances, fact_sheet

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
OWNER_OR_MANAGER = Panel(("role-owner", "manager"), 1)
_LEVELS: Mapping[str, AccessLevel] = {
    "read": AccessLevel.READ,
    "export": AccessLevel.READ,
    "create": AccessLevel.WRITE,
    "approve": AccessLevel.WRITE,
    "admin": AccessLevel.PERMISSIONS_MANAGEMENT,
    "erase": AccessLevel.WRITE,
}


def person(
    name: str,
    manager: str | None,
    *,
    department: str = "Ops",
    team: str = "",
    status: str = "active",
) -> Identity:
    """Somebody with clearance 1."""
    above = IdentityId(manager) if manager else None
    details = Person("", department, team, above, "Brno", "employee", 1, status)
    return Identity(IdentityId(name), Kind.PERSON, name.title(), person=details)


def machine(name: str, kind: Kind, owner: str, parent: str | None = None) -> Identity:
    """Something owned, with `boss` as sponsor and a ceiling of internal data in the lake."""
    details = NonHuman(
        owner=IdentityId(owner),
        sponsor=IdentityId("boss"),
        environment="prod",
        expires=NOW + timedelta(days=30),
        purpose="",
        ceiling=Ceiling(Sensitivity.INTERNAL, frozenset({SystemId("lake")})),
        parent=IdentityId(parent) if parent else None,
    )
    return Identity(IdentityId(name), kind, name.title(), nonhuman=details)


def permission(name: str, sensitivity: Sensitivity = Sensitivity.INTERNAL) -> Permission:
    """`system:resource:action`; the action says how far it reaches."""
    system, _, action = name.split(":")
    level = _LEVELS[action]
    return Permission(PermissionId(name), level, sensitivity, "", SystemId(system))


def role(name: str, *permissions: str, owner: str | None = "owen", **changes: object) -> Role:
    """A role people and agents may ask for, for a day at most."""
    items = frozenset(PermissionId(item) for item in permissions)
    systems = sorted({item.split(":")[0] for item in permissions})
    plain = Role(
        id=RoleId(name),
        name=name,
        permissions=items,
        system=SystemId(systems[0]) if len(systems) == 1 else None,
        owner=IdentityId(owner) if owner else None,
        max_time=timedelta(days=1),
        requestable_by=frozenset({"human", "agent"}),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test names fields of a role


PEOPLE = (
    person("top", None, department="Board"),
    person("cfo", "top", department="Board"),
    person("cio", "top", department="Board"),
    person("boss", "top"),
    person("ana", "boss", team="pay"),
    person("ben", "boss", team="pay"),
    person("owen", "top", department="Data", team="lake"),
    person("sys", "owen", department="Data", team="lake"),
)
MACHINES = (
    machine("copilot", Kind.AGENT, "ben"),
    machine("helper", Kind.SUBAGENT, "ben", parent="copilot"),
    machine("loader", Kind.SERVICE, "ben"),
)
PERMISSIONS = (
    permission("lake:stats:read"),
    permission("lake:stats:export", Sensitivity.CONFIDENTIAL),
    permission("lake:keys:admin", Sensitivity.RESTRICTED),
    permission("lake:trail:erase"),
    permission("till:payments:create"),
    permission("till:payments:approve"),
)
ROLES = (
    role("reader", "lake:stats:read"),
    role("exporter", "lake:stats:export"),
    role("keeper", "lake:keys:admin", "lake:trail:erase", privileged=True),
    role("payer", "till:payments:create"),
    role("releaser", "till:payments:approve"),
    role("bundle", "lake:stats:read", "till:payments:create"),
)
CATALOG = Catalog(
    "small",
    "1",
    "catalog-digest",
    {item.id: item for item in PERMISSIONS},
    {item.id: item for item in ROLES},
)
PAYMENTS = SeparationRule(
    "payments", frozenset({"till:payments:create"}), frozenset({"till:payments:approve"}), ""
)
ADMINS = SeparationRule("admins", frozenset({"keeper"}), frozenset({"exporter"}), "", of_roles=True)


def world(*identities: Identity, **changes: object) -> World:
    """The company, with `identities` added or replaced."""
    known = {item.id: item for item in (*PEOPLE, *MACHINES, *identities)}
    plain = World(
        version=1,
        identities=known,
        systems={
            SystemId("lake"): System(SystemId("lake"), "Lake", IdentityId("sys")),
            SystemId("till"): System(SystemId("till"), "Till", IdentityId("cfo")),
        },
        assignments=(),
        tickets={},
        separation=(PAYMENTS, ADMINS),
        eligibility=Eligibility(
            clearance={
                Sensitivity.PUBLIC: 0,
                Sensitivity.INTERNAL: 0,
                Sensitivity.CONFIDENTIAL: 1,
                Sensitivity.RESTRICTED: 2,
            },
            clearance_restricted_management=3,
            department_bound={},
            prohibitions=(
                Prohibition("erase", "never", frozenset({PermissionId("lake:trail:erase")})),
            ),
        ),
        last_resort=(IdentityId("cfo"), IdentityId("cio")),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test names fields of a world


def ticket(name: str, assignee: str | None, state: str = "open") -> dict[TicketId, Ticket]:
    """One incident of high priority."""
    who = IdentityId(assignee) if assignee else None
    return {TicketId(name): Ticket(TicketId(name), "incident", "", state, who, "P1")}


def absent(name: str, stand_in: str | None = None) -> Absence:
    """Away today."""
    deputy = IdentityId(stand_in) if stand_in else None
    return Absence(IdentityId(name), NOW - HOUR, NOW + HOUR, deputy)


def case(
    roles: Sequence[str] = ("reader",),
    *,
    speaker: str = "ana",
    beneficiary: str = "ana",
    window: Window | None = None,
    needs: Sequence[str] = (),
) -> Case:
    """A request for `roles`, for an hour from now."""
    receiver = IdentityId(beneficiary)
    proposal = Proposal(
        beneficiary=receiver,
        roles=tuple(RoleId(item) for item in roles),
        needs=tuple(PermissionId(item) for item in needs),
        excess=(),
        window=window or Window(NOW, NOW + HOUR),
        proof=Proof(Sufficiency.OPTIMAL, 0, 0, 0, None, "", "", ""),
        why={},
    )
    request = Request(RequestId("req_1"), IdentityId(speaker), None, NOW, "")
    meant = Understanding(IdentityId(speaker), receiver, (), proposal.window, None, None)
    return Case(request, meant, proposal, Assessment(Stance.ACCEPT, (), 0, 1, {}, {}), False)


def now(**changes: object) -> Circumstances:
    """Nothing held, nothing answered, nothing denied."""
    plain = Circumstances(1, NOW, (), (), denied_before=False, automatic_left=1, proved=True)
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test names circumstances


def answer(name: str, about: Case, *, consent: bool = True, **changes: object) -> Answer:
    """`name` says yes to exactly this proposal."""
    plain = Answer(
        about.request.id, IdentityId(name), consent, digest(about.proposal), CATALOG.digest, NOW
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # a test names fields of an answer


def sheet(
    about: Case,
    *,
    within: World | None = None,
    circumstances: Circumstances | None = None,
    panels: Sequence[Panel] = (OWNER_OR_MANAGER,),
) -> FactSheet:
    """The facts of a case in the company."""
    return fact_sheet(
        world=within or world(),
        catalog=CATALOG,
        case=about,
        circumstances=circumstances or now(),
        panels=panels,
    )


def only(found: FactSheet) -> RoleSheet:
    """The sheet of the one role."""
    (single,) = found.roles
    return single
