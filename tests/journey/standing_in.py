"""Targets that stand in for the company's, and stores of one's own that journeys begin with."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.ports import Connector, Order
from govagents.testing.company import Company
from govagents.wiring import create_store


@dataclass
class Watched(Connector):
    """The real target: it remembers what it was ordered, and does a thing once around a call."""

    behind: Connector
    calls: list[tuple[str, Order]] = field(default_factory=list)
    before_revoke: list[Callable[[], None]] = field(default_factory=list)
    after_grant: list[Callable[[], None]] = field(default_factory=list)

    scheme = "watched"

    @classmethod
    def at(cls, address: str, folder: Path) -> "Watched":
        raise TypeError(address, folder)

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        return self.behind.holders(system, role)

    def grant(self, order: Order) -> None:
        self.calls.append(("grant.applied", order))
        self.behind.grant(order)
        if self.after_grant:
            self.after_grant.pop()()

    def revoke(self, order: Order) -> None:
        self.calls.append(("grant.ended", order))
        if self.before_revoke:
            self.before_revoke.pop()()
        self.behind.revoke(order)


def watched(company: Company) -> Watched:
    """Puts a watched target in the place of the company's, for whoever gives or ends."""
    app = company.app
    assert app.guard.targets.otherwise is not None
    target = Watched(app.guard.targets.otherwise)
    targets = replace(app.guard.targets, otherwise=target)
    expiry = replace(app.guard.expiry, targets=targets)
    guard = replace(app.guard, targets=targets, expiry=expiry)
    company._app = replace(
        app,
        guard=guard,
        sweeper=replace(app.sweeper, expiry=expiry, guard=lambda: guard),
        runner=replace(app.runner, services=replace(app.services, guard=guard)),
    )
    return target


def own_store(home: Path, world: Path, **operators: str) -> Path:
    """A store of one's own, no demo; `operators` says whom a user id stands for: `u4711="ana"`."""
    create_store(home, world=world, demo=False).records.close()
    lines = [f'{user.removeprefix("u")} = "{name}"' for user, name in operators.items()]
    with (home / "settings.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n".join(["", "[operators]", *lines, ""]))
    return home
