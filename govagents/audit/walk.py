"""The stored log recomputed entry by entry, and where what is stored disagrees.

Rules (numbered as in `verify.py`, which judges what is found here):
1. Entries are numbered 0, 1, 2 and so on. The first gap, repetition or step back ends the walk.
2. The bytes of an entry hash to what is stored beside it and to its leaf in the tree.
3. Every complete subtree, recomputed from the entries, is stored once and as computed; nothing is
   stored beyond the last entry.

Everything is recomputed from the entries' bytes; stored hashes are only compared. Beside that tree
a second one grows over the stored leaf hashes, so that a signed root can tell which of the two is
the original.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from govagents.audit.tree import Node, Tree, leaf_hash

_MOST_LISTED = 20
_LEVELS = range(64)


class Place(StrEnum):
    """Where a fault lies."""

    ENTRY = "entry"
    NODE = "node"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True)
class Finding:
    """One fault. `index`: the first entry it makes doubtful; None where it touches none."""

    place: Place
    index: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One row of the log; `leaf_hash` where the store keeps one beside the bytes."""

    index: int
    leaf: bytes
    leaf_hash: bytes | None = None


class Fit(StrEnum):
    """What a root of some size agrees with."""

    ENTRIES = "the bytes of the entries"
    HASHES = "the stored leaf hashes"
    NEITHER = "neither"
    BEYOND = "more entries than there are"


@dataclass(frozen=True)
class Doubt:
    """A node that is not as computed; `stored` None: not there.

    On level 0 the entry's own bytes may be what was changed. `stored == computed` there: it is the
    hash beside the entry that disagrees.
    """

    level: int
    index: int
    computed: bytes
    stored: bytes | None

    @property
    def first(self) -> int:
        """The first entry under the node."""
        return self.index << self.level

    @property
    def last(self) -> int:
        """The last entry under the node."""
        return ((self.index + 1) << self.level) - 1


class Walk:
    """One pass over the entries. Take all steps first, then ask."""

    def __init__(self, nodes: Iterable[Node], sizes: frozenset[int]) -> None:
        """`sizes`: those at which a root will have to be weighed."""
        self.findings: list[Finding] = []
        self.doubts: list[Doubt] = []
        self.broken = False
        self._sizes = sizes
        self._tree = _Edge()
        self._hashed: _Edge | None = None  # until it differs, it is the same tree
        self._roots: dict[int, tuple[bytes, bytes]] = {}
        self._stored = self._by_place(nodes)
        self._note_root()

    @property
    def size(self) -> int:
        """How many entries were taken."""
        return self._tree.size

    def root(self) -> bytes:
        """The root over the bytes of the entries taken."""
        return self._tree.root()

    def step(self, entry: StoredEntry) -> bool:
        """Takes the next entry; False when its number ends the walk."""
        index = self.size
        if entry.index != index:  # (1)
            self.broken = True
            self._find(_misnumbered(entry.index, index))
            return False
        computed = leaf_hash(entry.leaf)
        leaf = self._stored.get((0, index))
        beside = computed if entry.leaf_hash is None else entry.leaf_hash
        if leaf != computed or beside != computed:  # (2)
            self._doubt(Doubt(0, index, computed, leaf))
        self._grow(computed, computed if leaf is None else leaf)
        self._note_root()
        return True

    def weigh(self, size: int, root: bytes) -> Fit:
        """What a root that was signed for `size` entries agrees with."""
        if size > self.size:
            return Fit.BEYOND
        entries, hashes = self._roots[size]
        if root == entries:
            return Fit.ENTRIES
        return Fit.HASHES if root == hashes else Fit.NEITHER

    def left_over(self) -> list[Finding]:
        """(3) What is stored for entries that are not there."""
        if self.broken:
            return []
        size = self.size
        extra = [key for key in self._stored if (key[1] + 1) << key[0] > size]
        if (0, size) in extra:
            reason = f"entry {size} is missing: its hash still stands in the tree"
            return [Finding(Place.ENTRY, size, reason)]
        return [
            Finding(Place.NODE, size, f"tree node {key} stands over entries that are not there")
            for key in sorted(extra)[:1]
        ]

    def known_as(self, digest: bytes) -> int | None:
        """The entry whose leaf in the stored tree has this hash."""
        leaves = (key[1] for key, found in self._stored.items() if not key[0] and found == digest)
        return next(leaves, None)

    def _by_place(self, nodes: Iterable[Node]) -> dict[tuple[int, int], bytes]:
        stored: dict[tuple[int, int], bytes] = {}
        for node in nodes:
            key = (node.level, node.index)
            # SECURITY: without this line a forged level asks for a number of astronomic length, and
            # a forged column that holds no number at all ends the check before it names anything
            if not _is_number(node.level, node.index) or node.level not in _LEVELS:
                self._find(Finding(Place.NODE, None, f"tree node {key} can belong to no tree"))
            elif key in stored:  # (3)
                first = node.index << node.level
                self._find(Finding(Place.NODE, first, f"tree node {key} is stored twice"))
            else:
                stored[key] = node.digest
        return stored

    def _grow(self, computed: bytes, leaf: bytes) -> None:
        if self._hashed is None and leaf != computed:
            self._hashed = _Edge(self.size, dict(self._tree.peaks))
        added = self._tree.grow(computed)
        hashed = self._hashed.grow(leaf) if self._hashed else added
        for node, other in zip(added[1:], hashed[1:], strict=True):
            digest = self._stored.get((node.level, node.index))
            # A node that follows from its leaves, in either tree, is not itself at fault.
            if digest not in (node.digest, other.digest):  # (3)
                self._doubt(Doubt(node.level, node.index, node.digest, digest))

    def _note_root(self) -> None:
        if self.size in self._sizes:
            root = self._tree.root()
            self._roots[self.size] = (root, self._hashed.root() if self._hashed else root)

    def _doubt(self, doubt: Doubt) -> None:
        if len(self.doubts) < _MOST_LISTED:
            self.doubts.append(doubt)

    def _find(self, finding: Finding) -> None:
        if len(self.findings) < _MOST_LISTED:
            self.findings.append(finding)


@dataclass
class _Edge:
    """The right edge of a growing tree: all that its next leaf and its root need."""

    size: int = 0
    peaks: dict[int, bytes] = field(default_factory=dict)

    def node(self, level: int, index: int) -> bytes:
        """The newest complete subtree of `level`; growing and root ask for no other."""
        del index
        return self.peaks[level]

    def grow(self, digest: bytes) -> tuple[Node, ...]:
        added = Tree(self, self.size).graft(digest)
        self.peaks.update((node.level, node.digest) for node in added)
        self.size += 1
        return added

    def root(self) -> bytes:
        return Tree(self, self.size).root()


def _is_number(*values: object) -> bool:
    """A store may hold anything in any column, whatever its schema says."""
    return all(isinstance(value, int) and value >= 0 for value in values)


def _misnumbered(found: int, expected: int) -> Finding:
    if not _is_number(found):
        reason = f"entry {expected} is missing: something without a number stands in its place"
        return Finding(Place.ENTRY, expected, reason)
    if found > expected:
        reason = f"entry {expected} is missing: entry {found} stands in its place"
        return Finding(Place.ENTRY, expected, reason)
    reason = f"entry {found} stands twice or out of order: entry {expected} was to come"
    return Finding(Place.ENTRY, found, reason)
