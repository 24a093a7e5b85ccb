"""Somebody who can write the database changes rows of the log.

Holds: the tables with entries, tree nodes and checkpoints; no key. Wants: a grant nobody finds.
Does: flips bits, drops, swaps, inserts and renumbers, without making the tree anew.
"""

import pytest

from govagents.audit.tree import Node, leaf_hash
from govagents.audit.verify import Outside, Stored, verify
from govagents.audit.walk import Place, StoredEntry
from tests.unit.audit.tamperable import KEEPER, SIGNED, SIZE, Log, flipped, named, thirteen


@pytest.fixture
def log() -> Log:
    return thirteen()


class TestFlippedBits:
    @pytest.mark.parametrize("index", range(SIZE))
    def test_a_flipped_bit_in_an_entry_is_detected(self, log: Log, index: int) -> None:
        """S78."""
        log.leaves[index] = flipped(log.leaves[index], 17)

        assert named(log.check()) == (Place.ENTRY, index)

    def test_a_changed_entry_is_told_from_a_changed_hash_where_a_checkpoint_fits(
        self, log: Log
    ) -> None:
        """S78."""
        log.leaves[5] = b"changed"

        assert log.check().reason == (
            "entry 5 was changed: checkpoint 3 (size 8) fits its stored hash"
        )

    def test_a_changed_first_entry_is_told_from_a_changed_hash(self, log: Log) -> None:
        """S78: no honest entry stands before it to compare with."""
        log.leaves[0] = b"changed"

        assert log.check().reason == (
            "entry 0 was changed: checkpoint 1 (size 1) fits its stored hash"
        )

    def test_a_changed_entry_is_detected_though_no_checkpoint_covers_it(self, log: Log) -> None:
        """S78."""
        log.leaves[12] = b"changed"

        found = log.check()

        assert named(found) == (Place.ENTRY, 12)
        assert "no checkpoint tells which" in str(found.reason)

    @pytest.mark.parametrize("index", range(SIZE))
    def test_an_entry_changed_with_the_hash_beside_it_is_detected(
        self, log: Log, index: int
    ) -> None:
        """S78: the tree still knows the old one."""
        log.leaves[index] = b"changed"
        log.hashes[index] = leaf_hash(b"changed")

        assert named(log.check()) == (Place.ENTRY, index)

    @pytest.mark.parametrize("index", range(11))
    def test_a_flipped_bit_in_the_hash_beside_an_entry_is_detected(
        self, log: Log, index: int
    ) -> None:
        """S78: the signed root clears the entry itself."""
        log.hashes[index] = flipped(log.hashes[index], 100)

        found = log.check()

        assert named(found) == (Place.NODE, index)
        assert f"the stored hash of entry {index} was changed" in str(found.reason)
        assert "fits the entry itself" in str(found.reason)

    def test_a_flipped_hash_is_told_from_a_changed_entry_beside_it(self, log: Log) -> None:
        """S78: one checkpoint judges both."""
        log.sign(KEEPER, (8,))
        log.hashes[2] = flipped(log.hashes[2], 100)
        log.leaves[5] = b"changed"

        places = [(each.place, each.index) for each in log.check().findings]

        assert places == [(Place.NODE, 2), (Place.ENTRY, 5)]

    def test_the_first_of_several_faults_is_named_first(self, log: Log) -> None:
        """S78: node (1, 0) is met after entry 1, but stands over entry 0."""
        log.hashes[1] = flipped(log.hashes[1], 100)
        log.nodes[1, 0] = flipped(log.nodes[1, 0], 100)

        assert [each.index for each in log.check().findings] == [0, 1]

    def test_a_flipped_bit_in_a_node_is_detected_though_nothing_is_signed(self, log: Log) -> None:
        """S78."""
        log.notes = []
        log.nodes[1, 0] = flipped(log.nodes[1, 0], 100)

        assert named(log.check()) == (Place.NODE, 0)

    def test_a_flipped_bit_in_any_node_is_detected(self, log: Log) -> None:
        """S78: names the first entry under it."""
        log.sign(KEEPER, (*SIGNED, SIZE))
        honest = dict(log.nodes)

        for (level, index), digest in honest.items():
            log.nodes = honest | {(level, index): flipped(digest, 255)}
            assert named(log.check()) == (Place.NODE, index << level)

    def test_a_flipped_bit_in_a_node_over_signed_entries_is_told_from_a_changed_entry(
        self, log: Log
    ) -> None:
        """S78."""
        log.nodes[3, 0] = flipped(log.nodes[3, 0], 0)

        reason = str(log.check().reason)

        assert reason.startswith("tree node (3, 0) over entries 0 to 7 was changed")
        assert reason.endswith("checkpoint 3 (size 8) fits the entries")

    def test_a_flipped_bit_in_a_node_over_an_unsigned_entry_accuses_no_signed_one(
        self, log: Log
    ) -> None:
        """S78: node (1, 5) is over 10, which is signed, and 11, which is not."""
        log.nodes[1, 5] = flipped(log.nodes[1, 5], 0)

        found = log.check()

        assert named(found) == (Place.NODE, 11)
        assert "or an entry from 11 on was changed" in str(found.reason)

    def test_a_missing_node_over_an_unsigned_entry_accuses_no_signed_one(self, log: Log) -> None:
        """S78."""
        del log.nodes[1, 5]

        assert named(log.check()) == (Place.NODE, 11)

    def test_a_missing_node_is_detected(self, log: Log) -> None:
        """S78."""
        log.sign(KEEPER, (*SIGNED, SIZE))
        honest = dict(log.nodes)

        for level, index in honest:
            log.nodes = {key: node for key, node in honest.items() if key != (level, index)}
            found = log.check()
            assert named(found) == (Place.NODE, index << level)
            assert "is missing: checkpoint" in str(found.reason)

    @pytest.mark.parametrize("position", range(len(SIGNED)))
    def test_a_flipped_bit_in_a_checkpoint_is_detected(self, log: Log, position: int) -> None:
        """S78: every bit of it; the reason says which checkpoint."""
        honest = log.notes[position].encode()

        for bit in range(0, 8 * len(honest), 7):
            log.notes[position] = flipped(honest, bit).decode(errors="surrogateescape")
            found = log.check()
            assert found.findings[0].place is Place.CHECKPOINT
            assert f"checkpoint {position + 1} is refused" in str(found.reason)

    def test_entries_that_only_a_broken_checkpoint_covered_are_named_doubtful(
        self, log: Log
    ) -> None:
        """S78."""
        log.notes[3] = log.notes[3].replace("\n11\n", "\n12\n")

        assert named(log.check()) == (Place.CHECKPOINT, 8)

    def test_no_entry_is_accused_when_a_later_checkpoint_clears_them(self, log: Log) -> None:
        log.sign(KEEPER, (4, SIZE))
        log.notes[0] = log.notes[0].replace("\n4\n", "\n5\n")

        assert named(log.check()) == (Place.CHECKPOINT, None)


class TestDroppedEntries:
    @pytest.mark.parametrize("index", range(SIZE))
    def test_a_dropped_entry_is_detected(self, log: Log, index: int) -> None:
        """S78: the middle leaves a gap in the numbers, the tail its hash in the tree."""
        log.drop(index)

        found = log.check()

        assert named(found) == (Place.ENTRY, index)
        assert f"entry {index} is missing" in str(found.reason)

    @pytest.mark.parametrize("index", range(SIZE - 1))
    def test_a_dropped_entry_is_detected_though_the_rest_was_renumbered(
        self, log: Log, index: int
    ) -> None:
        """S78."""
        log.drop(index)
        log.renumber()

        found = log.check()

        assert named(found) == (Place.ENTRY, index)
        assert f"it holds what was entry {index + 1}" in str(found.reason)

    @pytest.mark.parametrize(("index", "since"), [(0, 0), (2, 1), (5, 4), (9, 8)])
    def test_a_dropped_entry_is_detected_though_the_tree_was_rebuilt(
        self, log: Log, index: int, since: int
    ) -> None:
        """S78: between the last checkpoint that fits and the first that does not."""
        log.drop(index)
        log.rebuild()

        assert named(log.check()) == (Place.ENTRY, since)

    def test_a_tail_cut_off_with_its_nodes_is_detected_where_a_checkpoint_counted_it(
        self, log: Log
    ) -> None:
        """S78."""
        del log.leaves[9:]
        log.rebuild()

        found = log.check()

        assert named(found) == (Place.ENTRY, 9)
        assert found.reason == "entry 9 is missing: checkpoint 4 (size 11) counted it"

    def test_a_tail_cut_off_with_nodes_but_one_is_detected(self, log: Log) -> None:
        """S78: an inner node stands over entries that are gone."""
        kept = log.nodes[1, 5]
        del log.leaves[10:]
        log.rebuild()
        log.nodes[1, 5] = kept
        log.sign(KEEPER, (10,))

        assert named(log.check()) == (Place.NODE, 10)

    def test_a_log_cut_back_to_an_older_checkpoint_is_detected_by_one_kept_elsewhere(
        self, log: Log
    ) -> None:
        """S78: nothing in the store tells; the check without it says so."""
        kept = log.notes[3]
        del log.leaves[8:], log.notes[3:]
        log.rebuild()
        alone = log.check(Outside(key=KEEPER.key))
        assert alone.ok
        assert any("cut back to an older checkpoint" in each for each in alone.not_excluded)

        found = log.check(Outside(KEEPER.key, kept))

        assert named(found) == (Place.ENTRY, 8)
        assert found.reason == "entry 8 is missing: the outside checkpoint (size 11) counted it"


class TestMovedAndInsertedEntries:
    def test_two_swapped_entries_are_detected(self, log: Log) -> None:
        """S78."""
        log.swap(3, 9)

        found = log.check()

        assert named(found) == (Place.ENTRY, 3)
        assert "it holds what was entry 9" in str(found.reason)

    def test_two_rows_in_another_order_are_detected(self, log: Log) -> None:
        """S78."""
        log.swap(3, 4)
        log.numbers[3:5] = [4, 3]

        assert named(log.check()) == (Place.ENTRY, 3)

    def test_swapped_entries_are_detected_though_the_tree_was_rebuilt(self, log: Log) -> None:
        """S78."""
        log.swap(5, 6)
        log.rebuild()

        assert named(log.check()) == (Place.ENTRY, 4)

    @pytest.mark.parametrize("index", range(SIZE + 1))
    def test_an_inserted_entry_is_detected(self, log: Log, index: int) -> None:
        """S78."""
        log.insert(index, b"never happened")
        log.renumber()

        assert named(log.check()) == (Place.ENTRY, index)

    def test_an_entry_added_at_the_end_without_nodes_is_detected(self, log: Log) -> None:
        """S78."""
        log.insert(SIZE, b"never happened")

        assert log.check().reason == "entry 13 is not in the tree"

    def test_an_inserted_entry_under_a_number_twice_used_is_detected(self, log: Log) -> None:
        """S78."""
        log.insert(6, b"never happened")
        log.numbers[6] = 5

        found = log.check()

        assert named(found) == (Place.ENTRY, 5)
        assert ["stands twice" in each.reason for each in found.findings] == [True]

    @pytest.mark.parametrize(("index", "since"), [(0, 0), (2, 1), (5, 4), (9, 8)])
    def test_an_inserted_entry_is_detected_though_the_tree_was_rebuilt(
        self, log: Log, index: int, since: int
    ) -> None:
        """S78."""
        log.insert(index, b"never happened")
        log.rebuild()

        assert named(log.check()) == (Place.ENTRY, since)

    def test_a_node_stored_twice_is_detected(self, log: Log) -> None:
        """S78: else one reader could be shown one of them, the next the other."""
        twice = Node(1, 2, bytes(32))
        nodes = [*(Node(*key, digest) for key, digest in log.nodes.items()), twice]
        rows = (StoredEntry(n, leaf) for n, leaf in enumerate(log.leaves))

        found = verify(Stored(rows, nodes, log.notes, KEEPER.key), Outside())

        assert named(found) == (Place.NODE, 4)

    def test_a_flood_of_nodes_is_contained(self, log: Log) -> None:
        """S78: the report stays short however much was added."""
        nodes = [*(Node(*key, digest) for key, digest in log.nodes.items())] * 10
        rows = (StoredEntry(n, leaf) for n, leaf in enumerate(log.leaves))

        found = verify(Stored(rows, nodes, log.notes, KEEPER.key), Outside())

        assert 0 < len(found.findings) < 50

    @pytest.mark.parametrize("column", ["level", "index"])
    @pytest.mark.parametrize("forged", ["x", 1.0, None])
    def test_a_node_without_a_number_is_detected(
        self, log: Log, column: str, forged: object
    ) -> None:
        """S78: a column may hold anything once its table was made anew."""
        wrong = Node(0, 0, bytes(32))
        object.__setattr__(wrong, column, forged)
        nodes = [*(Node(*key, digest) for key, digest in log.nodes.items()), wrong]
        rows = (StoredEntry(n, leaf) for n, leaf in enumerate(log.leaves))

        found = verify(Stored(rows, nodes, log.notes, KEEPER.key), Outside())

        assert "can belong to no tree" in str(found.reason)

    @pytest.mark.parametrize("forged", ["x", 2.5, None, -1])
    def test_an_entry_without_a_number_is_detected(self, log: Log, forged: object) -> None:
        """S78."""
        rows = [StoredEntry(n, leaf) for n, leaf in enumerate(log.leaves)]
        object.__setattr__(rows[5], "index", forged)
        nodes = [Node(*key, digest) for key, digest in log.nodes.items()]

        found = verify(Stored(rows, nodes, log.notes, KEEPER.key), Outside())

        assert named(found) == (Place.ENTRY, 5)
        assert "without a number" in str(found.reason)

    @pytest.mark.parametrize("place", [(-1, 0), (64, 0), (10**12, 1), (0, -1)])
    def test_a_node_of_no_tree_is_contained(self, log: Log, place: tuple[int, int]) -> None:
        """S78: found, and without the work its numbers ask for."""
        log.nodes[place] = bytes(32)

        assert any("can belong to no tree" in each.reason for each in log.check().findings)
