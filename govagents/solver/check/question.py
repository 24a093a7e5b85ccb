"""What a certificate is about, read from the catalog's, the problem's and the weights' objects.

Covering is what a role grants without condition and on every resource where the problem is strict,
else all it grants. A role *brings* what it adds to what is needed or covered already; what it
grants only conditionally never counts as needed or held.

What is of another kind than the format says is refused, also where it could prove nothing false.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

MALFORMED = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What an object of another shape raises wherever it is read."""

Plain = Mapping[str, Any]
_Ids = frozenset[str]
_LIMITED = ("conditional", "resource_scoped")


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
        MALFORMED: it is no catalogue that anything can be judged by.
    """
    level, factor = weights["access_level"], weights["sensitivity"]
    if not all(map(whole, (*level.values(), *factor.values()))):
        raise ValueError("a weight is no whole number from 0")
    listed, roles = _listed(catalogue["permissions"]), _listed(catalogue["roles"])
    names = _names([p["id"] for p in listed])
    levels = _names([p.get("access_level", "unknown") for p in listed])
    factors = _names([p.get("sensitivity", "internal") for p in listed])
    unknown = max(factor.values())
    weight = {
        name: level.get(levels[i], 20) * factor.get(factors[i], unknown)
        for i, name in enumerate(names)
    }
    grants, sure = {}, {}
    for role in roles:
        places = _places(role["permissions"])
        limited = {name for kind in _LIMITED for name in _places(role.get(kind, ()))}
        if not limited.issubset(places):
            raise ValueError("a role limits what it does not grant")
        grants[role["id"]] = frozenset(names[i] for i in places)
        sure[role["id"]] = frozenset(names[i] for i in places if i not in limited)
    if len(weight) != len(names) or len(_names([*grants])) != len(roles):
        raise ValueError("the catalogue lists an id twice")
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

    def unknown(self) -> list[str]:
        """What is wrong with the names in the problem."""
        rules, pairs = self.rules, self.rules["exclusive_permissions"]
        permissions = {*rules["needs"], *rules["forbidden_permissions"]}.union(*pairs)
        roles = {*self.held, *(rules["candidates"] or ())}.union(*rules["exclusive_roles"])
        known = permissions <= self.weight.keys() and roles <= self.grants.keys()
        return [] if known else ["the problem names what is not in the catalogue"]

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


def whole(value: object) -> bool:
    """An int from 0: not `true`, not `2.0`, not `NaN`."""
    return type(value) is int and value >= 0


def _listed(value: object) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError("something else stands where a list belongs")
    return value


def _names(value: object) -> Sequence[str]:
    names = _listed(value)
    if not all(isinstance(name, str) for name in names):
        raise TypeError("something else stands where a name belongs")
    return names


def _places(value: object) -> Sequence[int]:
    places = _listed(value)
    if not {int}.issuperset(map(type, places)) or min(places, default=0) < 0:
        raise TypeError("something else stands where a place in the list of permissions belongs")
    return places


def _pairs(value: object) -> Iterable[tuple[str, str]]:
    return ((min(one, other), max(one, other)) for one, other in map(_names, _listed(value)))


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(problem: Plain) -> Plain:
    """Everything that can change the answer, free of order and repetition."""
    lists = ("held_roles", "forbidden_permissions")
    pairs = ("exclusive_roles", "exclusive_permissions")
    most, strict = problem.get("max_roles"), problem.get("strict", False)
    [name], chosen = _names([problem["id"]]), problem.get("candidates")
    if type(strict) is not bool or not (most is None or whole(most)):
        raise TypeError("`strict` is no truth value, or `max_roles` no whole number from 0")
    return {
        "id": name,
        "needs": sorted(set(_names(problem["needs"]))),
        **{kind: sorted(set(_names(problem.get(kind, ())))) for kind in lists},
        **{kind: sorted(set(_pairs(problem.get(kind, ())))) for kind in pairs},
        "max_roles": most,
        "strict": strict,
        "candidates": None if chosen is None else sorted(set(_names(chosen))),
    }
