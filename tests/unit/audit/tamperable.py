"""A log of thirteen entries whose every row can be changed, as its keeper could."""

from dataclasses import dataclass, field

from govagents.audit.checkpoint import Signer, VerifyKey
from govagents.audit.tree import Node, Tree, leaf_hash
from govagents.audit.verify import Outside, Stored, Verification, verify
from govagents.audit.walk import Place, StoredEntry

KEEPER = Signer("log.example", bytes(range(32)))
STRANGER = Signer("log.example", bytes(32))
SIGNED = (1, 4, 8, 11)
SIZE = 13
NOTHING = Outside()


@dataclass
class Log:
    """A store whose rows the attacker can change at will."""

    leaves: list[bytes]
    hashes: list[bytes | None]
    numbers: list[int]
    nodes: dict[tuple[int, int], bytes]
    notes: list[str] = field(default_factory=list)

    @classmethod
    def written(cls, leaves: list[bytes], signed: tuple[int, ...] = SIGNED) -> "Log":
        """An honest log, signed at some sizes."""
        log = cls(leaves, [leaf_hash(leaf) for leaf in leaves], list(range(len(leaves))), {})
        log.rebuild()
        log.sign(KEEPER, signed)
        return log

    def node(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]

    def rebuild(self) -> None:
        """The tree, made anew over the bytes as they are now."""
        self.hashes = [leaf_hash(leaf) for leaf in self.leaves]
        self.numbers = list(range(len(self.leaves)))
        self.nodes.clear()
        for size, leaf in enumerate(self.leaves):
            added = Tree(self, size).append(leaf)
            self.nodes.update(((node.level, node.index), node.digest) for node in added)

    def sign(self, signer: Signer, sizes: tuple[int, ...] = SIGNED) -> None:
        self.notes = [signer.sign(size, Tree(self, size).root()) for size in sizes]

    def drop(self, index: int) -> None:
        del self.leaves[index], self.hashes[index], self.numbers[index]

    def insert(self, index: int, leaf: bytes) -> None:
        self.leaves.insert(index, leaf)
        self.hashes.insert(index, leaf_hash(leaf))
        self.numbers.insert(index, index)

    def swap(self, one: int, other: int) -> None:
        self.leaves[one], self.leaves[other] = self.leaves[other], self.leaves[one]
        self.hashes[one], self.hashes[other] = self.hashes[other], self.hashes[one]

    def renumber(self) -> None:
        self.numbers = list(range(len(self.leaves)))

    def stored(self, key: VerifyKey | None = KEEPER.key) -> Stored:
        """As a store hands it out."""
        rows = zip(self.numbers, self.leaves, self.hashes, strict=True)
        nodes = (Node(level, index, digest) for (level, index), digest in self.nodes.items())
        return Stored((StoredEntry(*row) for row in rows), nodes, self.notes, key)

    def check(self, outside: Outside = NOTHING, key: VerifyKey | None = KEEPER.key) -> Verification:
        return verify(self.stored(key), outside)


def flipped(data: bytes | None, bit: int) -> bytes:
    assert data is not None
    return bytes(byte ^ (1 << bit % 8 if at == bit // 8 else 0) for at, byte in enumerate(data))


def named(found: Verification) -> tuple[Place, int | None]:
    assert not found.ok
    return found.findings[0].place, found.first_bad


def thirteen() -> Log:
    """Signed at 1, 4, 8 and 11 entries."""
    return Log.written([b'{"entry":%d}' % index for index in range(SIZE)])
