"""A target in memory, and the time of day."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.ports import Connector, Order, TargetUnavailableError
from tests.unit.adapters.stores import NINE

READER, WRITER, SHOP = RoleId("reader"), RoleId("writer"), SystemId("shop")


@dataclass
class Shop(Connector):
    """Who holds what; while it is `down`, nobody is taken out."""

    held: set[tuple[RoleId, IdentityId]] = field(default_factory=set)
    down: bool = False

    @classmethod
    def at(cls, address: str, folder: Path) -> "Shop":
        return cls()

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        return frozenset(who for what, who in self.held if what == role)

    def grant(self, order: Order) -> None:
        self.held.add((order.role, order.subject))

    def revoke(self, order: Order) -> None:
        if self.down:
            raise TargetUnavailableError
        self.held.discard((order.role, order.subject))


@dataclass
class Hours:
    """Moved by whoever tests."""

    at: datetime = NINE

    def now(self) -> datetime:
        return self.at
