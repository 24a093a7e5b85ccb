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

from govagents.solver.bits import bits, union, wide_bits
from govagents.solver.effort import Effort
from govagents.solver.local import Local

Rises = Sequence[int] | Mapping[int, int]
"""By role: the weight it would add."""


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

    def split(self, needs: Mapping[int, int], taken: int, rises: Rises, enough: int) -> Split:
        """Bound for `needs` (number → live coverers, none empty) once `taken` is brought.

        `rises`: what each live role would add to it. No more is charged than proves `enough`.

        Raises:
            OutOfStepsError: the budget ends before there is one.
        """
        least = {j: min([rises[r] for r in bits(live)]) for j, live in needs.items()}
        order = sorted(needs, key=lambda j: (-least[j], needs[j].bit_count(), j))
        purse = _Purse(self._local, taken, rises, self._effort)
        value = 0
        for place, need in enumerate(order):
            if value >= enough or not least[need]:
                break
            others = union([needs[j] for j in order[place + 1 :]])
            value += purse.charge(need, needs[need], others, enough - value)
        return Split(value, tuple(purse.amounts))


class _Purse:
    """What is left of each class's weight."""

    def __init__(self, local: Local, taken: int, rises: Rises, effort: Effort) -> None:
        self.amounts: list[Amount] = []
        self._local = local
        self._taken = taken
        self._rises = rises
        self._effort = effort
        self._charged = 0
        self._rest: dict[int, int] = {}

    def charge(self, need: int, live: int, others: int, most: int) -> int:
        """Charge for one need as much as its cheapest coverer can pay; returns that."""
        self._effort.pay(live.bit_count())
        target = min(most, *[self._worth(role) for role in bits(live)])
        if target:
            self._collect(need, target, live, others)
        return target

    def _worth(self, role: int) -> int:
        """What of the role's extra is still unspent."""
        charged = self._local.extra[role] & self._charged
        if not charged:
            return self._rises[role]
        worth = self._rises[role] - self._local.scale.weigh(charged)
        for group, rest in self._rest.items():
            if charged >> group & 1:
                worth += rest
        return worth

    def _collect(self, need: int, target: int, live: int, others: int) -> None:
        """From class after class until each coverer owes nothing more."""
        owed = dict.fromkeys(bits(live), target)
        owners = self._local.owners
        for group in self._by_use(live, others):
            payers = list(bits(owners[group] & live))
            if not payers:
                continue
            self._effort.pay(1)
            amount = self._take(need, group, max([owed[r] for r in payers]))
            for role in payers:
                owed[role] -= amount
                if owed[role] <= 0:
                    live ^= 1 << role
            if not live:
                return

    def _by_use(self, live: int, others: int) -> Sequence[int]:
        """Classes to charge: most shared among this need's coverers, least among the others'."""
        extra, owners = self._local.extra, self._local.owners
        fresh = union([extra[r] for r in bits(live)]) & ~self._taken & ~self._charged
        groups = [*wide_bits(fresh), *self._rest]
        self._effort.pay(len(groups) >> 3)
        # One number to sort by: shared among these, then among the others, then the class.
        many, width = live.bit_count(), len(owners)
        high = (others.bit_count() + 1) * width
        keys = [
            (many - (owners[c] & live).bit_count()) * high
            + (owners[c] & others).bit_count() * width
            + c
            for c in groups
        ]
        keys.sort()
        return [key % width for key in keys]

    def _take(self, need: int, group: int, wanted: int) -> int:
        left = self._rest.pop(group, None)
        if left is None:
            left = self._local.weights[group]
            self._charged |= 1 << group
        amount = min(left, wanted)
        if left > amount:
            self._rest[group] = left - amount
        if amount:
            self.amounts.append(Amount(need, group, amount))
        return amount
