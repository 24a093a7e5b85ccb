"""A fact changes after policy looked and before anything is given: it is decided again (S65)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from govagents.action.case import sealed_case
from govagents.action.giving import Giving
from govagents.action.guard import TRIES, GuardedTargets
from govagents.action.noting import CALLED
from govagents.adapters.sql.transaction import SqlTransaction
from govagents.domain.decision import Decision, Verdict
from govagents.domain.facts import FactSheet
from govagents.domain.grant import EffectKind
from govagents.domain.proposal import Proposal
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.errors import StaleDecisionError
from govagents.ports import DecisionPoint
from govagents.testing.company import Company
from govagents.wiring import import_world

SRE, MANAGER = "samuel.adeyemi", "arjun.mehta"
REDRIVE = "Redrive the tracking dlq, 2h"
ROLE, SYSTEM = "ap-queue-operator", "aws-prod"


@dataclass
class Then:
    """The company's decision point, with something done right after each of its decisions."""

    behind: DecisionPoint
    after: Callable[[], None]
    made: list[Decision] = field(default_factory=list)

    def decide(self, sheet: FactSheet, proposal: Proposal) -> Decision:
        self.made.append(self.behind.decide(sheet, proposal))
        self.after()
        return self.made[-1]


@pytest.fixture
def approved(company: Company) -> View:
    """Its owner agreed; it only waits for something that would end it."""
    asked = company.ask(SRE, REDRIVE)
    with company.app.records.begin() as tx:
        tx.settings.set("sweeper_seen", 0)
    held_up = company.approve(asked, MANAGER)
    assert held_up.status is Status.BLOCKED
    return held_up


def guard_of(company: Company, after: Callable[[], None]) -> tuple[GuardedTargets, Then]:
    guard = company.app.guard
    then = Then(guard.policy, after)
    return replace(guard, policy=then, sweeper_alive=lambda: True), then


def sends_on_leave(company: Company, folder: Path) -> Callable[[], None]:
    """Imports a company in which the beneficiary is on leave."""
    people = (company.world / "identities.jsonl").read_text(encoding="utf-8")
    changed = [
        line.replace('"active"', '"on_leave"') if line.startswith(f'{{"id": "{SRE}"') else line
        for line in people.splitlines(keepends=True)
    ]
    files = company.with_files({"identities.jsonl": "".join(changed)}, folder)

    def import_it() -> None:
        import_world(company.app, files, apply=True)

    return import_it


def test_a_fact_that_changes_before_the_intent_is_decided_on_again(
    company: Company, approved: View, tmp_path: Path
) -> None:
    """S65: permitted on the old facts, denied on those that are true when it would be given."""
    guard, then = guard_of(company, sends_on_leave(company, tmp_path / "world"))

    effect = guard.grant(approved.request.id)

    assert [decision.verdict for decision in then.made] == [Verdict.PERMIT, Verdict.DENY]
    assert effect.kind is EffectKind.DENIED
    assert company.view(approved.request.id).status is Status.DENIED
    assert not company.grants()
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_it_is_given_on_old_facts_when_their_version_is_not_looked_at(
    company: Company, approved: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S65: the harm without the line."""
    monkeypatch.setattr(SqlTransaction, "version", lambda _: 0)
    guard, _ = guard_of(company, sends_on_leave(company, tmp_path / "world"))

    assert guard.grant(approved.request.id).kind is EffectKind.GIVEN
    assert company.holds(SRE, ROLE, SYSTEM)


def test_nothing_is_given_when_facts_change_under_every_decision(
    company: Company, approved: View
) -> None:
    """S65: it gives up, saying so, and can be asked for again."""

    def change() -> None:
        with company.app.records.begin() as tx:
            tx.bump()

    guard, then = guard_of(company, change)

    effect = guard.grant(approved.request.id)

    assert [decision.verdict for decision in then.made] == [Verdict.PERMIT] * TRIES
    assert (effect.kind, effect.reasons) == (
        EffectKind.BLOCKED,
        ("facts kept changing; ask again",),
    )
    assert not company.grants()
    assert not company.holds(SRE, ROLE, SYSTEM)


def test_an_intent_is_refused_when_its_version_is_not_the_stores(
    company: Company, approved: View
) -> None:
    """S65: nothing of it is written, neither grant nor entry; only the look at the target is."""
    guard = company.app.guard
    giving = Giving(guard.records, guard.targets, guard.expiry, guard.clock)
    decision = approved.decision
    assert decision is not None
    with company.app.records.begin() as tx:
        case = sealed_case(tx, approved.request.id)
        before = [event.kind for _, event in tx.log.of(approved.request.id)]
    sheet = guard.facts.sheet(case)

    stale = replace(sheet, version=sheet.version - 1)
    with pytest.raises(StaleDecisionError, match="a fact changed"), giving.noting() as calls:
        giving.intend(case, decision, stale, calls)

    with company.app.records.begin() as tx:
        after = [event.kind for _, event in tx.log.of(approved.request.id)]
    assert after == [*before, CALLED]
    assert not company.grants()
    with giving.noting() as calls:
        intended = giving.intend(case, decision, sheet, calls)
    assert intended == company.grants(Status.ACTIVATING)
