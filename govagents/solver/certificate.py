"""A proof that no valid set has less excess weight, in plain data that the checker accepts.

The tree is a list of nodes, root first, children by their place in it: as deep as it likes without
nesting. Amounts are per permission. Bound to catalog, weights and problem by their digests.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from govagents.errors import InputError
from govagents.solver.bounds import Amount
from govagents.solver.local import Local, Ranked
from govagents.solver.tree import Branch, Child, Crowd, Dead, Leaf, Node, Open

VERSION = 1


@dataclass(frozen=True)
class Proof:
    """A complete tree in ranks and numbers of needs.

    `dominated` maps a role to the one that replaces it; `local`: whose classes the amounts count;
    None where the tree has none.
    """

    tree: Node
    dominated: Mapping[int, int]
    local: Local | None = None


@dataclass(frozen=True)
class Certificate:
    """`roles` and `excess_weight` are None when it proves that there is no valid set."""

    catalogue: str
    weights: str
    problem: str
    roles: tuple[str, ...] | None
    excess_weight: int | None
    dominated: Mapping[str, str]
    tree: tuple[Mapping[str, object], ...]

    def to_json(self) -> dict[str, object]:
        """Strings, whole numbers, lists and objects only."""
        return {
            "version": VERSION,
            "catalogue": self.catalogue,
            "weights": self.weights,
            "problem": self.problem,
            "roles": None if self.roles is None else list(self.roles),
            "excess_weight": self.excess_weight,
            "dominated": dict(self.dominated),
            "tree": [dict(node) for node in self.tree],
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, object]) -> "Certificate":
        """Read back what `to_json` wrote; the checker, not this, judges whether it is true."""
        match plain:
            case {
                "version": 1,
                "catalogue": str(catalogue),
                "weights": str(weights),
                "problem": str(problem),
                "roles": list() | None as roles,
                "excess_weight": int() | None as excess,
                "dominated": dict(dominated),
                "tree": list(tree),
            }:
                named = None if roles is None else tuple(str(role) for role in roles)
                return cls(catalogue, weights, problem, named, excess, dominated, tuple(tree))
        raise InputError("not a certificate of version 1: a field is missing or of another kind")


def certify(
    ranked: Ranked, digest: str, found: tuple[tuple[int, ...], int] | None, proof: Proof
) -> Certificate:
    """Write a complete tree down by name. `found`: the set and its weight; None: there is none."""
    writer = _Writer(ranked, proof.local, None if found is None else found[1])
    tree = writer.write(proof.tree)
    sets, name = ranked.request.sets, ranked.name
    used = {r: by for r, by in proof.dominated.items() if writer.branched >> r & 1}
    return Certificate(
        catalogue=sets.digest,
        weights=sets.weights_digest,
        problem=digest,
        roles=None if found is None else tuple(sorted(name(r) for r in found[0])),
        excess_weight=None if found is None else found[1],
        dominated={name(r): name(used[r]) for r in sorted(used)},
        tree=tuple(tree),
    )


class _Writer:
    """Numbers nodes and spells out needs, roles and classes; `branched`: roles that matter."""

    def __init__(self, ranked: Ranked, local: Local | None, best: int | None) -> None:
        self.branched = 0
        self._best = best
        self._ranked = ranked
        self._kinds = () if local is None else local.kinds
        names = ranked.request.sets.permissions
        self._needs = [names[p] for p in ranked.request.needs]

    def write(self, root: Node) -> list[dict[str, object]]:
        """Breadth first, so that a child always stands after its parent."""
        queue, written = [root], list[dict[str, object]]()
        for node in queue:
            written.append(self._one(node, len(queue)))
            if isinstance(node, Branch):
                queue.extend(child.node for child in self._cheaper(node))
        return written

    def _one(self, node: Node, next_place: int) -> dict[str, object]:
        match node:
            case Leaf(amounts):
                return {"amounts": self._amounts(amounts)}
            case Dead(need):
                return {"dead": self._needs[need]}
            case Crowd(needs):
                return {"crowd": [self._needs[j] for j in needs]}
            case Branch(need):
                self.branched |= self._ranked.by_need[need]
                name = self._ranked.name
                places = enumerate(self._cheaper(node), next_place)
                return {
                    "need": self._needs[need],
                    "children": [[name(child.role), place] for place, child in places],
                }
            case Open():
                raise AssertionError("an open tree proves nothing")
            case _:
                assert_never(node)

    def _cheaper(self, node: Branch) -> list[Child]:
        """Children begun before the best set was known may have become too dear since."""
        return [each for each in node.children if self._best is None or each.cost < self._best]

    def _amounts(self, amounts: Iterable[Amount]) -> dict[str, dict[str, int]]:
        """Class amounts dealt out over the class's permissions, none beyond its own weight."""
        out: dict[str, dict[str, int]] = {}
        dealt: dict[int, int] = {}
        for need, group, amount in amounts:
            start = dealt.get(group, 0)
            dealt[group] = start + amount
            of_need = out.setdefault(self._needs[need], {})
            for name, share in self._shares(group, start, start + amount):
                of_need[name] = share
        return out

    def _shares(self, group: int, start: int, end: int) -> Iterable[tuple[str, int]]:
        """The permissions that lie in `[start, end)` of the class's weight, laid end to end."""
        sets, begin = self._ranked.request.sets, 0
        for permission in (p for kind in self._kinds[group] for p in kind.members):
            finish = begin + sets.weights[permission]
            share = min(finish, end) - max(begin, start)
            if share > 0:
                yield sets.permissions[permission], share
            begin = finish
