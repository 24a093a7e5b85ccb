"""What a certificate is about, read from the catalog's, the problem's and the weights' objects.

Covering is what a role grants without condition and on every resource where the problem is strict,
else all it grants. A role *brings* what it adds to what is needed or covered already; what it
grants only conditionally never counts as needed or held.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

Plain = Mapping[str, Any]
_Ids = frozenset[str]


class Facts(NamedTuple):
    """Catalog and weights, read once for many certificates; permission ids per role.

    `sure`: what a role grants without condition and on every resource.
    """

    digests: Mapping[str, str]
    weight: Mapping[str, int]
    grants: Mapping[str, _Ids]
    sure: Mapping[str, _Ids]


def read(catalogue: Plain, weights: Plain) -> Facts:
    """Read a catalogue file's object under the plain tables of weights.

    Raises:
        ValueError, KeyError, TypeError: it is no catalogue that anything can be judged by.
    """
    level, factor = weights["access_level"], weights["sensitivity"]
    names = [p["id"] for p in catalogue["permissions"]]
    weight = {
        p["id"]: level.get(p.get("access_level", "unknown"), 20)
        * factor.get(p.get("sensitivity", "internal"), max(factor.values()))
        for p in catalogue["permissions"]
    }
    grants, sure = {}, {}
    for role in catalogue["roles"]:
        limited = {*role.get("conditional", ()), *role.get("resource_scoped", ())}
        grants[role["id"]] = frozenset(names[i] for i in role["permissions"])
        sure[role["id"]] = frozenset(names[i] for i in role["permissions"] if i not in limited)
    if len(weight) != len(names) or len(grants) != len(catalogue["roles"]):
        raise ValueError("the catalogue lists an id twice: nothing can be judged by it")
    if min(weight.values(), default=0) < 0:
        raise ValueError("a weight is negative: nothing can be judged by it")
    digests = {"catalogue": _digest(catalogue), "weights": _digest(weights)}
    return Facts(digests, weight, grants, sure)


def union(sets: Iterable[_Ids]) -> _Ids:
    """Every id in any of them."""
    return frozenset[str]().union(*sets)


class Question:
    """One problem over the facts: what is open, what a role would bring, what no rule forbids."""

    def __init__(self, facts: Facts, problem: Plain) -> None:
        rules = _canonical(problem)
        self.digests = {"version": 1, **facts.digests, "problem": _digest(rules)}
        self.rules, self.weight, self.grants = rules, facts.weight, facts.grants
        self.cover = facts.sure if rules["strict"] else facts.grants
        self.most, self.held = rules["max_roles"], frozenset(rules["held_roles"])
        needs, had = frozenset(rules["needs"]), union(self.cover[r] for r in self.held)
        self.open, self.free = needs - had, needs | had
        if not needs.union(rules["forbidden_permissions"]) <= self.weight.keys():
            raise ValueError("a permission of the problem is not in the catalogue")
        holding = union(self.grants[r] for r in self.held)
        there = needs | holding  # with any valid set
        # Exclusive pairs not held whole; of each side, who brings it, and is it there anyway.
        self.pairs = [
            [({r}, r in self.held) for r in pair]
            for pair in rules["exclusive_roles"]
            if not self.held.issuperset(pair)
        ] + [
            [({r for r in self.grants if p in self.grants[r]}, p in there) for p in pair]
            for pair in rules["exclusive_permissions"]
            if not holding.issuperset(pair)
        ]

    def brings(self, role: str) -> _Ids:
        """What the role adds."""
        return self.grants[role] - self.free | self.grants[role] - self.cover[role]

    def weigh(self, permissions: Iterable[str]) -> int:
        """Their weight together."""
        return sum(map(self.weight.__getitem__, permissions))

    def allows(self, roles: Sequence[str]) -> bool:
        """No rule forbids the roles by themselves or together (their number apart)."""
        chosen, named = set(roles), self.rules["candidates"]
        banned = self.rules["forbidden_permissions"]
        return (
            chosen.isdisjoint(self.held)
            and (named is None or chosen.issubset(named))
            and all(self.grants[r].isdisjoint(banned) for r in roles)
            and not any(all(there or who & chosen for who, there in pair) for pair in self.pairs)
        )

    def conflicts(self, role: str) -> set[str]:
        """Roles that may not stand beside this one."""
        sides = [(ones, others) for (ones, _), (others, _) in self.pairs]
        found = [others for ones, others in sides if role in ones]
        found += [ones for ones, others in sides if role in others]
        return set().union(*found)


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(problem: Plain) -> Plain:
    """Everything that can change the answer, free of order and repetition."""
    lists = ("needs", "held_roles", "forbidden_permissions")
    pairs = ("exclusive_roles", "exclusive_permissions")
    chosen = problem.get("candidates")
    return {
        "id": problem["id"],
        **{name: sorted(set(problem.get(name, ()))) for name in lists},
        **{name: sorted({tuple(sorted(p)) for p in problem.get(name, ())}) for name in pairs},
        "max_roles": problem.get("max_roles"),
        "strict": problem.get("strict", False),
        "candidates": None if chosen is None else sorted(set(chosen)),
    }
