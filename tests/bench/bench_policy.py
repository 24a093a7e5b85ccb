"""Decisions in a second, with a hundred policies in a company of ten thousand identities."""

import json
from pathlib import Path

import pytest

from govagents.action.case import sealed_case
from govagents.domain.ids import IdentityId
from govagents.policy.engine import CedarDecisionPoint
from govagents.testing.company import Company
from tests.bench.bench_request import ASKER, WORDS
from tests.bench.conftest import WORLD
from tests.bench.figures import Figures, Watch

POLICIES, IDENTITIES, TIMES = 100, 10_000, 100
FILLER = """
@id("filler-{number}")
@reason("nobody of this name receives anything")
forbid (principal, action, resource)
when {{ principal.id == "nobody-{number}" }};
"""

pytestmark = pytest.mark.bench


def _crowd(folder: Path) -> Company:
    """The demo company with so many more people, and so many more policies."""
    template = Company(folder, WORLD)
    lines = template.lines_of("identities.jsonl")
    person = next(each for each in lines if each["id"] == ASKER)
    more = [
        {**person, "id": f"person.number{number}", "name": f"Person Number{number}"}
        for number in range(IDENTITIES - len(lines))
    ]
    text = "".join(f"{json.dumps(each)}\n" for each in [*lines, *more])
    world = template.with_files({"identities.jsonl": text}, folder / "world")
    policies = world / "policies"
    there = sum(file.read_text().count("@id(") for file in policies.glob("*.cedar"))
    filler = "".join(FILLER.format(number=number) for number in range(POLICIES - there))
    (policies / "filler.cedar").write_text(filler, encoding="utf-8")
    return Company.made(folder / "store", world)


def test_decisions_are_measured(tmp_path: Path, figures: Figures) -> None:
    company = _crowd(tmp_path)
    app = company.app
    assert isinstance(app.decision_point, CedarDecisionPoint)
    app.sweeper.sweep()
    request = app.runner.ask(IdentityId(ASKER), WORDS)
    with app.records.begin() as tx:
        case = sealed_case(tx, request)
        assert len(tx.world().identities) == IDENTITIES
    alone, gathered = Watch(), Watch()
    for _ in range(TIMES):
        with gathered:
            sheet = app.services.facts.sheet(case)
            decision = app.decision_point.decide(sheet, case.proposal)
        with alone:
            again = app.decision_point.decide(sheet, case.proposal)
        assert again.verdict is decision.verdict

    company_of = f"{POLICIES} policies, {IDENTITIES:,} identities"
    figures.add(f"policy, decisions in a second, {company_of}", f"{1000 / alone.median:,.0f}")
    figures.add(
        f"policy, the same with their facts gathered anew, {company_of}",
        f"{1000 / gathered.median:,.0f}",
    )
