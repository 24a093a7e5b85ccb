"""The demo company's Cedar files say what its YAML files say.

`halden_lines` reads approvers.yaml by itself: it shares no code with what is checked here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product

import pytest

from govagents.adapters.world.assemble import catalog_of, world_of
from govagents.adapters.world.company import company_of
from govagents.adapters.world.read import read_world
from govagents.domain.case import Case
from govagents.domain.catalog import Catalog
from govagents.domain.decision import Decision, Verdict
from govagents.domain.facts import ContextFacts, FactSheet, RoleFacts
from govagents.domain.identity import Kind
from govagents.domain.ids import IdentityId, PermissionId, RequestId, RoleId, TicketId
from govagents.domain.proposal import Assessment, Proof, Proposal, Stance, Sufficiency
from govagents.domain.request import Request, Understanding, Window
from govagents.domain.text import Span
from govagents.domain.world import World
from govagents.policy.engine import CedarDecisionPoint, decision_point
from govagents.policy.examples import ExampleResult, run_examples
from govagents.policy.facts import NO_CAP, Circumstances, fact_sheet
from govagents.policy.lint import Known, lint
from govagents.policy.ordinary import ORDINARY, Facts, proposal_of, sheet_of
from govagents.policy.source import PolicyFile
from govagents.policy.standing import party
from govagents.ports import Holding
from tests.contract.halden_lines import HALDEN, Asked, Line, Raw, records, rules

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


def eligible(asked: Asked, approved: frozenset[str] = frozenset()) -> Facts:
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


def test_policies_are_clean_when_linted_against_the_world() -> None:
    """Issue 2, item 5."""
    world, catalog = company()
    known = Known(frozenset(map(str, world.identities)), frozenset(map(str, catalog.roles)))

    assert [str(item) for item in lint(files("*.cedar"), known)] == []


@pytest.mark.parametrize(
    "result",
    run_examples(point(), files("examples/*.yaml")),
    ids=lambda item: f"{item.file}: {item.name}",
)
def test_decision_is_as_expected_when_an_example_says_so(result: ExampleResult) -> None:
    """S58: read in business hours, denied at night, export asks; and every line and refusal."""
    assert result.problems == ()


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_lines_ask_whom_the_companys_file_asks_when_roles_windows_and_tickets_vary(
    kind: str,
) -> None:
    """Every mixture of role, window and ticket, for each kind of identity."""
    plain = "agent" if kind == "subagent" else kind
    for name, minutes, ticket in product(kinds_of_role(), MINUTES, TICKETS):
        asked = Asked(*roles()[name], plain, minutes, ticket)
        facts = eligible(asked._replace(kind=kind))

        assert said(decide(facts)) == asked.line(), (name, minutes, ticket)


@pytest.mark.parametrize("kind", ["person", "agent", "service"])
def test_lines_ask_whom_the_companys_file_asks_when_the_role_is_any(kind: str) -> None:
    """Every single role, by its id."""
    for name, (role, permissions) in roles().items():
        asked = Asked(role, permissions, kind, 240, ("incident", "P1"))

        assert said(decide(eligible(asked))) == asked.line(), name


def test_one_approver_is_enough_when_the_line_needs_one_and_he_can_be_asked() -> None:
    """Quorum one of people by name: any of them. Quorum two, on call: not in this release."""
    for name, ticket, kind in product(kinds_of_role(), TICKETS[:2], ("person", "agent", "service")):
        asked = Asked(*roles()[name], kind, 240, ticket)
        line = asked.line()
        collectable = line.quorum == 1 and line.approvers != ["on-call"]

        for approver in line.approvers:
            verdict = decide(eligible(asked, frozenset({approver}))).verdict
            assert (verdict is Verdict.PERMIT) is collectable, (name, approver)


def in_doubt(context: ContextFacts, *, accounted: bool = True, proved: bool = True) -> ContextFacts:
    return replace(context, accounted=accounted, proved=proved)


@pytest.mark.parametrize(
    "doubt", [{"accounted": False}, {"proved": False}, {"accounted": False, "proved": False}]
)
def test_a_person_is_asked_where_the_file_asks_nobody_when_a_fact_is_in_doubt(
    doubt: Mapping[str, bool],
) -> None:
    """S40 S44: never given at once, never denied for it; every other line asks as before."""
    last = Line(list(rules()[-1]["approvers"]), 1)
    for name, minutes, kind in product(kinds_of_role(), (60, 1441), ("person", "agent", "service")):
        asked = Asked(*roles()[name], kind, minutes, ("", ""))
        facts = eligible(asked)
        facts = replace(facts, context=in_doubt(facts.context, **doubt))

        assert said(decide(facts)) == (asked.line() if asked.line().quorum else last), name


@pytest.mark.parametrize("fact", ["accounted", "proved"])
def test_access_is_given_in_doubt_without_the_shipped_clause(fact: str) -> None:
    """The harm: nobody looks."""
    clause = f"when {{ context.{fact} }}\n"
    bare = [PolicyFile(file.name, file.text.replace(clause, "")) for file in files("*.cedar")]
    bare = [replace(file, text=file.text.replace("everybody accounted for, ", "")) for file in bare]
    found = decision_point(bare)
    sheet = sheet_of(replace(READER, context=in_doubt(READER.context, **{fact: False})))

    assert found.decide(sheet, proposal_of(sheet)).verdict is Verdict.PERMIT


def test_a_person_is_asked_when_the_words_name_somebody_who_is_not_accounted_for() -> None:
    """S40: the fact is gathered from what was understood."""
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    window = Window(at, at + timedelta(hours=1))
    about = case(["ad-lane-statistics-reader"], "daniel.osei", "daniel.osei", window)
    named = replace(about, understanding=replace(about.understanding, unaccounted=(Span(3, 12),)))

    given, asked = (point().decide(facts_of(each, at), each.proposal) for each in (about, named))

    assert given.verdict is Verdict.PERMIT
    assert asked.verdict is Verdict.ASK
    assert "robert.achterberg" in asked.approvers
    assert [reason.policy for reason in asked.reasons] == [
        "doubtful-internal-reading",
        "everything-else",
    ]


def test_other_peoples_agreement_gives_nothing_when_the_line_names_somebody() -> None:
    """S44: an approval counts in its own line only."""
    seats = {seat for panel in point().panels for seat in panel.seats}
    for name in kinds_of_role():
        for kind in ("person", "agent", "service"):
            asked = Asked(*roles()[name], kind, 240, ("", ""))
            line = asked.line()
            others = frozenset(seats - set(line.approvers))

            assert (decide(eligible(asked, others)).verdict is Verdict.PERMIT) is (
                line.quorum == 0
            ), name


def public(*outcomes: str) -> Iterator[Raw]:
    for record in records("requests-public.jsonl"):
        expected = record["expected"]
        assert isinstance(expected, dict)
        if expected["outcome"] in outcomes:
            yield {**record, **expected}


def asked_in(record: Raw, names: Sequence[str]) -> tuple[Case, datetime]:
    at = datetime.fromisoformat(str(record["now"]))
    found = record["window"]
    window = Window(at, at + timedelta(hours=1))
    if isinstance(found, dict) and "hours" in found:
        window = Window(at, at + timedelta(hours=found["hours"]))
    elif isinstance(found, dict):
        start, end = (datetime.fromisoformat(found[name]) for name in ("start", "end"))
        window = Window(start, end)
    about = case(names, str(record["speaker"]), str(record["beneficiary"]), window)
    ticket = record["ticket"]
    cited = TicketId(str(ticket)) if ticket else None
    return replace(about, understanding=replace(about.understanding, ticket=cited)), at


@pytest.mark.parametrize("record", list(public("propose", "narrow")), ids=lambda item: item["id"])
def test_request_is_not_denied_when_its_label_grants_it(record: Raw) -> None:
    """What the company's labels call grantable, policy permits or asks for."""
    names = record["roles"]
    assert isinstance(names, list)
    about, at = asked_in(record, names)
    caps = [company()[1].roles[RoleId(name)].max_time or timedelta.max for name in names]
    window = about.proposal.window
    cut = replace(window, end=min(window.end, window.start + min(caps)))
    about = replace(about, proposal=replace(about.proposal, window=cut))

    decision = point().decide(facts_of(about, at), about.proposal)

    assert decision.verdict is not Verdict.DENY, decision.reasons


@pytest.mark.parametrize("record", list(public("deny")), ids=lambda item: item["id"])
def test_request_is_denied_for_the_labelled_reason_when_its_label_denies_it(record: Raw) -> None:
    """By the policy of that reason, over every role that would cover the need."""
    catalog = company()[1]
    needs = [PermissionId(str(item)) for item in record["would_need"]]  # type: ignore[attr-defined]  # a list
    reasons = {
        "prohibited": {"prohibited", "warned"},
        "ineligible": {"not-active", "owner-left", "clearance"},
        "ceiling": {"ceiling"},
        "sod": {"separation"},
    }
    label = record["deny_reason"]
    covering = [role.id for role in catalog.roles.values() if role.permissions >= set(needs)]
    warnings = ("outsider-instruction",) if record["id"] == "pub-017" else ()

    assert covering
    for name in covering:
        about, at = asked_in(record, [name])
        meant = replace(about.understanding, warnings=warnings)
        about = replace(
            about, understanding=meant, proposal=replace(about.proposal, needs=tuple(needs))
        )
        decision = point().decide(facts_of(about, at), about.proposal)

        assert decision.verdict is Verdict.DENY
        assert {reason.policy for reason in decision.reasons} & reasons[str(label)], name


READER = Facts(
    replace(ORDINARY.principal, trust=50),
    replace(ORDINARY.resource, id=RoleId("ad-lane-statistics-reader"), sensitivity=1),
    replace(ORDINARY.context, start_hour=10, end_minute=660),
)


@pytest.mark.parametrize(
    ("group", "factor", "value", "verdict"),
    [
        ("context", "start_hour", 22, Verdict.DENY),
        ("context", "start_weekday", 7, Verdict.DENY),
        ("context", "days", 1, Verdict.DENY),
        ("context", "end_minute", 1081, Verdict.DENY),
        ("context", "minutes", 10_081, Verdict.DENY),
        ("context", "relation", frozenset(), Verdict.DENY),
        ("context", "conflicts", frozenset({"sod-refund"}), Verdict.DENY),
        ("context", "warnings", frozenset({"curiosity"}), Verdict.DENY),
        ("context", "veto", True, Verdict.DENY),
        ("context", "denied_before", True, Verdict.DENY),
        ("context", "disagreement", True, Verdict.ASK),
        ("context", "wants_person", True, Verdict.ASK),
        ("context", "automatic_left", 0, Verdict.ASK),
        ("context", "accounted", False, Verdict.ASK),
        ("context", "proved", False, Verdict.ASK),
        ("principal", "trust", 39, Verdict.DENY),
        ("principal", "active", False, Verdict.DENY),
        ("principal", "expired", True, Verdict.DENY),
        ("resource", "sensitivity", 2, Verdict.ASK),
        ("resource", "clearance", 2, Verdict.DENY),
        ("resource", "changes", True, Verdict.ASK),
        ("resource", "prohibited", True, Verdict.DENY),
    ],
)
def test_decision_flips_when_one_factor_flips(
    group: str, factor: str, value: object, verdict: Verdict
) -> None:
    """S9, S41: static and dynamic factors; time, sensitivity and trust among them."""
    part = getattr(READER, group)
    flipped = replace(READER, **{group: replace(part, **{factor: value})})

    assert decide(READER).verdict is Verdict.PERMIT
    assert decide(flipped).verdict is verdict


def test_seat_goes_to_the_person_the_company_names_when_asked_today() -> None:
    """Who would be asked for a lane export by a dispatcher, this Monday at nine."""
    sheet = gathered("ad-lane-statistics-exporter", "mateus.oliveira", "mateus.oliveira")
    (panel,) = (
        item
        for item in sheet.roles[0].consents
        if item.quorum == 1 and ([seat.kind for seat in item.seats] == ["role-owner", "manager"])
    )
    manager = company()[0].identities[IdentityId("mateus.oliveira")].person

    assert manager is not None
    assert [seat.person for seat in panel.seats] == ["robert.achterberg", manager.manager]
    assert panel.open
