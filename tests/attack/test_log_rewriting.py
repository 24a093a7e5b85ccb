"""The log's own keeper rewrites its history.

Holds: the database and, in the last stories, the signing key beside it. Wants: a history that
suits. Does: changes entries and makes the whole tree anew over them, cuts the log back, exchanges
the key, signs again. The auditor brings nothing, or a key and a checkpoint kept elsewhere.

Open: who holds the key and no checkpoint was kept elsewhere; entries after the last checkpoint.
"""

import pytest

from govagents.audit.tree import Tree
from govagents.audit.verify import Outside
from govagents.audit.walk import Place
from tests.unit.audit.tamperable import KEEPER, SIGNED, STRANGER, Log, named, thirteen


@pytest.fixture
def log() -> Log:
    return thirteen()


class TestRewrittenHistory:
    @pytest.mark.parametrize(("index", "since"), [(0, 0), (3, 1), (4, 4), (7, 4), (8, 8), (10, 8)])
    def test_an_entry_changed_with_its_nodes_is_detected(
        self, log: Log, index: int, since: int
    ) -> None:
        """S78."""
        log.leaves[index] = b"changed"
        log.rebuild()

        found = log.check()

        until = next(size for size in SIGNED if size > since)
        assert named(found) == (Place.ENTRY, since)
        assert f"an entry from {since} to {until - 1} was changed" in str(found.reason)

    def test_an_entry_changed_with_some_of_its_nodes_is_detected(self, log: Log) -> None:
        """S78: what no checkpoint clears is not blamed on the node alone."""
        kept = log.nodes[3, 0]
        log.leaves[5] = b"changed"
        log.rebuild()
        log.nodes[3, 0] = kept

        assert named(log.check())[1] == 4

    def test_a_later_flipped_bit_does_not_hide_an_entry_changed_with_its_nodes(
        self, log: Log
    ) -> None:
        """S78: the decoy at 7 is not the first bad entry."""
        log.leaves[5] = b"changed"
        log.rebuild()
        log.leaves[7] = b"decoy"

        assert named(log.check())[1] == 4

    def test_an_entry_not_yet_covered_may_be_changed_and_that_is_said(self, log: Log) -> None:
        """S78: the limit, stated."""
        log.leaves[12] = b"changed"
        log.rebuild()

        found = log.check()

        assert found.ok
        assert any("altered together with their nodes" in each for each in found.not_excluded)

    def test_a_rewritten_log_without_any_checkpoint_is_refused(self, log: Log) -> None:
        """S78: unsigned is not good."""
        log.leaves[5] = b"changed"
        log.rebuild()
        log.notes = []

        found = log.check()

        assert named(found) == (Place.CHECKPOINT, 0)
        assert found.reason == "no checkpoint vouches for this log"

    def test_a_log_without_any_key_is_refused(self, log: Log) -> None:
        assert named(log.check(key=None)) == (Place.CHECKPOINT, 0)

    def test_a_log_signed_anew_by_another_key_is_detected(self, log: Log) -> None:
        """S78."""
        log.leaves[5] = b"changed"
        log.rebuild()
        log.sign(STRANGER)

        found = log.check()

        assert named(found) == (Place.CHECKPOINT, 0)
        assert "signed by another key" in str(found.reason)

    def test_a_log_signed_anew_with_a_key_exchanged_beside_it_is_detected_by_a_key_kept_elsewhere(
        self, log: Log
    ) -> None:
        """S78: the check without it says that it could not tell."""
        log.leaves[5] = b"changed"
        log.rebuild()
        log.sign(STRANGER)
        alone = log.check(key=STRANGER.key)
        assert alone.ok
        assert any("rewritten everything" in each for each in alone.not_excluded)

        found = log.check(Outside(key=KEEPER.key), key=STRANGER.key)

        assert named(found) == (Place.CHECKPOINT, 0)

    def test_a_log_rewritten_by_the_keys_holder_is_detected_by_a_checkpoint_kept_elsewhere(
        self, log: Log
    ) -> None:
        """S78."""
        kept = log.notes[2]
        log.leaves[5] = b"changed"
        log.rebuild()
        log.sign(KEEPER)

        found = log.check(Outside(KEEPER.key, kept))

        assert not found.ok
        assert "the outside checkpoint (size 8)" in str(found.reason)
        assert "contradict each other" in str(found.reason)

    def test_a_forged_outside_checkpoint_is_refused(self, log: Log) -> None:
        forged = STRANGER.sign(8, Tree(log, 8).root())

        found = log.check(Outside(checkpoint=forged))

        assert named(found)[0] is Place.CHECKPOINT
        assert "the outside checkpoint is refused" in str(found.reason)

    def test_two_checkpoints_of_one_size_are_detected(self, log: Log) -> None:
        """S78: two readers were shown two histories."""
        log.notes.append(KEEPER.sign(11, bytes(32)))

        found = log.check()

        assert named(found) == (Place.CHECKPOINT, 8)
        assert [each.reason for each in found.findings] == [
            "checkpoint 4 (size 11) and checkpoint 5 (size 11) contradict each other: "
            "they sign different histories"
        ]

    def test_two_checkpoints_of_different_histories_are_detected(self, log: Log) -> None:
        """S78: the larger fits the log, the smaller was signed over other entries."""
        log.notes[1] = KEEPER.sign(4, bytes(32))

        found = log.check()

        assert named(found) == (Place.CHECKPOINT, 1)
        assert "checkpoint 2 (size 4) and checkpoint 4 (size 11) contradict" in str(found.reason)

    def test_a_history_twice_denied_is_detected_from_its_start(self, log: Log) -> None:
        """S78: the first of another history settles nothing for the second."""
        log.notes[:2] = [KEEPER.sign(1, bytes(32)), KEEPER.sign(4, bytes(32))]

        assert [each.index for each in log.check().findings] == [0, 0]

    def test_two_checkpoints_beyond_the_log_are_detected_as_contradicting(self, log: Log) -> None:
        log.notes += [KEEPER.sign(20, bytes(32)), KEEPER.sign(20, bytes(range(32)))]

        reasons = " ".join(each.reason for each in log.check().findings)

        assert "contradict" in reasons
        assert "entry 13 is missing" in reasons

    def test_a_checkpoint_of_nothing_with_a_root_is_detected(self, log: Log) -> None:
        log.notes.insert(0, KEEPER.sign(0, bytes(32)))

        assert named(log.check()) == (Place.CHECKPOINT, 0)

    def test_a_flood_of_damage_is_contained(self) -> None:
        """S78: the report stays short however much was changed."""
        log = Log.written([b"%d" % index for index in range(200)], (200,))
        log.leaves = [b"x"] * 200

        found = log.check()

        assert found.first_bad == 0
        assert len(found.findings) < 50
