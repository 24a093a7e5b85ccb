"""Roles and needs that need not be looked at, because others stand for them.

1. A role is dominated by another that covers no less, brings no more and conflicts with no more;
   a dominator is never dominated itself, so replacing ends.
2. A need whose holders include all holders of another need is covered along with it.

Inclusion of sets throughout, never comparison of costs: that would be unsound for the union.
"""

from collections.abc import Mapping, Sequence

from govagents.solver.bits import bits, mask_of
from govagents.solver.effort import Effort
from govagents.solver.local import Local


def dominated(local: Local, live: int, effort: Effort) -> dict[int, int]:
    """Rule 1 among `live`: dominated role → its dominator. Empty once the budget is spent."""
    kept: list[int] = []
    out: dict[int, int] = {}
    for role in bits(live):
        if not effort.spend(len(kept)):
            return {}
        by = next((k for k in kept if dominates(local, k, role)), None)
        if by is None:
            kept = [k for k in kept if not _takes_over(local, role, k, out)]
            kept.append(role)
        else:
            out[role] = by
    return {role: _last(out, role) for role in out}


def dominates(local: Local, strong: int, weak: int) -> bool:
    """Rule 1: wherever `weak` stands, `strong` can stand without harm."""
    return (
        not local.cover[weak] & ~local.cover[strong]
        and not local.extra[strong] & ~local.extra[weak]
        and not local.conflicts[strong] & ~local.conflicts[weak]
    )


def deciding_needs(by_need: Sequence[int], live: int) -> int:
    """Rule 2: the needs that remain to be looked at, as a mask of need numbers."""
    first: dict[int, int] = {}
    for need, holders in enumerate(by_need):
        first.setdefault(holders & live, need)
    kept: list[int] = []
    for holders in sorted(first, key=int.bit_count):
        others = ~holders
        if all(few & others for few in kept):
            kept.append(holders)
    return mask_of(first[holders] for holders in kept)


def _takes_over(local: Local, role: int, kept: int, out: dict[int, int]) -> bool:
    """Equal weight alone: a later role may still cover more than an earlier one."""
    if local.alone[role] != local.alone[kept] or not dominates(local, role, kept):
        return False
    out[kept] = role
    return True


def _last(out: Mapping[int, int], role: int) -> int:
    while role in out:
        role = out[role]
    return role
