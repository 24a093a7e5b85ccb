"""Facts keep changing while something is being given: the last try has the store to itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread

import pytest

from govagents.action.guard import TRIES, GuardedTargets
from govagents.adapters.sql.records import open_records
from govagents.domain.decision import Decision
from govagents.domain.facts import FactSheet
from govagents.domain.grant import Effect, EffectKind
from govagents.domain.ids import RequestId
from govagents.domain.proposal import Proposal
from govagents.ports import DecisionPoint
from govagents.testing.company import Company
from tests.concurrency.held_up import held_up
from tests.crash.killing import MANAGER, REDRIVE, SRE

_PATIENCE = 0.5  # seconds that whoever decides gives the others; they go on when the store is free


@dataclass
class Busy:
    """Somebody else changes a fact right after each decision, through a connection of their own."""

    behind: DecisionPoint
    home: Path
    others: list[Thread] = field(default_factory=list)

    def decide(self, sheet: FactSheet, proposal: Proposal) -> Decision:
        decision = self.behind.decide(sheet, proposal)
        self.others.append(Thread(target=self._change))
        self.others[-1].start()
        self.others[-1].join(_PATIENCE)
        return decision

    def _change(self) -> None:
        records = open_records(self.home)
        with records.begin() as tx:
            tx.bump()
        records.close()


@contextmanager
def busy(company: Company) -> Iterator[GuardedTargets]:
    guard = company.app.guard
    policy = Busy(guard.policy, company.home)
    yield replace(guard, policy=policy)
    for other in policy.others:
        other.join()
    assert len(policy.others) == TRIES


def test_it_is_given_when_facts_change_under_every_decision_but_the_last(company: Company) -> None:
    """S65: each time on facts that are true; whoever comes with many is not turned away."""
    (asked,) = held_up(company, SRE, MANAGER, REDRIVE)

    with busy(company) as guard:
        assert guard.grant(asked).kind is EffectKind.GIVEN


def test_it_is_turned_away_when_the_last_try_is_like_the_others(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm without the line."""
    (asked,) = held_up(company, SRE, MANAGER, REDRIVE)
    attempt = GuardedTargets._attempt

    def never_alone(guard: GuardedTargets, request: RequestId, *, alone: bool) -> Effect:
        return attempt(guard, request, alone=False)

    monkeypatch.setattr(GuardedTargets, "_attempt", never_alone)

    with busy(company) as guard:
        assert guard.grant(asked).reasons == ("facts kept changing; ask again",)
