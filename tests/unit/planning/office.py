"""One request in a small company, as the shipped planner proposes and the risk agent judges it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from govagents.action.looking import Unasked
from govagents.adapters.clock import FixedClock
from govagents.domain.catalog import Catalog, Permission, Role
from govagents.domain.ids import IdentityId, PermissionId, RequestId
from govagents.domain.proposal import Assessment, Proposal
from govagents.domain.question import Clarity, Resolution
from govagents.domain.request import Need, Request, Understanding, Window
from govagents.domain.text import Span
from govagents.domain.world import Use, World
from govagents.planning.assessor import Assessor
from govagents.planning.problem import SetsByCatalog
from govagents.planning.proposer import Proposer
from govagents.ports import Holding, Readings
from govagents.solver.weights import Weights
from tests.unit.policy.company import NOW, PAYMENTS, world

ANA = IdentityId("ana")


def catalog_of(permissions: Sequence[Permission], roles: Sequence[Role]) -> Catalog:
    """A catalog of these."""
    return Catalog(
        "office", "1", "digest", {item.id: item for item in permissions}, {r.id: r for r in roles}
    )


@dataclass(frozen=True)
class Office:
    """What the planner and the risk agent read: `ports.Catalogs`, `Directory`, `Holdings`, `Usage`.

    `used` is the usage log, by identity; None = there is none. `held` are roles of the beneficiary,
    `holdings` what else its party has or will have.
    """

    catalog: Catalog
    company: World
    used: Mapping[str, Sequence[str]] | None
    held: Sequence[str] = ()
    holdings: tuple[Holding, ...] = ()

    def current(self) -> Catalog:
        return self.catalog

    def world(self) -> World:
        return self.company

    def of(self, identity: IdentityId, window: Window | None = None) -> tuple[Holding, ...]:
        """`Holdings`."""
        assert window is not None
        roles = (self.catalog.roles[role].id for role in self.catalog.roles if role in self.held)
        return (*(Holding(identity, role, None, "by hand") for role in roles), *self.holdings)


@dataclass(frozen=True)
class Log:
    """`ports.Usage`."""

    used: Mapping[str, Sequence[str]] | None

    def of(
        self, identities: Collection[IdentityId], permissions: Collection[PermissionId]
    ) -> Mapping[IdentityId, tuple[Use, ...]] | None:
        if self.used is None:
            return None
        last, wanted = NOW - timedelta(days=3), set(permissions)
        return {
            name: tuple(Use(item, 1, last) for item in sorted(wanted & {*self.used.get(name, ())}))
            for name in identities
        }


def office(
    permissions: Sequence[Permission],
    roles: Sequence[Role],
    *,
    company: World | None = None,
    used: Mapping[str, Sequence[str]] | None = None,
    held: Sequence[str] = (),
) -> Office:
    """An office of these; unless said with one rule, nothing held and no usage log."""
    within = company or world(separation=(PAYMENTS,))
    return Office(catalog_of(permissions, roles), within, used, held)


def proposed(
    at: Office, *needs: str, beneficiary: str = ANA, readings: Readings | None = None
) -> Proposal:
    """What the planner proposes for `needs`, for eight hours; unless said no target is asked."""
    receiver = IdentityId(beneficiary)
    wanted = tuple(Need(PermissionId(item), 90, Span(0, 0)) for item in needs)
    meant = Understanding(receiver, receiver, wanted, None, None, None)
    proposer = Proposer(at, at, at, SetsByCatalog(Weights.default()), readings or Unasked())
    request = Request(RequestId("req_1"), receiver, None, NOW, "")
    return proposer({"request": request, "resolution": Resolution(Clarity.CLEAR, meant)})[
        "proposal"
    ]


def assessed(at: Office, proposal: Proposal) -> Assessment:
    """What the risk agent says to it in the first round."""
    assessor = Assessor(at, at, Log(at.used), at, Weights.default(), FixedClock(NOW))
    return assessor({"proposal": proposal})["assessment"]
