"""The demo company's roles, people and policies as cases to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from govagents.adapters.world.assemble import catalog_of, world_of
from govagents.adapters.world.company import company_of
from govagents.adapters.world.read import read_world
from govagents.domain.case import Case
from govagents.domain.catalog import Catalog
from govagents.domain.decision import Decision, Verdict
from govagents.domain.facts import FactSheet, RoleFacts
from govagents.domain.identity import Kind
from govagents.domain.ids import IdentityId, RequestId, RoleId
from govagents.domain.proposal import Assessment, Proof, Proposal, Stance, Sufficiency
from govagents.domain.request import Request, Understanding, Window
from govagents.domain.world import World
from govagents.policy.engine import CedarDecisionPoint, decision_point
from govagents.policy.facts import NO_CAP, Circumstances, fact_sheet
from govagents.policy.ordinary import ORDINARY, Facts, proposal_of, sheet_of
from govagents.policy.source import PolicyFile
from govagents.policy.standing import party
from govagents.ports import Holding
from tests.contract.halden_lines import HALDEN, Asked, Line, Raw, records

MINUTES = (60, 240, 241, 1440, 1441)
TICKETS = (("", ""), ("incident", "P1"), ("incident", "P2"), ("incident", "P3"), ("change", "P1"))


@cache
def company() -> tuple[World, Catalog]:
    read = company_of(read_world(HALDEN).items)
    return world_of(read, 1), catalog_of(read)


@cache
def files(pattern: str) -> tuple[PolicyFile, ...]:
    found = sorted((HALDEN / "policies").glob(pattern))
    return tuple(PolicyFile(path.name, path.read_text()) for path in found)


@cache
def point() -> CedarDecisionPoint:
    found = decision_point(files("*.cedar"))
    assert isinstance(found, CedarDecisionPoint), found
    return found


@cache
def roles() -> Mapping[str, tuple[Raw, list[dict[str, object]]]]:
    permissions = {item["id"]: item for item in records("permissions.jsonl")}
    return {
        str(role["id"]): (role, [permissions[item] for item in role["permissions"]])  # type: ignore[attr-defined]  # a list in every file
        for role in records("roles.jsonl")
    }


@cache
def role_facts(name: str) -> RoleFacts:
    """As gathered from the world, then made eligible for everybody: only the lines may differ."""
    found = gathered(name, "mina.farahani", "mina.farahani").roles[0].role
    return replace(
        found,
        requestable_by=frozenset({"human", "agent", "service"}),
        department_bound=False,
        max_minutes=NO_CAP,
    )


def gathered(
    role: str, speaker: str, beneficiary: str, at: datetime = datetime(2026, 11, 23, 9, tzinfo=UTC)
) -> FactSheet:
    return facts_of(case([role], speaker, beneficiary, Window(at, at + timedelta(hours=1))), at)


def case(names: Sequence[str], speaker: str, beneficiary: str, window: Window) -> Case:
    receiver = IdentityId(beneficiary)
    proof = Proof(Sufficiency.OPTIMAL, 0, 0, 0, None, "", "", "")
    chosen = tuple(RoleId(name) for name in names)
    proposal = Proposal(receiver, chosen, (), (), window, proof, {})
    request = Request(RequestId("req_1"), IdentityId(speaker), None, window.start, "")
    meant = Understanding(IdentityId(speaker), receiver, (), window, None, None)
    return Case(request, meant, proposal, Assessment(Stance.ACCEPT, (), 0, 1, {}, {}), False)


def facts_of(about: Case, at: datetime) -> FactSheet:
    world, catalog = company()
    members = party(world, about.proposal.beneficiary)
    held = [
        Holding(item.identity, item.role, None, item.source)
        for item in world.assignments
        if item.identity in members and (item.expires is None or item.expires > at)
    ]
    around = Circumstances(1, at, held, (), denied_before=False, automatic_left=1, proved=True)
    return fact_sheet(
        world=world, catalog=catalog, case=about, circumstances=around, panels=point().panels
    )


def decide(facts: Facts) -> Decision:
    sheet = sheet_of(facts, point().panels)
    return point().decide(sheet, proposal_of(sheet))


def eligible(
    asked: Asked,
    approved: frozenset[str] = frozenset(),
    *,
    agreed: frozenset[str] = frozenset(),
) -> Facts:
    kind = Kind(asked.kind)
    role = role_facts(str(asked.role["id"]))
    principal = replace(
        ORDINARY.principal,
        kind=kind,
        audience=kind.audience,
        clearance=3,
        owner_employed=kind is not Kind.PERSON,
        ceiling_sensitivity=3,
        ceiling_systems=role.systems,
    )
    context = replace(
        ORDINARY.context,
        minutes=asked.minutes,
        ticket_kind=asked.ticket[0],
        ticket_priority=asked.ticket[1],
        approved=approved,
        agreed=agreed,
    )
    return Facts(principal, role, context)


def said(decision: Decision) -> Line:
    if decision.verdict is Verdict.PERMIT:
        return Line([], 0)
    assert decision.verdict is Verdict.ASK, decision.reasons
    (consent,) = decision.consents
    return Line([seat.kind for seat in consent.seats], consent.quorum)


def kinds_of_role() -> list[str]:
    """One role for each mixture of what lines and policies can tell roles apart by."""
    seen: dict[object, str] = {}
    for name in roles():
        facts = role_facts(name)
        told = replace(facts, id=RoleId(""), owner="", system_owner="", break_glass=False)
        seen.setdefault(told, name)
    return list(seen.values())


READER = Facts(
    replace(ORDINARY.principal, trust=50),
    replace(ORDINARY.resource, id=RoleId("ad-lane-statistics-reader"), sensitivity=1),
    replace(ORDINARY.context, start_hour=10, end_minute=660),
)
