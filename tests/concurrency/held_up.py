"""Requests that wait at the one door: agreed to, and nothing is in their way any more."""

from dataclasses import dataclass
from pathlib import Path

from govagents.adapters.clock import MachineClock
from govagents.domain.grant import EffectKind
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.request import Status
from govagents.testing.company import Company
from govagents.wiring import open_app


@dataclass(frozen=True)
class Giving:
    """The guard is asked to give a request, without anything around it that takes turns."""

    request: RequestId

    def __call__(self, home: Path) -> int:
        """0 = it is given."""
        return int(open_app(home).guard.grant(self.request).kind is not EffectKind.GIVEN)


def held_up(company: Company, speaker: str, approver: str, *sentences: str) -> list[RequestId]:
    """They were held up because nothing would have ended them; now something would."""
    runner, requests = company.app.runner, []
    _sweeper_seen(company, 0)
    for words in sentences:
        requests.append(runner.ask(IdentityId(speaker), words))
        runner.decide(requests[-1], IdentityId(approver), consent=True, reason="")
        assert company.view(requests[-1]).status is Status.BLOCKED
    _sweeper_seen(company, int(MachineClock().now().timestamp()))
    company.restarted()
    return requests


def _sweeper_seen(company: Company, second: int) -> None:
    with company.app.records.begin() as tx:
        tx.settings.set("sweeper_seen", second)
