"""Whatever a decision looks at says its source, trust and time, or that it is unknown (S10).

One table a topic: identity, authorization, resources, behaviour, events, policies.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from govagents.domain.decision import Decision
from govagents.domain.identity import Identity
from govagents.domain.ids import IdentityId, PermissionId, RoleId, SystemId, TicketId
from govagents.domain.observation import Look, Observation, Source, Topic, Trust
from govagents.domain.proposal import Assessment, Proposal
from govagents.domain.world import Assignment, System, Ticket, World
from govagents.planning.surroundings import Surroundings
from govagents.policy.engine import decision_point
from govagents.policy.source import PolicyFile
from govagents.ports import Holding
from tests.unit.planning.office import ANA, Log, assessed, catalog_of, office, proposed
from tests.unit.policy.company import NOW, PERMISSIONS, ROLES, case, person, sheet, world

EXPORT = "lake:stats:export"
LATER = NOW + timedelta(minutes=7)
LAKE = SystemId("lake")
Seen = Mapping[str, Observation]
Changed = Callable[["Around"], "Around"]


@dataclass(frozen=True)
class Around:
    """One proposal with everything that can be said around it; each source can be taken away."""

    who: Identity
    company: World
    used: Mapping[str, Sequence[str]] | None
    held: tuple[Holding, ...]
    proposal: Proposal

    def seen(self) -> Seen:
        known = replace(self.company, identities={**self.company.identities, self.who.id: self.who})
        around = Surroundings(
            proposal=self.proposal,
            world=known,
            catalog=catalog_of(PERMISSIONS, ROLES),
            usage=Log(self.used),
            holdings=self.held,
            at=LATER,
        )
        return {each.field: each for each in around.observed()}


def whole() -> Around:
    ana = replace(person("ana", "boss", department="Ops"), trust=61)
    ticket = Ticket(TicketId("INC-1"), "incident", "", "open", None, system=LAKE)
    company = world(
        systems={LAKE: System(LAKE, "Lake", IdentityId("sys"), environment="prod")},
        tickets={ticket.id: ticket},
        assignments=(Assignment(ANA, RoleId("payer"), "by hand"),),
    )
    held = (Holding(ANA, RoleId("payer"), None, "by hand"),)
    plain = proposed(office(PERMISSIONS, ROLES, company=company), EXPORT)
    return Around(ana, company, {"ana": (EXPORT,)}, held, plain)


def personal(**changes: object) -> Changed:
    def changed(at: Around) -> Around:
        assert at.who.person is not None
        details = replace(at.who.person, **changes)  # type: ignore[arg-type]  # fields by name
        return replace(at, who=replace(at.who, person=details))

    return changed


def without_systems(at: Around) -> Around:
    return replace(at, company=replace(at.company, systems={}))


def without_tickets(at: Around) -> Around:
    return replace(at, company=replace(at.company, tickets={}))


def without_holdings(at: Around) -> Around:
    return replace(at, held=(), company=replace(at.company, assignments=()))


def without_roles(at: Around) -> Around:
    return replace(at, proposal=replace(at.proposal, roles=()))


TABLE: Mapping[str, tuple[Topic, Source, str]] = {
    "kind": (Topic.IDENTITY, Source.DIRECTORY, "person"),
    "department": (Topic.IDENTITY, Source.DIRECTORY, "Ops"),
    "clearance": (Topic.IDENTITY, Source.DIRECTORY, "1"),
    "place": (Topic.IDENTITY, Source.DIRECTORY, "Brno"),
    "standing": (Topic.IDENTITY, Source.DIRECTORY, "active"),
    "held": (Topic.AUTHORIZATION, Source.RECORDS, "payer"),
    "sensitivity": (Topic.RESOURCE, Source.CATALOG, "confidential"),
    "privileged": (Topic.RESOURCE, Source.CATALOG, "no"),
    "exporter on offer": (Topic.RESOURCE, Source.CATALOG, "yes"),
    "environment of lake": (Topic.RESOURCE, Source.DIRECTORY, "prod"),
    "trust": (Topic.BEHAVIOUR, Source.DIRECTORY, "61"),
    "used before": (Topic.BEHAVIOUR, Source.USAGE, "yes"),
    "peers use it": (Topic.BEHAVIOUR, Source.USAGE, "no"),
    "open tickets on lake": (Topic.EVENT, Source.TICKETS, "INC-1"),
}
MISSING: Mapping[str, Changed] = {
    "department": personal(department=""),
    "place": personal(location=""),
    "held": without_holdings,
    "sensitivity": without_roles,
    "privileged": without_roles,
    "environment of lake": without_systems,
    "trust": lambda at: replace(at, who=replace(at.who, trust=None)),
    "used before": lambda at: replace(at, used=None),
    "peers use it": lambda at: replace(at, used=None),
    "open tickets on lake": without_tickets,
}
"""How each source falls silent. A kind, a clearance and a standing no directory can lack."""


def unknown(field: str) -> Observation:
    return Observation(field, Source.UNKNOWN, Trust.UNKNOWN, LATER, TABLE[field][0])


def test_every_field_has_source_trust_and_time_when_its_source_speaks() -> None:
    """S10: all topics but the words and the policies, which have their own tables."""
    expected = {
        field: Observation(field, source, Trust.FACT, LATER, topic, value)
        for field, (topic, source, value) in TABLE.items()
    }

    assert whole().seen() == expected


@pytest.mark.parametrize("field", MISSING)
def test_a_field_is_unknown_when_its_source_is_missing(field: str) -> None:
    """S10: unknown, without a value, and never a default."""
    assert MISSING[field](whole()).seen()[field] == unknown(field)


@pytest.mark.parametrize("field", MISSING)
def test_a_default_is_seen_when_one_stands_in_for_the_unknown(
    field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S10: the shipped line taken away, each table row above turns."""

    def filled(self: Look, name: str, value: str | None) -> Observation:
        return Observation(name, self.source, Trust.FACT, self.at, self.topic, value or "50")

    monkeypatch.setattr(Look, "says", filled)

    assert MISSING[field](whole()).seen()[field] != unknown(field)


def test_peers_are_unknown_when_the_department_is() -> None:
    """S10: who has no department is not of one department with all who have none."""
    lost = personal(department="")(whole())
    others = replace(person("zed", None, department=""), trust=None)
    company = replace(lost.company, identities={**lost.company.identities, others.id: others})

    seen = replace(lost, company=company, used={"zed": (EXPORT,)}).seen()

    assert seen["peers use it"] == unknown("peers use it")


def test_what_is_held_is_none_when_there_is_a_list_and_nothing_on_it_counts() -> None:
    """S10: nothing held and nothing known are told apart."""
    assert replace(whole(), held=()).seen()["held"].value == "none"


@pytest.mark.parametrize(("used", "trust"), [({"ana": (EXPORT,)}, 61), (None, None)])
def test_the_factors_of_the_record_are_what_was_observed(
    used: Mapping[str, Sequence[str]] | None, trust: int | None
) -> None:
    """S9 S10: a factor has no other source; only the window is the plan's own."""
    ana = replace(person("ana", "boss"), trust=trust)
    at = office(PERMISSIONS, ROLES, company=world(ana), used=used)

    found = assessed(at, proposed(at, EXPORT))

    seen = {each.field: each.value or "unknown" for each in found.observed}
    factors = {**found.static_factors, **found.dynamic_factors}
    assert factors.pop("window") == "480 minutes"
    assert factors.items() <= seen.items()
    assert found.dynamic_factors["trust"] == ("unknown" if trust is None else str(trust))
    assert {each.at for each in found.observed} == {NOW}


def test_unknown_trust_is_judged_as_the_directory_counts_it_and_recorded_as_unknown() -> None:
    """S10: the company's rule for whom it says nothing about; the record says which it was."""

    def judged(trust: int | None) -> Assessment:
        ana = replace(person("ana", "boss"), trust=trust)
        at = office(PERMISSIONS, ROLES, company=world(ana), used={"ana": (EXPORT,)})
        return assessed(at, proposed(at, EXPORT))

    assert judged(None).stance is judged(50).stance
    assert judged(None).dynamic_factors["trust"] == "unknown"
    assert judged(50).dynamic_factors["trust"] == "50"


def _decided(*texts: str) -> Decision:
    files = [PolicyFile(f"{number}.cedar", text) for number, text in enumerate(texts)]
    proposal = replace(case(["reader"]).proposal, needs=(PermissionId("lake:stats:read"),))
    about = replace(case(["reader"]), proposal=proposal)
    return decision_point(files).decide(sheet(about), proposal)


GOOD = '@id("good") @reason("no") forbid (principal, action, resource) when { false };'


@pytest.mark.parametrize(
    ("texts", "known"), [((GOOD,), True), ((), False), ((GOOD, GOOD), False), (("?",), False)]
)
def test_the_policies_are_a_source_or_unknown_when_they_cannot_be_used(
    texts: tuple[str, ...], known: bool
) -> None:
    """S10: none, two of one id, one that does not parse: what decided is not called known."""
    found = _decided(*texts)

    policies, facts = found.observed
    assert policies.value == (found.policy_digest if known else None)
    assert policies.source is (Source.POLICIES if known else Source.UNKNOWN)
    assert policies.trust is (Trust.FACT if known else Trust.UNKNOWN)
    assert {policies.topic, facts.topic} == {Topic.POLICY}
    assert {policies.at, facts.at} == {found.at}
