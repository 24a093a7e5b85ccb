"""Small random catalogs and problems, and an oracle that tries every set of roles.

The oracle follows the wording of the problem, one rule a line, and shares nothing with the solver.
Catalogs and problems are in the file format, so the same objects go to solver, checker and oracle.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from random import Random
from typing import Any, NamedTuple

from govagents.solver.catalog_index import RoleSets
from govagents.solver.formats import problem_from, role_sets_from
from govagents.solver.problem import Problem
from govagents.solver.solution import Solution
from govagents.solver.weights import Weights

Plain = dict[str, Any]
WOVEN = 10
LEVELS = ("read", "list", "tagging", "write", "permissions-management", "unknown")
WEIGHT = dict(zip(LEVELS, (1, 1, 2, 5, 20, 20), strict=True))
FACTOR = {"public": 1, "internal": 1, "confidential": 2, "restricted": 4}


class Best(NamedTuple):
    """The winner by the written rules: excess, then roles, changing, privileged, ids."""

    excess: int
    size: int
    changing: int
    privileged: int
    roles: tuple[str, ...]


def catalogue(rng: Random) -> Plain:
    """Up to eight roles, often alike, so that ties are common; half of them woven tightly."""
    woven = rng.random() < 0.5
    size = rng.randint(10, 14) if woven else rng.randint(3, 9)
    levels = rng.choices(LEVELS, (6, 4, 2, 4, 1, 1), k=size)
    permissions = [{"id": f"p{i}", "access_level": level} for i, level in enumerate(levels)]
    for permission in permissions:
        if rng.random() < 0.2:
            permission["sensitivity"] = rng.choice(("public", "confidential", "restricted"))
    number = rng.randint(6, 8) if woven else rng.randint(1, 7)
    roles: list[Plain] = [
        {"id": f"r{i}", "permissions": _listed(rng, size, woven=woven)} for i in range(number)
    ]
    for role in roles:
        if rng.random() < (0.1 if woven else 0.3):
            role["permissions"] = list(rng.choice(roles)["permissions"])
        for kind, chance in (("conditional", 0.3), ("resource_scoped", 0.2)):
            if rng.random() < chance:
                role[kind] = [i for i in role["permissions"] if rng.random() < 0.4]
        if rng.random() < 0.3:
            role["privileged"] = True
    rng.shuffle(roles)
    return {"catalogue": f"small-{size}", "permissions": permissions, "roles": roles}


def problem(rng: Random, source: Plain) -> Plain:
    """Needs that often have a solution, and every kind of rule now and then."""
    permissions = [p["id"] for p in source["permissions"]]
    roles = [r["id"] for r in source["roles"]]
    woven = len(permissions) >= WOVEN
    granted = sorted({permissions[i] for r in source["roles"] for i in r["permissions"]})
    pool = [p for p in granted if not woven or p in permissions[:6]] or permissions
    most = 6 if woven else 4
    made: Plain = {"id": "small", "needs": rng.sample(pool, rng.randint(1, min(most, len(pool))))}
    if rng.random() < 0.25:
        made["held_roles"] = rng.sample(roles, min(len(roles), rng.randint(1, 2)))
    if rng.random() < 0.2:
        made["forbidden_permissions"] = [rng.choice(permissions)]
    if rng.random() < 0.35:
        made["exclusive_roles"] = [_two(rng, roles) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.35:
        made["exclusive_permissions"] = [_two(rng, permissions)]
    if rng.random() < 0.3:
        made["max_roles"] = rng.choice((0, 1, 2, 2, 3, 3, 4))
    if rng.random() < 0.25:
        made["strict"] = True
    if rng.random() < 0.2:
        made["candidates"] = [role for role in roles if rng.random() < 0.8]
    return made


def pair(seed: int) -> tuple[Plain, Plain]:
    """Catalog and problem of one seed."""
    rng = Random(seed)  # noqa: S311  # a seeded test, not a secret
    source = catalogue(rng)
    return source, problem(rng, source)


def ready(source: Plain, plain: Plain) -> tuple[RoleSets, Problem]:
    """The same two for the solver."""
    return role_sets_from(source, Weights.default()), problem_from(plain)


def best_of_all(source: Plain, plain: Plain) -> Best | None:
    """Tries every set of roles; None: none is valid."""
    oracle = Oracle(source, plain)
    free = [r for r in oracle.grants if r not in oracle.held]
    sets = (s for size in range(len(free) + 1) for s in combinations(sorted(free), size))
    return min((oracle.key(s) for s in sets if oracle.valid(s)), default=None)


class Oracle:
    """The problem's definition, read literally."""

    def __init__(self, source: Plain, plain: Plain) -> None:
        names = [p["id"] for p in source["permissions"]]
        self.plain = plain
        self.level = {p["id"]: p["access_level"] for p in source["permissions"]}
        self.factor = {p["id"]: p.get("sensitivity", "internal") for p in source["permissions"]}
        self.grants = {r["id"]: {names[i] for i in r["permissions"]} for r in source["roles"]}
        self.limited = {r["id"]: set[str]() for r in source["roles"]}
        if plain.get("strict"):
            for role in source["roles"]:
                some = [*role.get("conditional", ()), *role.get("resource_scoped", ())]
                self.limited[role["id"]] = {names[i] for i in some}
        self.privileged = {r["id"] for r in source["roles"] if r.get("privileged")}
        self.held = plain.get("held_roles", [])

    def valid(self, roles: Sequence[str]) -> bool:
        """No rule broken, nothing needed missing."""
        plain, everyone = self.plain, [*roles, *self.held]
        there, had = self.granted(everyone), self.granted(self.held)
        return (
            set(plain["needs"]) <= self.sure(everyone)
            and (plain.get("candidates") is None or set(roles) <= set(plain["candidates"]))
            and not self.granted(roles) & set(plain.get("forbidden_permissions", ()))
            and _apart(plain.get("exclusive_roles", ()), set(everyone), set(self.held))
            and _apart(plain.get("exclusive_permissions", ()), there, had)
            and (plain.get("max_roles") is None or len(roles) <= plain["max_roles"])
        )

    def key(self, roles: Sequence[str]) -> Best:
        """What the solver minimises."""
        excess = self.granted(roles) - set(self.plain["needs"]) - self.sure(self.held)
        for role in roles:
            excess |= self.limited[role]
        return Best(
            sum(WEIGHT[self.level[p]] * FACTOR[self.factor[p]] for p in excess),
            len(roles),
            sum(self.level[p] not in {"read", "list"} for p in excess),
            len(self.privileged & set(roles)),
            tuple(sorted(roles)),
        )

    def granted(self, roles: Iterable[str]) -> set[str]:
        """Everything the roles list."""
        return set().union(*(self.grants[r] for r in roles))

    def sure(self, roles: Iterable[str]) -> set[str]:
        """What counts as coverage."""
        return set().union(*(self.grants[r] - self.limited[r] for r in roles))


def _apart(pairs: Iterable[Sequence[str]], there: set[str], held: set[str]) -> bool:
    return all(not set(p) <= there or set(p) <= held for p in pairs)


def _listed(rng: Random, size: int, *, woven: bool) -> list[int]:
    """What a role grants; in woven catalogs two or three of the first six, and more beside."""
    if not woven:
        return sorted(rng.sample(range(size), rng.randint(0, min(5, size))))
    some = rng.sample(range(6), rng.choice((1, 2, 2, 3)))
    return sorted(some + rng.sample(range(6, size), rng.randint(1, 4)))


def _two(rng: Random, names: Sequence[str]) -> list[str]:
    """A pair, now and then of the same name twice."""
    alike = len(names) == 1 or rng.random() < 0.1
    return rng.choices(names, k=2) if alike else rng.sample(names, 2)


def agrees(found: Solution, best: Best | None) -> bool:
    """The solver's answer and the oracle's say the same, ties included."""
    if best is None:
        return found.status == "infeasible" and found.excess_weight is None
    said = (found.status, found.excess_weight, found.lower_bound, found.role_count, found.roles)
    return said == ("optimal", best.excess, best.excess, best.size, best.roles)
