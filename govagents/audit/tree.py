"""The Merkle tree of the log: its roots, its proofs, and the check of a proof.

Rules (RFC 9162 §2.1):
1. A leaf hashes as SHA-256(0x00 || data), an inner node as SHA-256(0x01 || left || right), so
   that no inner node can be passed off as a leaf.
2. The left subtree of n > 1 leaves holds the largest power of two below n.
3. Only complete subtrees are stored: `(level, index)` covers the leaves from
   `index * 2**level` up to `(index + 1) * 2**level`. Such a node never changes once written.
4. A proof has exactly the length its sizes call for; one hash more or fewer proves nothing.
5. Between equal sizes the roots are equal and the proof is empty; from size 0 nothing is proved.

Storage is the caller's: it hands in a reader of nodes and writes the nodes that `append` returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Node:
    """The hash of one complete subtree of `2**level` leaves, the `index`-th from the left."""

    level: int
    index: int
    digest: bytes


class Nodes(Protocol):
    """Reads stored complete subtrees."""

    def node(self, level: int, index: int) -> bytes:
        """The digest stored for `(level, index)`; asked only for nodes that must be there."""
        ...


def leaf_hash(data: bytes) -> bytes:
    """The hash under which the tree holds an entry's bytes.

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(b"\x00" + data).digest()  # (1)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over all entries' bytes, recomputed from nothing else.

    Complexity: linear in time; reads no stored node.
    Source: RFC 9162 §2.1.1.

    >>> root_of([]) == sha256(b"").digest()
    True
    """
    if len(leaves) <= 1:
        return leaf_hash(leaves[0]) if leaves else sha256(b"").digest()
    split = _split(len(leaves))
    return _parent(root_of(leaves[:split]), root_of(leaves[split:]))


@dataclass(frozen=True)
class InclusionProof:
    """That the entry `index` is in the tree of `size` entries."""

    index: int
    size: int
    path: tuple[bytes, ...]

    def proves(self, leaf: bytes, root: bytes) -> bool:
        """Whether the entry with these bytes stands under `root`.

        Source: RFC 9162 §2.1.3.2.
        """
        if not 0 <= self.index < self.size:
            return False
        sides = _sides(self.index, self.size - 1, len(self.path))
        if sides is None:
            return False
        digest = leaf_hash(leaf)
        for left, sibling in zip(sides, self.path, strict=True):
            digest = _parent(sibling, digest) if left else _parent(digest, sibling)
        return digest == root


@dataclass(frozen=True)
class ConsistencyProof:
    """That the tree of `size` entries begins with the tree of `old_size` entries."""

    old_size: int
    size: int
    path: tuple[bytes, ...]

    def proves(self, old_root: bytes, root: bytes) -> bool:
        """Whether the tree under `root` is the one under `old_root` with entries added.

        Source: RFC 9162 §2.1.4.2.
        """
        if not 0 < self.old_size < self.size:  # (5)
            return 0 < self.old_size == self.size and not self.path and old_root == root
        whole = _is_power_of_two(self.old_size)
        path = (old_root, *self.path) if whole else self.path
        complete = _trailing_ones(self.old_size - 1)
        sides = _sides((self.old_size - 1) >> complete, (self.size - 1) >> complete, len(path) - 1)
        return sides is not None and _climb(sides, path) == (old_root, root)


@dataclass(frozen=True)
class Tree:
    """The tree of the first `size` entries; an older tree is the same nodes with a smaller size."""

    nodes: Nodes
    size: int

    def append(self, leaf: bytes) -> tuple[Node, ...]:
        """The nodes to store for an entry's bytes added at `size`: the leaf, then upwards.

        The tree itself stays as it is; the next one is `Tree(nodes, size + 1)`.
        """
        return self.graft(leaf_hash(leaf))

    def graft(self, digest: bytes) -> tuple[Node, ...]:
        """As `append`, for an entry of which only the leaf hash is known."""
        level, index = 0, self.size
        added = [Node(level, index, digest)]
        while index & 1:  # (3) an odd node completes its parent
            digest = _parent(self.nodes.node(level, index - 1), digest)
            level, index = level + 1, index >> 1
            added.append(Node(level, index, digest))
        return tuple(added)

    def root(self) -> bytes:
        """The hash that stands for all entries and their order."""
        return self._root_between(0, self.size) if self.size else root_of(())

    def prove_inclusion(self, index: int) -> InclusionProof:
        """The proof that entry `index` is in this tree.

        Source: RFC 9162 §2.1.3.1.

        Raises:
            ValueError: the tree has no such entry.
        """
        if not 0 <= index < self.size:
            message = f"no entry `{index}` in a tree of {self.size}"
            raise ValueError(message)
        path: list[bytes] = []
        low, high = 0, self.size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._root_between(middle, high))
                high = middle
            else:
                path.append(self._root_between(low, middle))
                low = middle
        return InclusionProof(index, self.size, tuple(reversed(path)))

    def prove_consistency(self, old_size: int) -> ConsistencyProof:
        """The proof that this tree continues the one of `old_size` entries.

        Source: RFC 9162 §2.1.4.1.

        Raises:
            ValueError: `old_size` is 0 or beyond this tree.
        """
        if not 0 < old_size <= self.size:
            message = f"no tree of `{old_size}` entries to continue in a tree of {self.size}"
            raise ValueError(message)
        path: list[bytes] = []
        low, high = 0, self.size
        while high != old_size:
            middle = low + _split(high - low)
            if old_size <= middle:
                path.append(self._root_between(middle, high))
                high = middle
            else:
                path.append(self._root_between(low, middle))
                low = middle
        if low:  # the verifier knows the old root already when the old tree is one whole subtree
            path.append(self._root_between(low, high))
        return ConsistencyProof(old_size, self.size, tuple(reversed(path)))

    def _root_between(self, low: int, high: int) -> bytes:
        """The root over entries `low` up to `high`; `low` lies on a boundary of that subtree."""
        size = high - low
        if _is_power_of_two(size):
            level = size.bit_length() - 1
            return self.nodes.node(level, low >> level)
        middle = low + _split(size)
        return _parent(self._root_between(low, middle), self._root_between(middle, high))


def _parent(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()  # (1)


def _split(size: int) -> int:
    """(2) The largest power of two below `size`, for sizes of two and more."""
    return 1 << ((size - 1).bit_length() - 1)


def _is_power_of_two(size: int) -> bool:
    return size & (size - 1) == 0


def _trailing_ones(number: int) -> int:
    return (number ^ (number + 1)).bit_length() - 1


def _sides(node: int, last: int, length: int) -> tuple[bool, ...] | None:
    """For each hash of a path whether it lies left; None if the path must be longer or shorter.

    `node` and `last` are positions on one level: where the path starts, and the rightmost there.
    """
    sides: list[bool] = []
    for _ in range(length):
        if last == 0:  # (4) too long
            return None
        left = node & 1 == 1 or node == last
        # A last node without a sibling rises unchanged to the level where it has one.
        rise = 1 + (_trailing_zeros(node) if left else 0)
        node, last = node >> rise, last >> rise
        sides.append(left)
    return tuple(sides) if last == 0 else None  # (4) too short


def _trailing_zeros(number: int) -> int:
    """How often a positive number can be halved without a remainder."""
    return (number & -number).bit_length() - 1


def _climb(sides: Sequence[bool], path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The old and the new root that a consistency path leads to."""
    old = new = path[0]
    for left, sibling in zip(sides, path[1:], strict=True):
        old = _parent(sibling, old) if left else old
        new = _parent(sibling, new) if left else _parent(new, sibling)
    return old, new
