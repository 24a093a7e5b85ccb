"""How many roles at least: the counting arguments behind `max_roles` and the fewest roles."""

from collections.abc import Mapping

from govagents.solver.bits import bits


def too_many(needs: Mapping[int, int], room: int) -> tuple[int, ...]:
    """Needs that prove `room` more roles do not suffice; empty if no such proof is found.

    `needs`: number → live coverers. Either all of them, because no role covers enough at once,
    or some of which no two share a coverer.

    >>> too_many({0: 0b01, 1: 0b10}, 1)
    (0, 1)
    """
    if len(needs) > room * _reach(needs):
        return tuple(needs)
    apart = _disjoint(needs)
    return apart if len(apart) > room else ()


def fewest(needs: Mapping[int, int]) -> int:
    """A lower bound on the number of roles that cover all of `needs`."""
    if not needs:
        return 0
    reach = _reach(needs)
    return max(len(_disjoint(needs)), -(-len(needs) // reach) if reach else 0)


def _reach(needs: Mapping[int, int]) -> int:
    """Most needs one role covers."""
    counts: dict[int, int] = {}
    for live in needs.values():
        for role in bits(live):
            counts[role] = counts.get(role, 0) + 1
    return max(counts.values(), default=0)


def _disjoint(needs: Mapping[int, int]) -> tuple[int, ...]:
    seen, apart = 0, []
    for need in sorted(needs, key=lambda j: (needs[j].bit_count(), j)):
        if not needs[need] & seen:
            seen |= needs[need]
            apart.append(need)
    return tuple(apart)
