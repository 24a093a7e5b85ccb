from dataclasses import replace

import pytest

from govagents.domain.decision import Verdict
from govagents.policy.engine import decision_point
from govagents.policy.ordinary import ORDINARY, proposal_of, sheet_of
from govagents.policy.source import PolicyFile

POINT = decision_point(
    [
        PolicyFile(
            "context.cedar",
            """
            @id("give") @guards("hours, place, sensitivity, trust")
            permit (principal, action == Action::"grant", resource)
            when { context.hour >= 7 && context.hour < 18 && context.weekday <= 5 }
            when { ["Brno", "Lyon"].contains(principal.location) }
            when { resource.sensitivity <= 2 }
            when { principal.trust >= 40 };
            """,
        )
    ]
)
INSIDE = replace(ORDINARY, principal=replace(ORDINARY.principal, location="Brno"))


@pytest.mark.parametrize(
    ("group", "fact", "inside", "outside", "guard"),
    [
        ("context", "hour", 7, 6, "hours"),
        ("context", "hour", 17, 18, "hours"),
        ("context", "weekday", 5, 6, "hours"),
        ("principal", "location", "Lyon", "Lisbon", "place"),
        ("resource", "sensitivity", 2, 3, "sensitivity"),
        ("principal", "trust", 40, 39, "trust"),
    ],
)
def test_context_decides_when_one_fact_crosses_its_bound(
    group: str, fact: str, inside: object, outside: object, guard: str
) -> None:
    """S41, S9: time, location, sensitivity and trust each flip the decision, and are named."""
    found = {}
    for value in (inside, outside):
        facts = replace(INSIDE, **{group: replace(getattr(INSIDE, group), **{fact: value})})
        sheet = sheet_of(facts)
        found[value] = POINT.decide(sheet, proposal_of(sheet))

    assert found[inside].verdict is Verdict.PERMIT
    assert found[outside].verdict is Verdict.DENY
    assert found[outside].reasons[0].guards == (guard,)
