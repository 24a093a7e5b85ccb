"""Time, place, sensitivity and trust as the company's records have them, each deciding (S41)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from govagents.domain.catalog import Catalog, Sensitivity
from govagents.domain.decision import Decision, Verdict
from govagents.domain.request import Window
from govagents.domain.world import World
from govagents.policy.engine import decision_point
from govagents.policy.facts import fact_sheet
from govagents.policy.source import PolicyFile
from tests.unit.policy.company import CATALOG, HOUR, NOW, case, now, permission, person, world

POINT = decision_point(
    [
        PolicyFile(
            "context.cedar",
            """
            @id("give") @guards("decided in hours, runs in hours, place, sensitivity, trust")
            permit (principal, action == Action::"grant", resource)
            when { context.hour >= 7 && context.hour < 18 && context.weekday <= 5 }
            when { context.start_hour >= 7 && context.days == 0 && context.end_minute <= 1080 }
            when { ["Brno", "Lyon"].contains(principal.location) }
            when { resource.sensitivity <= 2 }
            when { principal.trust >= 40 };
            """,
        )
    ]
)
AN_HOUR = Window(NOW, NOW + HOUR)
LATE = NOW.replace(hour=17)


@dataclass(frozen=True)
class Situation:
    """What the records say; as it stands here, everything lies inside."""

    location: str = "Brno"
    trust: int = 50
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    at: datetime = NOW
    window: Window = AN_HOUR

    def decided(self) -> Decision:
        """What policy makes of it, gathered as for any request."""
        about = case(window=self.window)
        sheet = fact_sheet(
            world=self._world(),
            catalog=self._catalog(),
            case=about,
            circumstances=now(at=self.at),
            panels=(),
        )
        return POINT.decide(sheet, about.proposal)

    def _world(self) -> World:
        ana = person("ana", "boss", team="pay")
        assert ana.person is not None
        lives = replace(ana.person, location=self.location)
        return world(replace(ana, trust=self.trust, person=lives))

    def _catalog(self) -> Catalog:
        read = permission("lake:stats:read", self.sensitivity)
        return replace(CATALOG, permissions={**CATALOG.permissions, read.id: read})


@pytest.mark.parametrize(
    ("inside", "outside", "guard"),
    [
        ({"location": "Lyon"}, {"location": "Lisbon"}, "place"),
        ({"location": "Brno"}, {"location": ""}, "place"),
        ({"trust": 40}, {"trust": 39}, "trust"),
        ({"trust": 100}, {"trust": 0}, "trust"),
        (
            {"sensitivity": Sensitivity.CONFIDENTIAL},
            {"sensitivity": Sensitivity.RESTRICTED},
            "sensitivity",
        ),
        ({"at": NOW.replace(hour=7)}, {"at": NOW.replace(hour=6)}, "decided in hours"),
        (
            {"window": Window(NOW + timedelta(days=4), NOW + timedelta(days=4, hours=1))},
            {
                "at": NOW + timedelta(days=5),
                "window": Window(NOW + timedelta(days=5), NOW + timedelta(days=5, hours=1)),
            },
            "decided in hours",
        ),
        (
            {"window": Window(LATE, LATE + HOUR)},
            {"window": Window(LATE, LATE + HOUR + timedelta(seconds=1))},
            "runs in hours",
        ),
    ],
)
def test_the_verdict_turns_when_one_thing_in_the_records_crosses_its_bound(
    inside: dict[str, object], outside: dict[str, object], guard: str
) -> None:
    """S41: from person, permission and clock through the fact sheet to the verdict."""
    within = replace(Situation(), **inside).decided()  # type: ignore[arg-type]  # its own fields
    beyond = replace(Situation(), **outside).decided()  # type: ignore[arg-type]  # its own fields

    assert within.verdict is Verdict.PERMIT
    assert beyond.verdict is Verdict.DENY
    assert [reason.guards for reason in beyond.reasons] == [(guard,)]
