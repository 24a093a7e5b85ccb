"""Judge a certificate against the question it answers: the whole of why it is to be believed.

Acceptance means: the set is
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

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from govagents.solver.check.question import MALFORMED, Facts, Plain, Question, union, whole


def judge(certificate: Plain, problem: Plain, facts: Facts) -> list[str]:
    """What is wrong with the certificate; empty: accepted. What it holds raises nothing."""
    try:
        ask = Question(facts, problem)
        return _other_inputs(certificate, ask) or ask.unknown() or _Case(ask).faults(certificate)
    except MALFORMED as error:
        return [f"malformed: {type(error).__name__}: {error}"]


def _other_inputs(certificate: Plain, ask: Question) -> list[str]:  # (1); `true` is no version 1
    named = ask.digests.items()
    return [f"made for another {name}" for name, of in named if repr(certificate[name]) != repr(of)]


class _Case:
    """The question and the set to beat."""

    def __init__(self, ask: Question) -> None:
        self.ask = ask

    def faults(self, certificate: Plain) -> list[str]:
        ask, roles, dominated = self.ask, certificate["roles"], certificate["dominated"]
        self.best = math.inf if roles is None else ask.weigh(union(map(ask.brings, roles)))
        faults = self.bad_set(roles, certificate["excess_weight"])
        covering = [r for r in ask.grants if ask.open & ask.cover[r] and ask.allows([r])]
        brought = {r: ask.brings(r) for r in covering}
        self.usable = {r: brings for r, brings in brought.items() if ask.weigh(brings) < self.best}
        faults += [
            f"`{weak}` is not dominated by `{strong}`"
            for weak, strong in dominated.items()
            if weak in self.usable
            and not (self.stays(strong, dominated) and self.replaces(strong, weak))
        ]
        self.usable = {r: brings for r, brings in self.usable.items() if r not in dominated}
        return faults or self.bad_tree(certificate["tree"])

    def bad_set(self, roles: Sequence[str] | None, claimed: object) -> list[str]:  # (2)
        if roles is None:
            return [] if claimed is None else ["a weight without a set"]
        ask = self.ask
        tests = {
            "the set is no list without repeats": [*dict.fromkeys(roles)] == roles,
            "the set leaves a need open": ask.open <= union(ask.cover[r] for r in roles),
            "the set breaks a rule": ask.allows(roles),
            "the set has too many roles": ask.most is None or len(roles) <= ask.most,
            "the set does not weigh what is claimed": self.best == claimed and whole(claimed),
        }
        return [fault for fault, passed in tests.items() if not passed]

    def stays(self, strong: str, dominated: Plain) -> bool:  # (3)
        return strong in self.usable and strong not in dominated

    def replaces(self, strong: str, weak: str) -> bool:  # (3); no set at all: excess is no matter
        ask = self.ask
        return (
            ask.open & ask.cover[weak] <= ask.cover[strong]
            and (self.best == math.inf or self.usable[strong] <= self.usable[weak])
            and ask.conflicts(strong) & self.usable.keys() <= ask.conflicts(weak)
        )

    def bad_tree(self, tree: Sequence[Plain]) -> list[str]:
        faults, seen, waiting = list[str](), set[int](), [_Point(self, 0, (), set())]
        while waiting:
            point = waiting.pop()
            if point.place in seen or not whole(point.place):
                return ["a node of the tree has two parents, or no place in it"]
            seen.add(point.place)
            faults += point.faults(tree[point.place], waiting)
        return faults


class _Point:
    """A node's place in the list, the roles chosen on the way to it, the roles that are out."""

    def __init__(self, case: _Case, place: int, chosen: tuple[str, ...], out: set[str]) -> None:
        self.case, self.ask, self.place, self.chosen, self.out = case, case.ask, place, chosen, out
        taken = union(case.usable[r] for r in chosen)
        self.cost = case.ask.weigh(taken)
        self.open = case.ask.open - union(case.ask.cover[r] for r in chosen)
        added = {r: brings - taken for r, brings in case.usable.items() if r not in out}
        self.left = {r: a for r, a in added.items() if self.cost + case.ask.weigh(a) < case.best}

    def covering(self, need: str) -> list[str]:
        return [r for r in self.left if need in self.ask.cover[r]]

    def faults(self, node: Plain, waiting: list["_Point"]) -> list[str]:
        match node:
            case {"need": need, "children": list(children)} if need in self.open:
                return self.bad_branch(need, children, waiting)
            case {"dead": need} if need in self.open:
                return ["a role is left for a dead need"] if self.covering(need) else []
            case {"crowd": list(needs)} if self.open.issuperset(needs):
                return self.bad_crowd(set(needs), self.ask.most)
            case {"amounts": dict(amounts)} if self.open.issuperset(amounts):
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
                apart = out | self.ask.conflicts(role)
                waiting.append(_Point(self.case, place, (*self.chosen, role), apart))
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
        return [f"`{p}` is overspent" for p in total if total[p] > self.ask.weight[p]]

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
