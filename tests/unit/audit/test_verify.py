"""What a check says of an honest log, and that each of its looks is needed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from govagents.audit import verify as verify_module
from govagents.audit import walk as walk_module
from govagents.audit.checkpoint import Checkpoint, VerifyKey
from govagents.audit.tree import Tree
from govagents.audit.verify import Outside
from tests.unit.audit.tamperable import KEEPER, SIGNED, SIZE, STRANGER, Log, thirteen


@pytest.fixture
def log() -> Log:
    return thirteen()


class TestHonestLog:
    def test_an_honest_log_is_found_good(self, log: Log) -> None:
        """S77, S78."""
        found = log.check()

        assert found.ok
        assert (found.first_bad, found.reason) == (None, None)
        assert (found.size, found.root) == (SIZE, Tree(log, SIZE).root())
        assert [checkpoint.size for checkpoint in found.checked] == list(SIGNED)

    @pytest.mark.parametrize("size", range(1, 20))
    def test_an_honest_log_of_any_size_is_found_good(self, size: int) -> None:
        """S78: signed at every commit, as the store does."""
        leaves = [b"%d" % index for index in range(size)]

        assert Log.written(leaves, tuple(range(size + 1))).check().ok

    def test_entries_after_the_last_checkpoint_are_said_to_be_uncovered(self, log: Log) -> None:
        """S78."""
        found = log.check()

        assert (found.covered, found.size) == (11, 13)
        assert "entries 11 to 12 are not yet covered" in found.not_excluded[-1]

    def test_what_a_check_without_key_and_checkpoint_cannot_exclude_is_said(self, log: Log) -> None:
        """S78."""
        said = "; ".join(log.check().not_excluded)

        assert "the key lay beside the database" in said
        assert "`--key`" in said
        assert "cut back to an older checkpoint" in said
        assert "`--checkpoint`" in said

    def test_what_a_check_with_key_and_checkpoint_cannot_exclude_is_said(self, log: Log) -> None:
        """S78."""
        log.sign(KEEPER, (SIZE,))

        found = log.check(Outside(KEEPER.key, log.notes[-1]))

        assert found.ok
        assert len(found.not_excluded) == 1
        assert "entries after the outside checkpoint" in found.not_excluded[0]

    def test_the_stores_own_key_is_not_needed_when_the_auditor_brings_his(self, log: Log) -> None:
        assert log.check(Outside(key=KEEPER.key), key=None).ok

    def test_an_empty_log_is_good_when_its_checkpoint_says_so(self) -> None:
        found = Log.written([], (0,)).check()

        assert found.ok
        assert (found.size, found.covered) == (0, 0)


Sabotage = Callable[[pytest.MonkeyPatch], None]


def blind_to(name: str) -> Sabotage:
    """Verification without one of its looks."""
    return lambda patch: patch.setattr(verify_module, name, lambda *_: [])


def without_leftovers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(walk_module.Walk, "left_over", lambda _: [])


def without_comparing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(walk_module.Walk, "_doubt", lambda *_: None)


def without_the_auditors_key(patch: pytest.MonkeyPatch) -> None:
    shipped = verify_module._open
    patch.setattr(
        verify_module, "_open", lambda stored, outside: shipped(stored, replace(outside, key=None))
    )


def without_signatures(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(VerifyKey, "_signed", lambda *_: True)


def without_numbers(patch: pytest.MonkeyPatch) -> None:
    shipped = walk_module.Walk.step
    patch.setattr(
        walk_module.Walk, "step", lambda self, entry: shipped(self, replace(entry, index=self.size))
    )


def changed_bytes(log: Log) -> None:
    log.leaves[12] = b"changed"


def changed_with_nodes(log: Log) -> None:
    log.leaves[10] = b"changed"
    log.rebuild()
    log.notes = [log.notes[2], log.notes[3]]


def cut_with_hashes_left(log: Log) -> None:
    log.drop(12)


def cut_with_nodes(log: Log) -> None:
    del log.leaves[10:]
    log.rebuild()


def unsigned(log: Log) -> None:
    log.notes = []


def double_signed(log: Log) -> None:
    log.notes.insert(1, KEEPER.sign(4, bytes(32)))


def resigned_by_a_stranger(log: Log) -> None:
    log.leaves[5] = b"changed"
    log.rebuild()
    log.sign(STRANGER)


def resigned_in_name_only(log: Log) -> None:
    log.leaves[10] = b"changed"
    log.rebuild()
    log.notes = [log.notes[0], log.notes[3]]
    stale = KEEPER.key.open(log.notes[1])
    assert isinstance(stale, Checkpoint)
    log.notes[1] = log.notes[1].replace(
        stale.text(), replace(stale, root=Tree(log, 11).root()).text()
    )


def number_used_twice(log: Log) -> None:
    log.numbers[12] = 11


class TestDefencesRemoved:
    """Each look of the check taken away: the attack it is for then passes as a good log."""

    @pytest.mark.parametrize(
        ("attack", "sabotage"),
        [
            (changed_bytes, without_comparing),
            (changed_with_nodes, blind_to("_changed_with_nodes")),
            (cut_with_hashes_left, without_leftovers),
            (cut_with_nodes, blind_to("_beyond")),
            (unsigned, blind_to("_unvouched")),
            (double_signed, blind_to("_contradictions")),
            (resigned_by_a_stranger, without_the_auditors_key),
            (resigned_in_name_only, without_signatures),
            (number_used_twice, without_numbers),
        ],
    )
    def test_a_tampered_log_passes_when_the_look_for_it_is_removed(
        self,
        log: Log,
        monkeypatch: pytest.MonkeyPatch,
        attack: Callable[[Log], None],
        sabotage: Sabotage,
    ) -> None:
        """S78."""
        key = STRANGER.key if attack is resigned_by_a_stranger else KEEPER.key
        attack(log)
        assert not log.check(Outside(key=KEEPER.key), key).ok

        sabotage(monkeypatch)

        assert log.check(Outside(key=KEEPER.key), key).ok
