"""Judge a certificate from the catalog's, the problem's and the weights' own files, alone.

Imports the standard library only and shares no line with the solver. Acceptance means: the set is
valid and weighs `excess_weight`, and no valid set weighs less (`roles` null: none is valid). Why:

1. Catalog, weights and problem are the ones the certificate names (SHA-256, canonical JSON).
2. The set obeys every rule of the problem and its excess weighs what is claimed: call that `best`.
   Suppose some valid set S weighed less. Every role of S is then *usable*: admissible by itself,
   its own excess below `best`. Roles that cover no open need can be left out of S.
3. Replace each dominated role of S by its dominator: usable, covers no less, brings no more,
   conflicts with no more, and not dominated itself, so one replacement each ends in a set S' that
   is valid, weighs no more than S and has no dominated role. The tree shows there is no S':
4. A branch names a need. Some role of S' covers it; the first such in the order of the children
   leads to a child in which that role is chosen and those before it are out. Every role left that
   covers the need must have a child, unless together with the chosen it weighs `best` already.
5. Dead: an open need has no role left. Crowd: no role left covers more than c of the n open needs
   named, and c times the number of roles still allowed is below n.
6. Leaf: amounts per need and permission, never negative, for one permission in total never above
   its weight. Each open need is covered by a role of S' that brings, beside the chosen, no less
   than the least payment among the roles left; with the weight of the chosen these reach `best`.
"""

import hashlib
import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
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


def check(certificate: Plain, *, catalogue: Plain, problem: Plain, weights: Plain) -> list[str]:
    """What is wrong with the certificate; empty: accepted. Raises only on a broken catalogue."""
    return judge(certificate, problem, read(catalogue, weights))


def read(catalogue: Plain, weights: Plain) -> Facts:
    """Read a catalogue file's object under the plain tables of weights."""
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


def judge(certificate: Plain, problem: Plain, facts: Facts) -> list[str]:
    """As `check`, over facts already read."""
    try:
        rules = _canonical(problem)
        named = {"version": 1, **facts.digests, "problem": _digest(rules)}
        return _other_inputs(certificate, named) or _Case(facts, rules).faults(certificate)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        return [f"malformed: {type(error).__name__}: {error}"]


def check_folder(folder: Path) -> list[str]:
    """As `check`, of `certificate.json`, `catalogue.json`, `problem.json` and `weights.json`."""

    def of(name: str) -> Any:  # noqa: ANN401  # JSON of any shape
        return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))

    try:
        facts = read(of("catalogue"), of("weights"))
        return judge(of("certificate"), of("problem"), facts)
    except (OSError, ValueError, TypeError, KeyError) as error:
        return [f"cannot be judged: {type(error).__name__}: {error}"]


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


def _other_inputs(certificate: Plain, named: Plain) -> list[str]:  # (1)
    return [f"made for another {name}" for name in named if certificate[name] != named[name]]


def _union(sets: Iterable[_Ids]) -> _Ids:
    return frozenset[str]().union(*sets)


class _Case:
    """One problem and the set to beat."""

    def __init__(self, facts: Facts, rules: Plain) -> None:
        self.rules, self.weight, self.grants = rules, facts.weight, facts.grants
        self.cover = facts.sure if rules["strict"] else facts.grants
        needs, self.held = frozenset(rules["needs"]), frozenset(rules["held_roles"])
        had = _union(self.cover[r] for r in self.held)
        self.open, self.free = needs - had, needs | had
        self.there = needs | _union(self.grants[r] for r in self.held)  # with any valid set
        if not needs.union(rules["forbidden_permissions"]) <= self.weight.keys():
            raise ValueError("a permission of the problem is not in the catalogue")
        # Exclusive pairs not held whole; of each side, who brings it, and is it there anyway.
        self.pairs = [
            [({r}, r in self.held) for r in pair]
            for pair in rules["exclusive_roles"]
            if not self.held.issuperset(pair)
        ] + [
            [({r for r in self.grants if p in self.grants[r]}, p in self.there) for p in pair]
            for pair in rules["exclusive_permissions"]
            if not _union(self.grants[r] for r in self.held).issuperset(pair)
        ]

    def faults(self, certificate: Plain) -> list[str]:
        roles, dominated = certificate["roles"], certificate["dominated"]
        self.best = math.inf if roles is None else self.weigh(_union(map(self.brings, roles)))
        faults = self.bad_set(roles, certificate["excess_weight"])
        covering = [r for r in self.grants if self.open & self.cover[r] and self.allows([r])]
        brought = {r: self.brings(r) for r in covering}
        self.usable = {r: brings for r, brings in brought.items() if self.weigh(brings) < self.best}
        faults += [
            f"`{weak}` is not dominated by `{strong}`"
            for weak, strong in dominated.items()
            if weak in self.usable
            and not (self.stays(strong, dominated) and self.replaces(strong, weak))
        ]
        self.usable = {r: brings for r, brings in self.usable.items() if r not in dominated}
        return faults or self.bad_tree(certificate["tree"])

    def brings(self, role: str) -> _Ids:
        """What it adds; what it grants only conditionally never counts as needed or held."""
        return self.grants[role] - self.free | self.grants[role] - self.cover[role]

    def weigh(self, permissions: Iterable[str]) -> int:
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
        """Usable roles that may not stand beside this one."""
        sides = [(ones, others) for (ones, _), (others, _) in self.pairs]
        found = [others for ones, others in sides if role in ones]
        found += [ones for ones, others in sides if role in others]
        return set().union(*found) & self.usable.keys()

    def bad_set(self, roles: Sequence[str] | None, claimed: object) -> list[str]:  # (2)
        if roles is None:
            return [] if claimed is None else ["a weight without a set"]
        most = self.rules["max_roles"]
        tests = {
            "the set leaves a need open": self.open <= _union(self.cover[r] for r in roles),
            "the set breaks a rule": self.allows(roles),
            "the set has too many roles": most is None or len(roles) <= most,
            "the set does not weigh what is claimed": self.best == claimed,
        }
        return [fault for fault, passed in tests.items() if not passed]

    def stays(self, strong: str, dominated: Plain) -> bool:  # (3)
        return strong in self.usable and strong not in dominated

    def replaces(self, strong: str, weak: str) -> bool:  # (3); no set at all: excess is no matter
        return (
            self.open & self.cover[weak] <= self.cover[strong]
            and (self.best == math.inf or self.usable[strong] <= self.usable[weak])
            and self.conflicts(strong) <= self.conflicts(weak)
        )

    def bad_tree(self, tree: Sequence[Plain]) -> list[str]:
        faults, seen, waiting = list[str](), set[int](), [_Point(self, 0, (), set())]
        while waiting:
            point = waiting.pop()
            if point.place in seen:
                return ["a node of the tree has two parents"]
            seen.add(point.place)
            faults += point.faults(tree[point.place], waiting)
        return faults


class _Point:
    """A node's place in the list, the roles chosen on the way to it, the roles that are out."""

    def __init__(self, case: _Case, place: int, chosen: tuple[str, ...], out: set[str]) -> None:
        self.case, self.place, self.chosen, self.out = case, place, chosen, out
        taken = _union(case.usable[r] for r in chosen)
        self.cost = case.weigh(taken)
        self.open = case.open - _union(case.cover[r] for r in chosen)
        added = {r: brings - taken for r, brings in case.usable.items() if r not in out}
        self.left = {r: a for r, a in added.items() if self.cost + case.weigh(a) < case.best}

    def covering(self, need: str) -> list[str]:
        return [r for r in self.left if need in self.case.cover[r]]

    def faults(self, node: Plain, waiting: list["_Point"]) -> list[str]:
        match node:
            case {"need": need, "children": children} if need in self.open:
                return self.bad_branch(need, children, waiting)
            case {"dead": need} if need in self.open:
                return ["a role is left for a dead need"] if self.covering(need) else []
            case {"crowd": needs} if self.open.issuperset(needs):
                return self.bad_crowd(set(needs), self.case.rules["max_roles"])
            case {"amounts": amounts} if self.open.issuperset(amounts):
                return self.overspent(amounts) or self.short(amounts)
        return ["a node is about a need that is not open, or of no known kind"]

    def bad_branch(
        self, need: str, children: Sequence[Sequence[Any]], waiting: list["_Point"]
    ) -> list[str]:  # (4)
        missing, out = set(self.covering(need)), set(self.out)
        for role, place in children:
            if role in missing:
                missing.remove(role)
                out.add(role)
                apart = self.case.conflicts(role)
                waiting.append(_Point(self.case, place, (*self.chosen, role), out | apart))
        return [f"no child for `{role}`" for role in sorted(missing)]

    def bad_crowd(self, needs: set[str], most: int | None) -> list[str]:  # (5)
        reach = Counter(role for need in needs for role in self.covering(need))
        if most is not None and len(needs) > max(reach.values(), default=0) * (
            most - len(self.chosen)
        ):
            return []
        return ["the roles still allowed may suffice"]

    def overspent(self, amounts: Mapping[str, Mapping[str, int]]) -> list[str]:  # (6)
        total = Counter[str]()
        for charges in amounts.values():
            if any(type(amount) is not int or amount < 0 for amount in charges.values()):
                return ["an amount is not a whole number from 0"]
            total.update(charges)
        return [f"`{p}` is overspent" for p in total if total[p] > self.case.weight[p]]

    def short(self, amounts: Mapping[str, Mapping[str, int]]) -> list[str]:  # (6)
        bound: float = self.cost
        for need, charges in amounts.items():
            bound += min(
                (
                    sum(amount for p, amount in charges.items() if p in self.left[r])
                    for r in self.covering(need)
                ),
                default=math.inf,
            )
        return [] if bound >= self.case.best else ["the amounts do not reach the weight"]


def main(arguments: Sequence[str]) -> int:
    """Print the verdict on one folder; names from its files are printed escaped."""
    if len(arguments) != 1:
        sys.stderr.write("usage: check.py DIR\n")
        return 2
    faults = [ascii(fault) for fault in check_folder(Path(arguments[0]))]
    sys.stdout.writelines(f"{line}\n" for line in faults or ["accepted"])
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
