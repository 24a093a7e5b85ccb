"""Lower bounds on the extra that must still be added, each with the proof of itself.

Cost splitting: every class's weight is divided among the needs; a role that covers a need pays
that need's amounts for the classes it brings. Whatever set is chosen, some role of it covers each
need, no class is charged beyond its weight, so the sum over needs of the cheapest coverer's
payment is never more than the union weighs. (The dual of an assignment relaxation; with single
amounts per need it contains the bound of the textbook linear programme.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from govagents.solver.bits import bits
from govagents.solver.effort import Effort
from govagents.solver.reduce import Local


class Amount(NamedTuple):
    """`need` may charge `amount` of the weight of class `group`."""

    need: int
    group: int
    amount: int


@dataclass(frozen=True)
class Split:
    """A lower bound and the amounts that prove it."""

    value: int
    amounts: tuple[Amount, ...]


class Splitter:
    """Divides the weights of the classes not yet brought among the open needs."""

    def __init__(self, local: Local, effort: Effort) -> None:
        """All bounds of one search are paid from its one budget."""
        self._local = local
        self._effort = effort

    def split(self, needs: Mapping[int, int], taken: int) -> Split:
        """Bound for `needs` (number → live coverers, none empty) once `taken` is brought.

        Raises:
            OutOfStepsError: the budget ends before there is one.
        """
        purse = _Purse(self._local, taken, self._effort)
        least = {j: min(purse.worth(r) for r in bits(live)) for j, live in needs.items()}
        order = sorted(needs, key=lambda j: (-least[j], needs[j].bit_count(), j))
        value = 0
        later = [0] * (len(order) + 1)
        for place in reversed(range(len(order))):
            later[place] = later[place + 1] | needs[order[place]]
        for place, need in enumerate(order):
            if least[need]:
                value += purse.charge(need, needs[need], later[place + 1])
        return Split(value, tuple(purse.amounts))


class _Purse:
    """What is left of each class's weight."""

    def __init__(self, local: Local, taken: int, effort: Effort) -> None:
        self.amounts: list[Amount] = []
        self._local = local
        self._effort = effort
        self._whole = ((1 << len(local.weights)) - 1) & ~taken
        self._rest: dict[int, int] = {}

    def worth(self, role: int) -> int:
        """What of the role's extra is still unspent."""
        self._effort.pay(1)
        total = self._local.scale.weigh(self._local.extra[role] & self._whole)
        owners = self._local.owners
        return total + sum(rest for c, rest in self._rest.items() if owners[c] >> role & 1)

    def charge(self, need: int, live: int, others: int) -> int:
        """Charge for one need as much as its cheapest coverer can pay; returns that."""
        worth = {role: self.worth(role) for role in bits(live)}
        target = min(worth.values())
        if target:
            self._collect(need, dict.fromkeys(worth, target), live, others)
        return target

    def _collect(self, need: int, owed: dict[int, int], live: int, others: int) -> None:
        open_roles = live
        for group in self._by_use(live, others):
            debtors = self._local.owners[group] & open_roles
            if not debtors:
                continue
            self._effort.pay(1)
            payers = list(bits(debtors))
            amount = self._take(need, group, max(owed[r] for r in payers))
            for role in payers:
                owed[role] -= amount
                if owed[role] <= 0:
                    open_roles ^= 1 << role
            if not open_roles:
                return

    def _by_use(self, live: int, others: int) -> Sequence[int]:
        """Classes to charge: most shared among this need's coverers, least among the others'."""
        brought = 0
        for role in bits(live):
            brought |= self._local.extra[role]
        owners = self._local.owners
        groups = [*bits(brought & self._whole), *self._rest]
        self._effort.pay(len(groups) >> 3)
        return sorted(
            groups,
            key=lambda c: (-(owners[c] & live).bit_count(), (owners[c] & others).bit_count(), c),
        )

    def _take(self, need: int, group: int, wanted: int) -> int:
        left = self._rest.pop(group, None)
        if left is None:
            left = self._local.weights[group]
            self._whole &= ~(1 << group)
        amount = min(left, wanted)
        if left > amount:
            self._rest[group] = left - amount
        if amount:
            self.amounts.append(Amount(need, group, amount))
        return amount
