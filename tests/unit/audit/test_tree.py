"""The Merkle tree against published vectors, its own definition, and every kind of wrong proof."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govagents.audit import tree
from govagents.audit.tree import ConsistencyProof, InclusionProof, Tree, leaf_hash, root_of

# SOURCE: the test leaves and roots that Certificate Transparency implementations share (RFC 6962)
LEAVES = tuple(
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
FIRST_OF_EIGHT = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)


class Shelf(dict[tuple[int, int], bytes]):
    """Nodes in memory."""

    def node(self, level: int, index: int) -> bytes:
        return self[level, index]


def grown(leaves: Sequence[bytes]) -> Tree:
    shelf = Shelf()
    for size, leaf in enumerate(leaves):
        for node in Tree(shelf, size).append(leaf):
            assert (node.level, node.index) not in shelf, "a stored node was written again"
            shelf[node.level, node.index] = node.digest
    return Tree(shelf, len(leaves))


def entries(size: int) -> list[bytes]:
    return [b"entry %d" % index for index in range(size)]


def flipped(data: bytes, bit: int) -> bytes:
    return bytes(byte ^ (1 << bit % 8 if at == bit // 8 else 0) for at, byte in enumerate(data))


class TestKnownVectors:
    @pytest.mark.parametrize("size", range(9))
    def test_roots_are_the_published_ones(self, size: int) -> None:
        """S78."""
        leaves = LEAVES[:size]

        assert grown(leaves).root().hex() == root_of(leaves).hex() == ROOTS[size]

    def test_inclusion_path_is_the_published_one(self) -> None:
        """S78."""
        proof = grown(LEAVES).prove_inclusion(0)

        assert tuple(digest.hex() for digest in proof.path) == FIRST_OF_EIGHT


class TestHonestProofs:
    def test_stored_nodes_give_the_recomputed_root_when_any_size_is_asked(self) -> None:
        leaves = entries(70)
        shelf = grown(leaves).nodes

        assert all(Tree(shelf, n).root() == root_of(leaves[:n]) for n in range(71))

    def test_only_complete_subtrees_are_stored_when_a_log_grows(self) -> None:
        """Rule 3: 2n nodes less one for each peak."""
        for size in range(70):
            nodes = grown(entries(size)).nodes
            assert isinstance(nodes, Shelf)
            assert len(nodes) == 2 * size - size.bit_count()

    def test_every_inclusion_proof_holds_when_nothing_was_changed(self) -> None:
        """S78."""
        leaves = entries(40)
        shelf = grown(leaves).nodes

        for size in range(1, 41):
            small = Tree(shelf, size)
            for index in range(size):
                assert small.prove_inclusion(index).proves(leaves[index], small.root())

    def test_every_consistency_proof_holds_when_nothing_was_changed(self) -> None:
        """S78."""
        shelf = grown(entries(40)).nodes

        for size in range(1, 41):
            for old in range(1, size + 1):
                proof = Tree(shelf, size).prove_consistency(old)
                assert proof.proves(Tree(shelf, old).root(), Tree(shelf, size).root())

    def test_proofs_are_logarithmic_when_the_log_is_large(self) -> None:
        big = grown(entries(1000))

        assert len(big.prove_inclusion(0).path) == 10
        assert len(big.prove_consistency(513).path) <= 11

    @pytest.mark.parametrize("index", [-1, 5, 6])
    def test_no_inclusion_proof_is_made_when_the_entry_is_not_there(self, index: int) -> None:
        with pytest.raises(ValueError, match=f"no entry `{index}`"):
            grown(entries(5)).prove_inclusion(index)

    @pytest.mark.parametrize("old", [-1, 0, 6])
    def test_no_consistency_proof_is_made_when_the_old_size_is_not_within(self, old: int) -> None:
        with pytest.raises(ValueError, match=f"no tree of `{old}` entries"):
            grown(entries(5)).prove_consistency(old)


class TestWrongInclusion:
    @given(st.integers(1, 40), st.data())
    def test_proof_fails_when_one_bit_differs(self, size: int, data: st.DataObject) -> None:
        """S78."""
        leaves = entries(size)
        whole = grown(leaves)
        index = data.draw(st.integers(0, size - 1))
        proof = whole.prove_inclusion(index)
        parts = [leaves[index], whole.root(), *proof.path]
        at = data.draw(st.integers(0, len(parts) - 1))
        parts[at] = flipped(parts[at], data.draw(st.integers(0, 8 * len(parts[at]) - 1)))

        assert not replace(proof, path=tuple(parts[2:])).proves(parts[0], parts[1])

    @given(st.integers(2, 40), st.data())
    def test_proof_fails_when_it_speaks_of_another_entry(
        self, size: int, data: st.DataObject
    ) -> None:
        leaves = entries(size)
        whole = grown(leaves)
        index = data.draw(st.integers(0, size - 1))
        other = data.draw(st.integers(-2, size + 2).filter(lambda n: n != index))
        proof = whole.prove_inclusion(index)

        assert not replace(proof, index=other).proves(leaves[index], whole.root())

    @given(st.integers(1, 40), st.data())
    def test_proof_fails_when_it_is_longer_or_shorter(self, size: int, data: st.DataObject) -> None:
        """Rule 4."""
        leaves = entries(size)
        whole = grown(leaves)
        proof = whole.prove_inclusion(data.draw(st.integers(0, size - 1)))
        longer = replace(proof, path=(*proof.path, whole.root()))
        leaf = leaves[proof.index]

        assert not longer.proves(leaf, whole.root())
        assert not proof.path or not replace(proof, path=proof.path[:-1]).proves(leaf, whole.root())

    def test_nothing_is_included_when_the_tree_is_empty(self) -> None:
        assert not InclusionProof(0, 0, ()).proves(b"", root_of([]))

    def test_proof_fails_when_it_claims_a_shorter_tree(self) -> None:
        """Rule 4: the hashes fit, the size does not call for them."""
        leaves = entries(4)
        last = grown(leaves).prove_inclusion(3)
        assert last.proves(leaves[3], grown(leaves).root())

        false = InclusionProof(0, 1, last.path)

        assert not false.proves(leaves[3], grown(leaves).root())

    def test_a_longer_tree_is_claimed_when_the_length_check_is_removed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Rule 4 is what ties a path to the size it was signed for."""
        leaves = entries(4)
        whole = grown(leaves)
        false = replace(whole.prove_inclusion(0), size=8)
        assert not false.proves(leaves[0], whole.root())

        monkeypatch.setattr(tree, "_sides", lambda _node, _last, length: (False,) * length)

        assert false.proves(leaves[0], whole.root())

    def test_an_inner_node_passes_for_an_entry_when_the_prefix_is_removed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Rule 1: the two prefixes keep entries and inner nodes apart."""
        digests = [leaf_hash(leaf) for leaf in entries(4)]
        whole = grown(entries(4))
        inner = whole.nodes.node(1, 1)
        forged = InclusionProof(0, 2, (inner,))
        assert not forged.proves(digests[0] + digests[1], whole.root())

        monkeypatch.setattr(tree, "leaf_hash", lambda data: sha256(b"\x01" + data).digest())

        assert forged.proves(digests[0] + digests[1], whole.root())


class TestWrongConsistency:
    @given(st.integers(1, 40), st.data())
    def test_proof_fails_when_one_bit_differs(self, size: int, data: st.DataObject) -> None:
        """S78."""
        whole = grown(entries(size))
        proof = whole.prove_consistency(data.draw(st.integers(1, size)))
        old = Tree(whole.nodes, proof.old_size)
        parts = [old.root(), whole.root(), *proof.path]
        at = data.draw(st.integers(0, len(parts) - 1))
        parts[at] = flipped(parts[at], data.draw(st.integers(0, 255)))

        assert not replace(proof, path=tuple(parts[2:])).proves(parts[0], parts[1])

    @given(st.integers(2, 40), st.data())
    def test_proof_fails_when_an_old_entry_was_changed(
        self, size: int, data: st.DataObject
    ) -> None:
        """S78."""
        leaves = entries(size)
        old_size = data.draw(st.integers(1, size - 1))
        old_root = grown(leaves[:old_size]).root()
        leaves[data.draw(st.integers(0, old_size - 1))] = b"changed"
        changed = grown(leaves)

        assert not changed.prove_consistency(old_size).proves(old_root, changed.root())

    @given(st.integers(1, 40), st.data())
    def test_proof_fails_when_it_is_longer_or_shorter(self, size: int, data: st.DataObject) -> None:
        """Rule 4."""
        whole = grown(entries(size))
        proof = whole.prove_consistency(data.draw(st.integers(1, size)))
        old_root = Tree(whole.nodes, proof.old_size).root()
        longer = replace(proof, path=(*proof.path, whole.root()))
        shorter = replace(proof, path=proof.path[:-1])

        assert not longer.proves(old_root, whole.root())
        assert not proof.path or not shorter.proves(old_root, whole.root())

    def test_equal_sizes_need_equal_roots_and_no_path(self) -> None:
        """Rule 5."""
        one, other = grown([b"a"]).root(), grown([b"b"]).root()

        assert ConsistencyProof(1, 1, ()).proves(one, one)
        assert not ConsistencyProof(1, 1, ()).proves(one, other)
        assert not ConsistencyProof(1, 1, (one,)).proves(one, one)

    @pytest.mark.parametrize(("old", "size"), [(0, 0), (0, 1), (-1, -1), (-1, 1), (2, 1)])
    def test_nothing_is_proved_when_the_sizes_are_nonsense(self, old: int, size: int) -> None:
        """Rule 5."""
        root = grown([b"a"]).root()

        assert not ConsistencyProof(old, size, ()).proves(root, root)
        assert not ConsistencyProof(old, size, (root,)).proves(root, root)

    def test_a_path_without_hashes_proves_nothing_when_the_old_tree_is_not_whole(self) -> None:
        whole = grown(entries(5))

        assert not ConsistencyProof(3, 5, ()).proves(Tree(whole.nodes, 3).root(), whole.root())
