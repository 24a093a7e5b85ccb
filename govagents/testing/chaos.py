"""A target that lets one down: another one, disturbed at calls that a seed chooses.

What is behind it is as real as it is: a disturbance changes when and how often orders arrive, what
is answered, or what somebody else does meanwhile, and each is kept in `happened`. After as many as
were ordered it is calm, so that whoever tries again comes to an end.
"""

import random
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.errors import OutcomeUnknownError, TargetRefusedError, TargetUnavailableError
from govagents.ports import Connector, Order


class Whim(StrEnum):
    """What a target can do to whoever asks it, without lying for good."""

    LOST_REPLY = "lost_reply"
    """The order is carried out, and nobody hears of it."""
    LOST_ORDER = "lost_order"
    """The order is not carried out, and nobody hears of that."""
    TWICE = "twice"
    """The order arrives twice."""
    SLOW = "slow"
    """Nothing comes back until `calm`; then the order is carried out after all."""
    STALE = "stale"
    """A reading shows what the one before it showed."""
    REFUSED = "refused"
    """An order is refused."""
    AWAY = "away"
    """Nothing is reached."""
    DRIFT = "drift"
    """Somebody does the contrary of the last order by hand, before it is read back."""


ALL = frozenset(Whim)
ORDERS = ALL - {Whim.STALE, Whim.DRIFT}
READINGS = frozenset({Whim.SLOW, Whim.STALE, Whim.AWAY, Whim.DRIFT})


class Happened(NamedTuple):
    """One disturbance; `call` = grant, revoke or holders."""

    whim: Whim
    call: str


class Chaos(Connector):
    """`behind`, with moods; calm until `disturb`."""

    scheme = "chaos"

    def __init__(self, behind: Connector, *, seed: int) -> None:
        """The same `seed` and calls make the same disturbances."""
        self.behind, self.limits = behind, behind.limits
        self.happened: list[Happened] = []
        self._luck = random.Random(seed)  # noqa: S311  # a simulation
        self._whims: tuple[Whim, ...] = ()
        self._left, self._odds = 0, 1.0
        self._shown: dict[tuple[SystemId, RoleId], frozenset[IdentityId]] = {}
        self._last: tuple[str, Order] | None = None
        self._hurried = threading.Event()
        self._slow: list[threading.Event] = []

    @classmethod
    def at(cls, address: str, folder: Path) -> "Chaos":
        """What connectors are opened by; this one stands before another.

        Raises:
            TypeError: always.
        """
        message = f"`{address}` of `{folder}` is opened by its own connector"
        raise TypeError(message)

    def disturb(self, whims: Collection[Whim], *, times: int, odds: float = 1) -> None:
        """From here on, that often; `odds` of a call that could be disturbed to be so."""
        self._whims, self._left, self._odds = tuple(sorted(whims)), times, odds
        self._hurried.clear()

    def calm(self) -> None:
        """From here on nothing happens any more; what was slow is through when this returns."""
        self._left = 0
        self._hurried.set()
        for through in self._slow:
            through.wait()

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        """Who holds `role` now, or did."""
        shown = self._shown.get((system, role))
        with self._met("holders", READINGS) as whim:
            if whim is Whim.STALE and shown is not None:
                return shown
            if whim is Whim.DRIFT and self._last is not None:
                name, order = self._last
                self._do("revoke" if name == "grant" else "grant", order)
            found = self._shown[system, role] = self.behind.holders(system, role)
        return found

    def grant(self, order: Order) -> None:
        """Make it so, in some way."""
        self._order("grant", order)

    def revoke(self, order: Order) -> None:
        """Make it not so, in some way."""
        self._order("revoke", order)

    def _order(self, name: str, order: Order) -> None:
        with self._met(name, ORDERS) as whim:
            self._last = (name, order)
            if whim is not Whim.LOST_ORDER:
                self._do(name, order)
            if whim is Whim.TWICE:
                self._do(name, order)
        if whim in {Whim.LOST_REPLY, Whim.LOST_ORDER}:
            message = "the connection was lost: what became of it is unknown"
            raise OutcomeUnknownError(message)

    def _do(self, name: str, order: Order) -> None:
        (self.behind.grant if name == "grant" else self.behind.revoke)(order)

    @contextmanager
    def _met(self, call: str, possible: frozenset[Whim]) -> Iterator[Whim | None]:
        """Around what is behind: what keeps a call from it, or holds it up."""
        whim = self._whim(call, possible)
        if whim is Whim.REFUSED:
            message = "not now"
            raise TargetRefusedError(message)
        if whim is Whim.AWAY:
            message = "nobody answers"
            raise TargetUnavailableError(message)
        through = threading.Event()
        if whim is Whim.SLOW:
            self._slow.append(through)
            self._hurried.wait()
        try:
            yield whim
        finally:
            through.set()

    def _whim(self, call: str, possible: frozenset[Whim]) -> Whim | None:
        whims = [whim for whim in self._whims if whim in possible]
        if self._left <= 0 or not whims or self._luck.random() > self._odds:
            return None
        self._left -= 1
        whim = self._luck.choice(whims)
        self.happened.append(Happened(whim, call))
        return whim
