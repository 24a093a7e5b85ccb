"""An auditor without the store is handed a bundle or a proof by somebody who gains by a lie.

Holds: a genuine bundle and a genuine proof, any other log, any key of one's own, and the auditor's
trust in the form of the file. Wants: an entry believed that the log never had, or one that was
there believed missing, or a rewritten log taken for the one whose checkpoint the auditor kept.
Does: changes bytes, proofs and checkpoints, leaves some out, brings a key along.

Open: entries that a bundle leaves out of a proof, and a log cut back to the newest checkpoint
kept elsewhere.
"""

import json
from dataclasses import replace

import pytest

from govagents.audit import proving
from govagents.audit.bundle import Bundle, read, written
from govagents.audit.proving import check, everything, proved
from govagents.audit.tree import ConsistencyProof, InclusionProof
from govagents.audit.verify import Outside
from govagents.audit.walk import Place
from govagents.errors import InputError, IntegrityError
from tests.unit.audit.tamperable import KEEPER, STRANGER, Log, flipped, thirteen

KEY = Outside(key=KEEPER.key)
SIGNED, OLD = 11, 1
"""Entries under the newest checkpoint, and the note of four entries."""


@pytest.fixture
def log() -> Log:
    return thirteen()


@pytest.fixture
def whole(log: Log) -> Bundle:
    return everything(log.stored())


@pytest.fixture
def proof(log: Log) -> Bundle:
    """Of entries 2 and 9, and that the log of 11 continues that of 4."""
    return proved(log.stored(), (2, 9), log.notes[OLD])


@pytest.fixture
def rewritten() -> Log:
    """Another history, signed by the keeper too."""
    other = thirteen()
    other.leaves[0] = b"another history"
    other.rebuild()
    other.sign(KEEPER)
    return other


def test_what_was_written_is_read_as_it_was(whole: Bundle, proof: Bundle) -> None:
    """S78: and both are good, with the key and a checkpoint kept elsewhere."""
    kept = Outside(KEEPER.key, thirteen().notes[OLD])

    for bundle in (whole, proof):
        assert read(json.dumps(written(bundle))) == bundle
        assert check(bundle, KEY).ok
        assert check(bundle, kept).ok


@pytest.mark.parametrize("index", range(SIGNED))
def test_a_changed_entry_of_a_bundle_is_detected(whole: Bundle, index: int) -> None:
    """S78: the stretch between two checkpoints in which it lies is named."""
    entries = [*whole.entries]
    entries[index] = flipped(entries[index], 3)

    found = check(replace(whole, entries=tuple(entries)), KEY)

    assert found.findings[0].place is Place.ENTRY
    assert found.first_bad == max(size for size in (0, 1, 4, 8) if size <= index)


def test_an_entry_left_out_of_a_bundle_is_detected(whole: Bundle) -> None:
    """S78."""
    for index in range(SIGNED):
        entries = (*whole.entries[:index], *whole.entries[index + 1 :])
        assert not check(replace(whole, entries=entries), KEY).ok


def test_a_bundle_cut_back_is_detected_by_a_checkpoint_kept_elsewhere(
    whole: Bundle, log: Log
) -> None:
    """S78: without one it is as good as any, and the answer says so."""
    cut = replace(whole, entries=whole.entries[:4], checkpoints=whole.checkpoints[:2])
    assert any("cut back" in said for said in check(cut, KEY).not_excluded)
    assert check(cut, KEY).ok

    assert not check(cut, Outside(KEEPER.key, log.notes[-1])).ok


def test_a_rewritten_bundle_is_detected_by_a_checkpoint_kept_elsewhere(
    rewritten: Log, log: Log
) -> None:
    """S78: signed with the right key, and not the log whose checkpoint was kept."""
    kept = Outside(KEEPER.key, log.notes[OLD])

    assert check(everything(rewritten.stored()), KEY).ok
    assert not check(everything(rewritten.stored()), kept).ok


def test_a_changed_entry_of_a_proof_is_detected(proof: Bundle) -> None:
    """S78: the entry is named."""
    for at, each in enumerate(proof.included):
        for bit in range(8 * len(each.entry)):
            wrong = [*proof.included]
            wrong[at] = replace(each, entry=flipped(each.entry, bit))
            found = check(replace(proof, included=tuple(wrong)), KEY)
            assert (found.ok, found.first_bad) == (False, each.proof.index)


@pytest.mark.parametrize(
    "moved", [InclusionProof(3, 11, ()), InclusionProof(2, 8, ()), InclusionProof(-1, 11, ())]
)
def test_a_proof_of_another_place_is_refused(proof: Bundle, moved: InclusionProof) -> None:
    """S78: by another number, of a size that nothing signs, or of no number at all."""
    first = proof.included[0]
    wrong = replace(first, proof=replace(moved, path=first.proof.path))

    assert not check(replace(proof, included=(wrong,)), KEY).ok


def test_a_proof_of_another_log_is_refused(proof: Bundle, rewritten: Log) -> None:
    """S78: under a checkpoint of this one."""
    foreign = proved(rewritten.stored(), (0,))

    assert not check(replace(proof, included=foreign.included), KEY).ok


def test_a_proof_signed_by_a_key_of_its_own_is_detected_by_one_kept_elsewhere() -> None:
    """S78: alone it is good, and says that the key came with it."""
    made_up = Log.written([b"a grant that nobody gave"], (1,))
    made_up.sign(STRANGER, (1,))
    forged = proved(made_up.stored(STRANGER.key), (0,))
    alone = check(forged, Outside())
    assert alone.ok
    assert any("the key came with the bundle" in said for said in alone.not_excluded)

    assert not check(forged, KEY).ok


def test_a_forged_proof_is_believed_when_the_bundles_key_stands_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S78: the shipped line prefers the auditor's key.

    removes: govagents/audit/proving.py
    """
    made_up = Log.written([b"a grant that nobody gave"], (1,))
    made_up.sign(STRANGER, (1,))
    forged = proved(made_up.stored(STRANGER.key), (0,))
    of_bundle = proving.key_for

    monkeypatch.setattr(proving, "key_for", lambda bundle, outside: of_bundle(bundle, Outside()))

    assert check(forged, KEY).ok


def test_a_proof_without_its_link_to_the_checkpoint_kept_elsewhere_is_refused(
    proof: Bundle, log: Log, rewritten: Log
) -> None:
    """S78: left out, of another history, or of other sizes."""
    kept = Outside(KEEPER.key, log.notes[OLD])
    foreign = proved(rewritten.stored(), (2,), rewritten.notes[OLD])
    link = proof.continued[0]

    for wrong in (
        replace(proof, continued=()),
        replace(foreign, included=proof.included),
        foreign,
        replace(proof, continued=(replace(link, path=link.path[:-1]),)),
        replace(proof, continued=(ConsistencyProof(8, 11, link.path),)),
    ):
        assert not check(wrong, kept).ok


def test_a_bundle_of_nothing_is_refused(proof: Bundle, log: Log) -> None:
    """S78: a checkpoint alone proves no entry; neither does a proof without a checkpoint."""
    assert not check(replace(proof, included=()), KEY).ok
    assert not check(replace(proof, checkpoints=()), KEY).ok
    assert not check(replace(proof, vkey="no key"), Outside()).ok
    assert not check(
        replace(proof, checkpoints=(log.notes[-1], KEEPER.sign(11, bytes(32)))), KEY
    ).ok


def test_a_proof_from_a_log_that_is_not_whole_is_refused(log: Log) -> None:
    """S78: nothing is handed out that would not hold."""
    log.leaves[5] = b"changed"

    with pytest.raises(IntegrityError, match="entry 5"):
        proved(log.stored(), (2,))
    with pytest.raises(IntegrityError, match="entry 5"):
        everything(log.stored())


@pytest.mark.parametrize("index", [11, 13, 10**30])
def test_a_proof_of_what_nobody_signed_is_refused(log: Log, index: int) -> None:
    with pytest.raises(InputError, match="no entry"):
        proved(log.stored(), (index,))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "govagents/log/1"}',
        '{"format": "govagents/log/2"}',
        '{"format": "govagents/log/1", "vkey": 1, "checkpoints": []}',
        "[" * 100_000,
        '{"format": ' + "9" * 5000 + "}",
    ],
)
def test_a_file_that_is_no_bundle_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no bundle"):
        read(text)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vkey", None),
        ("checkpoints", "text"),
        ("entries", ["\N{SNOWMAN}"]),
        ("entries", ["AAA"]),
        ("inclusion", [[]]),
        ("inclusion", [{"index": True, "size": 11, "entry": "", "path": []}]),
        ("inclusion", [{"index": 1.0, "size": 11, "entry": "", "path": []}]),
        ("consistency", [{"old_size": "1", "size": 11, "path": []}]),
    ],
)
def test_a_field_of_another_kind_is_refused(whole: Bundle, field: str, value: object) -> None:
    with pytest.raises(InputError, match="no bundle"):
        read(json.dumps({**written(whole), field: value}))
