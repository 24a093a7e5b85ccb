"""The connected systems, by name, and what they show. Believes `holders`, never an exception.

Rules:
1. What is read back decides whether an order was carried out, whatever a connector raised.
2. A connector is a foreign file: one that raises something else than it should keeps neither other
   systems nor other grants from being changed.
3. Where it was not carried out the cause is kept: what the change raised; else what reading back
   raised; else that the target shows otherwise. Its words are a target's: cut, on one line, with
   control characters made visible and credentials in an address left out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from govagents.action.noting import Calls
from govagents.action.toolbox import TOOLS, call, look
from govagents.domain.grant import Change, Grant
from govagents.domain.ids import SystemId
from govagents.domain.outcome import Done, NotDone, Outcome, Trouble
from govagents.domain.text import Untrusted
from govagents.errors import (
    GovAgentsError,
    OutcomeUnknownError,
    TargetRefusedError,
    TargetUnavailableError,
)
from govagents.ports import Connector, Order, Tracer

MOST_SAID = 300
"""Characters kept of what a connector raised."""

_CREDENTIALS = re.compile(r"(?<=://)\S+(?=@)")  # a wrong address may have `/` or `@` in a password


@dataclass(frozen=True)
class Targets:
    """`by_system` maps a system to its connector; `otherwise` serves every other one, if set.

    Whoever asks hands `calls` in, and sees to it that an entry names each of them (`noting`).
    """

    by_system: Mapping[SystemId, Connector]
    otherwise: Connector | None
    tracer: Tracer

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

    def holds(self, grant: Grant, system: SystemId, calls: Calls) -> bool:
        """Whether the target shows the role at the beneficiary now."""
        return look(self.of(system), system, grant=grant, calls=calls)

    def seen(self, grant: Grant, system: SystemId, calls: Calls) -> bool | NotDone:
        """The same, or why nobody knows."""
        try:
            return self.holds(grant, system, calls)
        except Exception as error:  # noqa: BLE001  # (2)
            return _not_done(system, error)

    def shown(self, grant: Grant, calls: Calls) -> tuple[Change, ...]:
        """What reading back shows of `grant`."""
        return tuple(
            Change(system, grant.role, grant.beneficiary, gained=True)
            for system in grant.targets
            if self.holds(grant, system, calls)
        )

    def set(
        self, grant: Grant, calls: Calls, *, held: bool, skip: tuple[SystemId, ...] = ()
    ) -> Outcome:
        """Make every target but those to `skip` show `held`, then read all back."""
        systems = [system for system in grant.targets if system not in skip]
        raised = {system: self._ordered(grant, system, calls, held=held) for system in systems}
        for system in systems:
            found = self._read(grant, system, calls, held=held)
            if found is not None:
                return raised[system] or found
        return Done()

    def _ordered(
        self, grant: Grant, system: SystemId, calls: Calls, *, held: bool
    ) -> NotDone | None:
        """What a connector made of the order; None = it raised nothing."""
        order = Order(system, grant.role, grant.beneficiary, fence=grant.id)
        try:
            tool = "grant" if held else TOOLS["grant"].inverse
            call(tool, self.of(system), order, grant=grant, calls=calls)
        except Exception as error:  # noqa: BLE001  # (1) (2)
            return _not_done(system, error)
        return None

    def _read(self, grant: Grant, system: SystemId, calls: Calls, *, held: bool) -> NotDone | None:
        """(1) Why `system` does not show `held`; None = it does."""
        shown = self.seen(grant, system, calls)
        if isinstance(shown, NotDone):
            return shown
        return None if shown is held else NotDone(system, Trouble.DIFFERS)


def _not_done(system: SystemId, error: Exception) -> NotDone:
    """(3)."""
    trouble = _trouble(error)
    said = harmless(error)
    if trouble is Trouble.BROKEN and not isinstance(error, GovAgentsError):
        said = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return NotDone(system, trouble, said)


def _trouble(error: Exception) -> Trouble:
    match error:
        case TargetUnavailableError():
            return Trouble.UNREACHABLE
        case TargetRefusedError():
            return Trouble.REFUSED
        case OutcomeUnknownError():
            return Trouble.UNKNOWN
    return Trouble.BROKEN


def harmless(error: Exception) -> str:
    """(3) SECURITY: the words are whatever a target answered. One line without credentials."""
    try:
        words = str(error)
    except Exception:  # noqa: BLE001  # (2)
        return "it cannot even be said why"
    # ORDER: credentials go before the cut, which could leave half of an address
    shown = Untrusted(_CREDENTIALS.sub("…", words[: 4 * MOST_SAID])).shown()
    line = " ".join(shown.split())
    return line if len(line) <= MOST_SAID else f"{line[: MOST_SAID - 1]}…"
