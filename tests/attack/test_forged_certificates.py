"""Somebody who can write certificates wants more access to be called the smallest set.

They hold the catalog, the request and genuine certificates, and may change any byte of a
certificate; they cannot change what the checker reads for itself. Every forgery here is false or
has a hole by construction, which its builder makes sure of before the checker sees it. For every
class one test takes the shipped defence away and sees the forgery accepted. Rows S5, S60.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, islice
from typing import Any

import pytest

from govagents.solver.check import judgement
from govagents.solver.check.question import read
from govagents.solver.search import solve
from govagents.solver.weights import Weights
from tests.unit.solver.small import Oracle, pair, ready

Plain = dict[str, Any]
WEIGHTS = Weights.default().to_json()
OF_EACH = 40
SEEDS = range(50_000, 54_000)


@dataclass(frozen=True)
class Presented:
    """A certificate and what it is presented for; genuine until a builder changes something."""

    certificate: Plain
    catalogue: Plain
    problem: Plain

    @cached_property
    def oracle(self) -> Oracle:
        return Oracle(self.catalogue, self.problem)

    @property
    def chosen(self) -> list[str]:
        return list(self.certificate["roles"])

    @property
    def best(self) -> int:
        return int(self.certificate["excess_weight"])

    def cost(self, *roles: str) -> int:
        return self.oracle.key(roles).excess

    def worse(self) -> Iterator[tuple[str, ...]]:
        """Valid sets that weigh more."""
        free = [r for r in sorted(self.oracle.grants) if r not in self.oracle.held]
        sets = (s for size in (1, 2, 3) for s in combinations(free, size))
        return (s for s in sets if self.oracle.valid(s) and self.cost(*s) > self.best)

    def coverers(self, need: str) -> list[str]:
        return [r for r in self.oracle.grants if need in self.oracle.sure([r])]

    def open_needs(self) -> list[str]:
        return sorted(set(self.problem["needs"]) - self.oracle.sure(self.oracle.held))

    def but(self, **changes: object) -> "Presented":
        return replace(self, certificate=copy.deepcopy(self.certificate) | changes)

    def claiming(self, roles: tuple[str, ...], **changes: object) -> "Presented":
        return self.but(roles=list(roles), excess_weight=self.cost(*roles), **changes)

    def faults(self) -> list[str]:
        return judgement.judge(self.certificate, self.problem, read(self.catalogue, WEIGHTS))


Builder = Callable[[Presented], Iterator[Presented]]


def genuine() -> Iterator[Presented]:
    """Accepted certificates of optima that have some excess."""
    for seed in SEEDS:
        source, plain = pair(seed)
        proof = solve(*ready(source, plain)).certificate
        if proof is not None and proof.excess_weight:
            yield Presented(proof.to_json(), source, plain)


def worse_set_for_its_own_weight(given: Presented) -> Iterator[Presented]:
    """True weight, but the genuine proof reaches only the best one."""
    if "amounts" in given.certificate["tree"][0]:
        yield from (given.claiming(roles) for roles in islice(given.worse(), 2))


def worse_set_for_the_best_weight(given: Presented) -> Iterator[Presented]:
    if "amounts" in given.certificate["tree"][0]:
        yield from (given.but(roles=list(roles)) for roles in islice(given.worse(), 2))


def set_that_leaves_a_need_open(given: Presented) -> Iterator[Presented]:
    for role in given.chosen:
        rest = tuple(other for other in given.chosen if other != role)
        if not given.oracle.valid(rest) and given.cost(*rest) == 0:
            yield given.claiming(rest, tree=[{"amounts": {}}], dominated={})


def amount_beyond_its_weight(given: Presented) -> Iterator[Presented]:
    """A worse set, "proved" by charging one need for everything at any price."""
    need, everything = given.open_needs()[0], [p["id"] for p in given.catalogue["permissions"]]
    for roles in islice(given.worse(), 1):
        if all(given.cost(role) for role in given.coverers(need)):
            charges = dict.fromkeys(everything, given.cost(*roles))
            yield given.claiming(roles, tree=[{"amounts": {need: charges}}], dominated={})


def amount_taken_back_by_a_negative_one(given: Presented) -> Iterator[Presented]:
    """One need pays any price where another, whose roles do not bring that, takes it back."""
    needs = given.open_needs()
    for roles, need, other in (
        (s, n, o) for s in islice(given.worse(), 1) for n in needs for o in needs
    ):
        elsewhere = set(given.oracle.level) - set(given.problem["needs"])
        elsewhere -= given.oracle.granted(given.coverers(other))
        paying = [given.oracle.granted([role]) & elsewhere for role in given.coverers(need)]
        if need != other and all(paying):
            price = given.cost(*roles)
            amounts = {
                need: dict.fromkeys(elsewhere, price),
                other: dict.fromkeys(elsewhere, -price),
            }
            yield given.claiming(roles, tree=[{"amounts": amounts}], dominated={})


def amount_lowered(given: Presented) -> Iterator[Presented]:
    """One unit less, so that already the chosen roles pay less than the best weight."""
    tree = given.certificate["tree"]
    if len(tree) > 1 or any(given.cost(role) >= given.best for role in given.chosen):
        return
    for need, permission in [(n, p) for n, charges in tree[0]["amounts"].items() for p in charges]:
        lowered = copy.deepcopy(tree)
        lowered[0]["amounts"][need][permission] -= 1
        if _paid(given, lowered[0]["amounts"]) < given.best:
            yield given.but(tree=lowered)
            return


def live_branch_dropped(given: Presented) -> Iterator[Presented]:
    """A part of the tree that is not too dear from the start is not looked at."""
    tree = given.certificate["tree"]
    for place, (role, _) in enumerate(tree[0].get("children", ())):
        if given.cost(role) < given.best:
            fewer = copy.deepcopy(tree)
            del fewer[0]["children"][place]
            yield given.but(tree=fewer)
    need = given.open_needs()[0]
    for roles in islice(given.worse(), 1):
        if any(given.cost(role) < given.cost(*roles) for role in _useful(given, need)):
            yield given.claiming(roles, tree=[{"need": need, "children": []}], dominated={})


def two_roles_that_dominate_each_other(given: Presented) -> Iterator[Presented]:
    """A role of the best set and its twin remove each other; the rest is a true proof without."""
    for role in given.chosen:
        others = [r for r in given.oracle.grants if r != role]
        named = given.problem.get("candidates") or others
        without = given.problem | {"candidates": [r for r in named if r != role]}
        proof = solve(*ready(given.catalogue, without)).certificate
        if proof is None or not proof.excess_weight or proof.excess_weight <= given.best:
            continue
        source = copy.deepcopy(given.catalogue)
        twin = next(copy.deepcopy(r) for r in source["roles"] if r["id"] == role) | {"id": "twin"}
        source["roles"].append(twin)
        problem = given.problem | {"candidates": [*named, role, "twin"]}
        if any(role in names for names in problem.get("exclusive_roles", ())):
            continue
        circle = dict(proof.dominated) | {role: "twin", "twin": role}
        stamped = solve(*ready(source, problem)).certificate
        if stamped is not None and not {role, "twin"} & set(proof.dominated.values()):
            forged = stamped.to_json() | {
                "roles": list(proof.roles or ()),
                "excess_weight": proof.excess_weight,
                "dominated": circle,
                "tree": list(proof.tree),
            }
            yield Presented(forged, source, problem)


def certificate_of_another_catalog(given: Presented) -> Iterator[Presented]:
    yield replace(given, catalogue=given.catalogue | {"version": "the next one"})
    perfect = {"id": "perfect", "permissions": _places(given)}
    yield replace(
        given, catalogue=given.catalogue | {"roles": [*given.catalogue["roles"], perfect]}
    )


def certificate_of_another_request(given: Presented) -> Iterator[Presented]:
    yield replace(given, problem=given.problem | {"id": "somebody else's"})


def certificate_under_other_weights(given: Presented) -> Iterator[Presented]:
    cheap = Weights({"read": 1}, {"internal": 1})
    yield given.but(weights=cheap.digest)


CLASSES: dict[Builder, tuple[str, ...]] = {
    worse_set_for_its_own_weight: ("_Point.short",),
    worse_set_for_the_best_weight: ("_Case.bad_set", "_Point.short"),
    set_that_leaves_a_need_open: ("_Case.bad_set",),
    amount_beyond_its_weight: ("_Point.overspent",),
    amount_taken_back_by_a_negative_one: ("_Point.overspent",),
    amount_lowered: ("_Point.short",),
    live_branch_dropped: ("_Point.bad_branch",),
    two_roles_that_dominate_each_other: ("_Case.stays",),
    certificate_of_another_catalog: ("_other_inputs",),
    certificate_of_another_request: ("_other_inputs",),
    certificate_under_other_weights: ("_other_inputs",),
}
"""How each is forged, and the defences without which it is believed."""
NAMED = pytest.mark.parametrize("build", CLASSES, ids=lambda build: build.__name__)


def forgeries(build: Builder) -> list[Presented]:
    return list(islice((forged for given in genuine() for forged in build(given)), OF_EACH))


@NAMED
def test_forged_certificate_is_refused(build: Builder) -> None:
    """S5, S60: forty of each of eleven classes."""
    forged = forgeries(build)

    assert len(forged) == OF_EACH
    assert [each for each in forged if not each.faults()] == []


@NAMED
def test_forged_certificate_is_believed_once_its_defence_is_gone(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for defence in CLASSES[build]:
        passes: object = True if defence.endswith("stays") else []
        monkeypatch.setattr(f"{judgement.__name__}.{defence}", lambda *_, said=passes: said)

    believed = sum(not each.faults() for each in forgeries(build))

    assert believed > OF_EACH // 4


@pytest.mark.parametrize(
    "tree",
    [
        [],
        [{}],
        [{"amounts": []}],
        [{"amounts": {"p0": {"p1": float("inf")}}}],
        [{"amounts": {"p0": {"p1": 10.0**9}}}],
        [{"amounts": {"p0": {"nothing": 10**9}}}],
        [{"amounts": {"nothing": {"p1": 1}}}],
        [{"dead": "p0"}],
        [{"dead": "nothing"}],
        [{"crowd": ["p0", "p0", "p0"]}],
        [{"need": "p0", "children": [["r0", 0]]}],
        [{"need": "p0", "children": [["r0", -1], ["r1", -1]]}],
        [{"need": "p0", "children": [["r0", 1], ["r1", 1]]}, {"amounts": {}}],
        [{"need": "nothing", "children": []}],
        [{"need": "p0", "children": "r0"}],
        "tree",
        None,
    ],
)
def test_malformed_proof_of_a_dearer_set_is_refused(tree: object) -> None:
    permissions = [{"id": f"p{i}", "access_level": "read"} for i in range(3)]
    roles = [{"id": "r0", "permissions": [0, 1]}, {"id": "r1", "permissions": [0, 1, 2]}]
    source = {"catalogue": "two", "permissions": permissions, "roles": roles}
    problem = {"id": "one", "needs": ["p0"]}
    proof = solve(*ready(source, problem)).certificate
    assert proof is not None

    forged = Presented(proof.to_json(), source, problem).claiming(("r1",), tree=tree)

    assert forged.faults()


def test_claim_that_nothing_suffices_is_refused_when_something_does() -> None:
    claims = [
        given.but(roles=None, excess_weight=None, tree=tree)
        for given in islice(genuine(), OF_EACH)
        for tree in (given.certificate["tree"], [{"dead": given.open_needs()[0]}])
    ]

    assert [claim for claim in claims if not claim.faults()] == []


def test_genuine_certificate_is_accepted() -> None:
    """The forgeries are refused for what was forged, not because everything is."""
    assert [each for each in islice(genuine(), OF_EACH) if each.faults()] == []


def _paid(given: Presented, amounts: dict[str, dict[str, int]]) -> int:
    """What the chosen roles pay at least: no bound on valid sets can be above it."""
    brought = {role: _extra(given, role) for role in given.chosen}
    return sum(
        min(
            sum(amount for p, amount in charges.items() if p in brought[role])
            for role in given.chosen
            if need in given.oracle.sure([role])
        )
        for need, charges in amounts.items()
    )


def _extra(given: Presented, role: str) -> set[str]:
    free = set(given.problem["needs"]) | given.oracle.sure(given.oracle.held)
    return given.oracle.granted([role]) - free | given.oracle.limited[role]


def _useful(given: Presented, need: str) -> list[str]:
    """Coverers of the need that stand in some valid set, so that they must be looked at."""
    return [role for role in given.chosen if need in given.oracle.sure([role])]


def _places(given: Presented) -> list[int]:
    needs = set(given.problem["needs"])
    return [i for i, p in enumerate(given.catalogue["permissions"]) if p["id"] in needs]
