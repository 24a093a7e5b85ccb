"""Giving and taking by the guard, on `sim` and on a PostgreSQL, beside the connector alone."""

from collections.abc import Callable, Mapping

import pytest

from govagents.action.guard import GuardedTargets
from govagents.adapters.connectors import Loaded, fingerprint, load_connectors
from govagents.domain.grant import Effect, Grant
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.request import Status
from govagents.ports import Connector, Order
from govagents.settings import FILE
from govagents.testing.company import Company
from govagents.wiring import parts
from tests.bench.figures import Figures, Watch, spread
from tests.live.server import Server

ASKER, APPROVER, WORDS = "noor.vandenberg", "bogdan.ionescu", "Read the claims, 2h"
SYSTEM, GOVERNED = "orders-db", "orders-db/od-claims-viewer"
TIMES = 10

pytestmark = pytest.mark.bench


def test_giving_and_taking_are_measured_on_sim(
    company: Company, monkeypatch: pytest.MonkeyPatch, figures: Figures
) -> None:
    _measure("sim", company, monkeypatch, figures)


@pytest.mark.live
def test_giving_and_taking_are_measured_on_postgresql(
    company: Company, postgres: Server, monkeypatch: pytest.MonkeyPatch, figures: Figures
) -> None:
    postgres.clean()
    postgres.govern(GOVERNED)
    postgres.login(ASKER)

    def both(enabled: Mapping[str, str]) -> Loaded:
        return load_connectors({**enabled, "postgres": fingerprint("postgres")})

    monkeypatch.setattr(parts, "load_connectors", both)
    with (company.home / FILE).open("a", encoding="utf-8") as settings:
        settings.write(f'{SYSTEM} = "postgres:{postgres.address(company.home)}"\n')
    _measure("PostgreSQL", company, monkeypatch, figures)


def _measure(
    name: str, company: Company, monkeypatch: pytest.MonkeyPatch, figures: Figures
) -> None:
    given, taken, alone = Watch(), Watch(), Watch()
    monkeypatch.setattr(GuardedTargets, "grant", _watched(GuardedTargets.grant, given))
    for _ in range(TIMES):
        view = company.approve(company.ask(ASKER, WORDS), APPROVER)
        assert view.status is Status.ACTIVE
        with taken:
            company.app.guard.end(view.grants[0].id, actor=IdentityId(ASKER), cause="given_back")
        _alone(company.app.guard.targets.of(view.grants[0].targets[0]), view.grants[0], alone)
    for what, watch in (("giving", given), ("taking back", taken)):
        ratio = watch.median / alone.median
        said = f"{spread(watch.ms)}; {ratio:.1f} times the connector alone"
        figures.add(f"guard, {what} on {name}, ms p50 / p90 / p99 / max", said)


def _alone(connector: Connector, grant: Grant, watch: Watch) -> None:
    """One change and one reading, as little as giving or taking can be."""
    order = Order(grant.targets[0], grant.role, grant.beneficiary, "bench")
    for change, held in ((connector.grant, True), (connector.revoke, False)):
        with watch:
            change(order)
            holders = connector.holders(grant.targets[0], grant.role)
        assert (grant.beneficiary in holders) is held


def _watched(
    grant: Callable[[GuardedTargets, RequestId], Effect], watch: Watch
) -> Callable[[GuardedTargets, RequestId], Effect]:
    def watched(self: GuardedTargets, request: RequestId) -> Effect:
        with watch:
            return grant(self, request)

    return watched
