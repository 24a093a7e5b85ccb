"""The demo company's Cedar files say what its YAML files say.

`halden_lines` reads approvers.yaml by itself: it shares no code with what is checked here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
import yaml

from govagents.domain.case import Case
from govagents.domain.decision import Verdict
from govagents.domain.identity import Kind
from govagents.domain.ids import IdentityId, PermissionId, RoleId, TicketId
from govagents.domain.request import Window
from govagents.policy.examples import ExampleResult, run_examples
from govagents.policy.facts import NO_CAP
from govagents.policy.lint import Known, lint
from tests.contract.halden_cases import (
    MINUTES,
    READER,
    TICKETS,
    case,
    company,
    decide,
    eligible,
    facts_of,
    files,
    gathered,
    kinds_of_role,
    point,
    roles,
    said,
)
from tests.contract.halden_lines import HALDEN, Asked, Raw, records


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


def test_one_approver_is_enough_when_the_line_needs_one() -> None:
    """Quorum one: any of them, whoever is on call too. Quorum two: neither alone."""
    for name, ticket, kind in product(kinds_of_role(), TICKETS[:2], ("person", "agent", "service")):
        asked = Asked(*roles()[name], kind, 240, ticket)
        line = asked.line()

        for approver in line.approvers:
            verdict = decide(eligible(asked, frozenset({approver}))).verdict
            assert (verdict is Verdict.PERMIT) is (line.quorum == 1), (name, approver)


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


def test_agents_are_bound_as_the_companys_file_says_when_facts_are_gathered() -> None:
    """S60: a day where it does not say; others may hold a role for as long as it is given."""
    rules_of = yaml.safe_load((HALDEN / "eligibility.yaml").read_text())["non_humans"]
    hours = rules_of.get("agent_max_hours", 24)
    for identity in company()[0].identities.values():
        subject = gathered("od-order-viewer", identity.id, identity.id).subject

        agent = identity.kind in {Kind.AGENT, Kind.SUBAGENT}
        assert subject.max_minutes == (60 * hours if agent else NO_CAP), identity.id


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
