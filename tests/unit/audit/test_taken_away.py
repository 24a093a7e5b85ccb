"""Small lines that defend the log, each taken away, and the harm seen (S42 S78)."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from govagents.action import entries
from govagents.action.entries import ending
from govagents.audit import trail, verify, walk
from govagents.audit.checkpoint import Signer
from govagents.audit.trail import leaf_of
from govagents.audit.tree import Node
from govagents.audit.verify import Outside, Stored
from govagents.domain.event import Event
from govagents.domain.grant import Grant
from govagents.domain.ids import RequestId, SystemId
from govagents.domain.outcome import NotDone, Trouble
from govagents.domain.request import Status
from govagents.errors import IntegrityError
from tests.unit.adapters.stores import NINE, grant
from tests.unit.audit.tamperable import KEEPER, STRANGER, Log, thirteen

ANONYMOUS = Event(
    "grant.applied", datetime(2026, 11, 23, tzinfo=UTC), "provisioner", "", "ana", "gr_1", "none",
    "none", "permit", "none", timedelta(hours=1), {}, accountable="ana",
)  # fmt: skip


def rewritten() -> Log:
    """By a stranger, with another key laid beside it."""
    log = thirteen()
    log.leaves[5] = b"changed"
    log.rebuild()
    log.sign(STRANGER)
    return log


def test_a_rewritten_log_passes_when_the_stores_key_stands_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """removes: govagents/audit/verify.py"""
    outside = Outside(key=KEEPER.key)
    assert not rewritten().check(outside, key=STRANGER.key).ok
    shipped = verify._open

    def of_the_store(stored: Stored, outside: Outside) -> object:
        return shipped(stored, replace(outside, key=None))

    monkeypatch.setattr(verify, "_open", of_the_store)

    assert rewritten().check(outside, key=STRANGER.key).ok


def test_a_forged_level_ends_the_check_when_it_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """removes: govagents/audit/walk.py"""
    forged = [Node("x", 0, b"")]  # type: ignore[arg-type]  # a column may hold anything
    assert not verify.verify(replace(thirteen().stored(), nodes=forged), Outside()).ok

    monkeypatch.setattr(walk, "_is_number", lambda *_: True)
    monkeypatch.setattr(walk, "_LEVELS", {"x"})

    with pytest.raises(TypeError):
        verify.verify(replace(thirteen().stored(), nodes=forged), Outside())


def test_a_printed_signer_gives_the_key_away_when_the_seed_is_a_field_like_others() -> None:
    """removes: govagents/audit/checkpoint.py (a printed signer)

    Taken away by declaring the field anew, as one would without the line.
    """

    @dataclass(frozen=True)
    class Bare(Signer):
        seed: bytes = field()

    bare = Bare(KEEPER.name, KEEPER.seed)

    assert repr(KEEPER.seed) not in repr(replace(KEEPER))
    assert repr(KEEPER.seed) in repr(bare)


def test_nobody_is_named_in_an_entry_when_no_field_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """removes: govagents/domain/event.py

    S42: who acted and on whose word would be left to whoever writes the entry.
    """
    with pytest.raises(IntegrityError, match="principal"):
        leaf_of(ANONYMOUS)

    monkeypatch.setattr(trail, "_TEXTS", ())

    assert b'"principal":""' in leaf_of(ANONYMOUS)


def test_what_a_target_said_is_in_the_log_when_it_is_not_hashed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """removes: govagents/action/entries.py

    S42: for good, since nothing is ever taken out of the log.
    """
    failure = NotDone(SystemId("shop"), Trouble.REFUSED, "her salary is 1")
    held = replace(grant(RequestId("req_1"), Status.REVOKE_FAILED), failure=failure, attempts=1)
    entry = leaf_of(
        replace(ending("end_failed", held, at=NINE, principal="ana"), accountable="ana")
    )
    assert b"her salary" not in entry
    assert b"refused" in entry

    def in_clear(_: Grant, failure: NotDone | None) -> dict[str, str]:
        return {} if failure is None else {"said": failure.said}

    monkeypatch.setattr(entries, "_digests", in_clear)

    assert b"her salary" in leaf_of(
        replace(ending("end_failed", held, at=NINE, principal="ana"), accountable="ana")
    )
