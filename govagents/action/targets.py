"""The connected systems, by name, and what they show. Believes `holders`, never an exception."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from govagents.action.toolbox import call
from govagents.domain.grant import Change, Grant
from govagents.domain.ids import SystemId
from govagents.errors import TargetRefusedError
from govagents.ports import Connector, Order


@dataclass(frozen=True)
class Targets:
    """`by_system` maps a system to its connector; `otherwise` serves every other one, if set."""

    by_system: Mapping[SystemId, Connector]
    otherwise: Connector | None = None

    def of(self, system: SystemId) -> Connector:
        """The connector of `system`.

        Raises:
            TargetRefusedError: none is connected, so nothing can be given there.
        """
        connector = self.by_system.get(system, self.otherwise)
        if connector is None:
            message = f"no connector serves `{system}`: enable one in the settings"
            raise TargetRefusedError(message)
        return connector

    def ends_by_itself(self, systems: tuple[SystemId, ...]) -> bool:
        """Whether every one of `systems` ends access without us."""
        return all(self.of(system).limits.native_expiry for system in systems)

    def holds(self, grant: Grant, system: SystemId) -> bool:
        """Whether the target shows the role at the beneficiary now."""
        return grant.beneficiary in self.of(system).holders(system, grant.role)

    def shown(self, grant: Grant) -> tuple[Change, ...]:
        """What reading back shows of `grant`."""
        return tuple(
            Change(system, grant.role, grant.beneficiary, gained=True)
            for system in grant.targets
            if self.holds(grant, system)
        )

    def set(self, grant: Grant, *, held: bool, skip: tuple[SystemId, ...] = ()) -> bool:
        """Make every target show `held`, then read all back; True when all do.

        Whatever a connector raises, what is read afterwards counts. It is a foreign file: one that
        raises something else than it should must not keep other grants from ending.
        """
        for system in grant.targets:
            if system in skip:
                continue
            order = Order(system, grant.role, grant.beneficiary, fence=grant.id)
            with suppress(Exception):
                call("grant" if held else "revoke", self.of(system), order)
        return self._all_show(grant, held=held, skip=skip)

    def _all_show(self, grant: Grant, *, held: bool, skip: tuple[SystemId, ...]) -> bool:
        with suppress(Exception):
            return all(
                self.holds(grant, system) is held for system in grant.targets if system not in skip
            )
        return False
