"""Who fills a seat is whom the company's files say, on every kind of day; and what two people give.

`halden_seats` reads the files by itself: it shares no code with what is checked here.
"""

from datetime import UTC, datetime
from functools import cache
from itertools import product
from typing import Any

import pytest

from govagents.domain.decision import Consent, Verdict
from govagents.domain.ids import IdentityId
from govagents.policy import approvers
from govagents.policy.approvers import Panel, Seating
from tests.contract.halden_cases import (
    TICKETS,
    company,
    decide,
    eligible,
    kinds_of_role,
    role_facts,
    roles,
)
from tests.contract.halden_lines import Asked, Line
from tests.contract.halden_seats import Matter, raw, seats, systems

DATES = tuple(
    datetime(2026, month, day, hour, tzinfo=UTC)
    for month, day, hour in (
        (11, 23, 7),  # marek.dvorak away; the shift before samuel.adeyemi's
        (11, 23, 9),
        (11, 23, 20),  # celeste.okonkwo has handed on the billing warehouse
        (11, 25, 7),  # and victoria.langford is away as well
        (11, 25, 8),  # she takes it back
        (11, 26, 12),  # helena.strand travels, robert.achterberg is away
        (11, 28, 12),  # isabelle.laurent has handed on two systems; nobody on call at the hubs
        (12, 8, 12),  # wei.zhang has handed on; after the last shift of all
    )
)
ASKING = (
    ("samuel.adeyemi", "samuel.adeyemi"),  # is on call
    ("bogdan.ionescu", "bogdan.ionescu"),  # stands in
    ("marek.dvorak", "marek.dvorak"),  # is stood in for
    ("lena.vogt", "lena.vogt"),  # approver, and delegate of the other one
    ("celeste.okonkwo", "lena.vogt"),  # last resort
    ("mina.farahani", "mina.farahani"),  # the security lead
    ("helena.strand", "meiling.chua"),
    ("agent-sre-responder", "agent-sre-responder"),
    ("agent-invoice-reconciler", "agent-invoice-reconciler"),
)
LINES = (
    Line(["system-owner", "mina.farahani"], 2),
    Line(["role-owner", "manager"], 2),
    Line(["role-owner", "manager"], 1),
    Line(["lena.vogt", "celeste.okonkwo"], 1),
    Line(["helena.strand"], 1),
    Line(["on-call"], 1),
    Line(["agent-owner"], 1),
    Line(["identity-owner", "system-owner"], 1),
)


@cache
def owned() -> list[dict[str, Any]]:
    """One role for each owner and set of systems, and each that some delegation excepts."""
    excepted = {
        role for item in raw("approvers.yaml")["delegates"] for role in item.get("except", ())
    }
    seen: dict[object, dict[str, Any]] = {}
    for name, (role, _) in roles().items():
        told = (role["owner"], frozenset(systems(dict(role))), name if name in excepted else "")
        seen.setdefault(told, dict(role))
    return list(seen.values())


def filled(matter: Matter, line: Line) -> Consent:
    world = company()[0]
    seating = Seating(world, IdentityId(matter.speaker), IdentityId(matter.beneficiary), matter.at)
    facts = role_facts(matter.role["id"])
    return seating.consent(facts, Panel(tuple(line.approvers), line.quorum))


@pytest.mark.parametrize("at", DATES, ids=lambda at: f"{at:%m-%d %H}h")
def test_seats_go_to_whom_the_companys_files_name_when_the_day_varies(at: datetime) -> None:
    """S44: every owner and system, each line's approvers; nobody decides on their own, or twice."""
    asked = (
        (role, asking, line)
        for place, role in enumerate(owned())
        for asking in ASKING[place % 3 :: 3]
        for line in LINES
    )
    for role, asking, line in asked:
        matter = Matter(role, asking[0], asking[1], at)
        wanted, found = seats(line, matter), filled(matter, line)
        people = [one for one in wanted if one]

        assert [seat.person for seat in found.seats] == wanted, (role["id"], asking, line)
        assert found.open is (len(set(people)) >= line.quorum)
        assert not set(asking) & set(people)
        assert line.quorum == 1 or len(set(people)) == len(people)


@pytest.mark.parametrize(
    ("name", "kind", "at", "person"),
    [
        ("bw-payables-clerk", "celeste.okonkwo", DATES[2], "lena.vogt"),
        ("bw-payment-releaser", "celeste.okonkwo", DATES[2], "celeste.okonkwo"),
        ("hr-payroll-approver", "helena.strand", DATES[5], "helena.strand"),
        ("ap-queue-operator", "on-call", DATES[0], "katarzyna.wolska"),
        ("ap-queue-operator", "on-call", DATES[7], None),
        ("ap-queue-operator", "marek.dvorak", DATES[1], "bogdan.ionescu"),
        ("ap-queue-operator", "omar.haddad", DATES[1], "stefan.gruber"),
    ],
)
def test_seat_goes_to_the_deputy_when_the_file_names_one(
    name: str, kind: str, at: datetime, person: str | None
) -> None:
    """S44: by name, so that the two readers cannot be wrong alike; `except` is binding."""
    asking = "nia.roberts"
    found = filled(Matter(dict(roles()[name][0]), asking, asking, at), Line([kind], 1))

    assert found.seats[0].person == person


def test_two_have_to_agree_when_the_line_needs_two() -> None:
    """S44: seats filled do not suffice, for one person may fill both; two who agreed do."""
    for name, ticket, kind in product(kinds_of_role(), TICKETS[:2], ("person", "agent", "service")):
        asked = Asked(*roles()[name], kind, 240, ticket)
        line = asked.line()
        if line.quorum != 2:
            continue
        both = f"2 of {', '.join(line.approvers)}"

        assert decide(eligible(asked, frozenset(line.approvers))).verdict is Verdict.ASK, name
        found = decide(eligible(asked, agreed=frozenset({both})))
        assert found.verdict is Verdict.PERMIT, name


def test_one_counts_twice_without_the_shipped_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harm: somebody agrees as the owner and, through whom he stands in for, as the other."""
    stood_in = Line(["bogdan.ionescu", "marek.dvorak"], 2)
    matter = Matter(
        dict(roles()["ap-queue-operator"][0]), "samuel.adeyemi", "samuel.adeyemi", DATES[1]
    )
    both = ("bogdan.ionescu", "marek.dvorak")
    assert not set(both) <= {seat.person for seat in filled(matter, stood_in).seats}
    assert len({seat.person for seat in filled(matter, stood_in).seats}) == 2

    monkeypatch.setattr(approvers, "_people", lambda _: iter(()))

    assert [seat.person for seat in filled(matter, stood_in).seats] == ["bogdan.ionescu"] * 2
