"""Is there any valid set at all, and a tolerable one to begin with: excess is not looked at.

Backtracking as in Wickramaarachchi, Qardaji and Li (SACMAT 2009), over groups of roles that cover
the same and conflict with the same. First among the roles with the least extra, then among ever
more; the last round is over all roles, so that its failure is a proof.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from govagents.solver.bits import bits, mask_of
from govagents.solver.crowd import too_many
from govagents.solver.effort import Effort
from govagents.solver.local import Ranked
from govagents.solver.tree import Branch, Child, Crowd, Dead, Node, Open

_FIRST_ROUND = 16
_MOST_DEEP = 250


class Outcome(StrEnum):
    """UNKNOWN: the budget ran out before either was certain."""

    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Possible:
    """`roles` if possible; `tree` and `dominated` are the proof if impossible."""

    outcome: Outcome
    roles: tuple[int, ...]
    tree: Node
    dominated: Mapping[int, int]


def possible(ranked: Ranked, effort: Effort) -> Possible:
    """Any set that covers the needs without breaking a rule, or the proof that none does."""
    count, size = len(ranked.order), _FIRST_ROUND
    while size < count:
        purse = effort.share(8)
        attempt = _Attempt(ranked, size, purse).run()
        effort.spend(purse.spent)
        if attempt.outcome is Outcome.POSSIBLE:
            return attempt
        size *= 2
    return _Attempt(ranked, count, effort).run()


class _Attempt:
    """One round over some of the roles, cheapest first."""

    def __init__(self, ranked: Ranked, count: int, effort: Effort) -> None:
        self._ranked = ranked
        self._effort = effort
        self._dominated = _outdone(ranked, count, effort)
        self._live = ((1 << count) - 1) & ~mask_of(self._dominated)
        self._found: tuple[int, ...] | None = None
        self._cut = False

    def run(self) -> Possible:
        tree = self._explore((), self._ranked.everything, self._live)
        if self._found is not None:
            return Possible(Outcome.POSSIBLE, self._found, Open(), {})
        outcome = Outcome.UNKNOWN if self._cut else Outcome.IMPOSSIBLE
        return Possible(outcome, (), tree, self._dominated)

    def _explore(self, chosen: tuple[int, ...], left: int, live: int) -> Node:
        needs = {j: self._ranked.by_need[j] & live for j in bits(left)}
        if not self._effort.spend(len(needs)) or len(chosen) >= _MOST_DEEP:
            self._cut = True
            return Open()
        need = min(needs, key=lambda j: (needs[j].bit_count(), j))
        if not needs[need]:
            return Dead(need)
        most = self._ranked.request.max_roles
        if most is not None:
            crowd = too_many(needs, most - len(chosen))
            if crowd:
                return Crowd(crowd)
        return self._branch(need, chosen, left, live)

    def _branch(self, need: int, chosen: tuple[int, ...], left: int, live: int) -> Node:
        children = []
        for role in bits(self._ranked.by_need[need] & live):
            live &= ~(1 << role)
            rest = left & ~self._ranked.cover[role]
            if not rest:
                self._found = (*chosen, role)
                return Open()
            apart = self._ranked.conflicts[role]
            node = self._explore((*chosen, role), rest, live & ~apart)
            if self._found is not None:
                return Open()
            children.append(Child(role, 0, node))
        return Branch(need, tuple(children))


def _outdone(ranked: Ranked, count: int, effort: Effort) -> dict[int, int]:
    """Roles another one replaces when excess does not count; the first of equals stays."""
    first: dict[tuple[int, int], int] = {}
    out: dict[int, int] = {}
    for role, kind in zip(
        range(count), zip(ranked.cover, ranked.conflicts, strict=True), strict=False
    ):
        if first.setdefault(kind, role) != role:
            out[role] = first[kind]
    kept: list[tuple[int, int]] = []
    for kind in sorted(first, key=lambda k: (-k[0].bit_count(), k[1].bit_count(), first[k])):
        if not effort.spend(len(kept)):
            break
        by = next((k for k in kept if not kind[0] & ~k[0] and not k[1] & ~kind[1]), None)
        if by is None:
            kept.append(kind)
        else:
            out[first[kind]] = first[by]
    return {role: out.get(by, by) for role, by in out.items()}
