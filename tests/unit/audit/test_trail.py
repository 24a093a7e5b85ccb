"""The door to the log: what it refuses, and that what it writes can be read and verified."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from govagents.audit.checkpoint import Checkpoint, Signer
from govagents.audit.trail import Trail, event_of, leaf_of
from govagents.audit.tree import Node, root_of
from govagents.audit.walk import StoredEntry
from govagents.domain.event import Event
from govagents.errors import IntegrityError

EVENT = Event(
    kind="grant.applied",
    at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    agent="provisioner",
    principal="ana",
    subject="helper",
    about="gr_1",
    policy="p1",
    evaluation="ev_1",
    decision="permit",
    reason="none",
    ttl=timedelta(hours=1),
    digests={"facts": "f1"},
    accountable="ana",
)
TEXTS = [
    "kind",
    "agent",
    "principal",
    "subject",
    "about",
    "policy",
    "evaluation",
    "decision",
    "reason",
    "accountable",
]
SIGNER = Signer("govagents/test", bytes(32))


def itself(principal: str) -> str:
    """As where only people speak."""
    return principal


class Memory:
    """A log in memory."""

    def __init__(self) -> None:
        self.leaves: list[bytes] = []
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.notes: list[str] = []

    def size(self) -> int:
        return len(self.leaves)

    def signed(self) -> int:
        notes = [SIGNER.key.open(note) for note in self.notes]
        return max((note.size for note in notes if isinstance(note, Checkpoint)), default=0)

    def node(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]

    def write(self, entry: StoredEntry, about: str, nodes: Sequence[Node]) -> None:
        assert about == event_of(entry.leaf).about
        self.leaves.append(entry.leaf)
        self.nodes.update({(node.level, node.index): node.digest for node in nodes})

    def keep_checkpoint(self, size: int, note: str) -> None:
        assert size == len(self.leaves)
        self.notes.append(note)


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("empty", ["", "  "])
def test_an_event_is_refused_by_the_fields_name_when_one_is_empty(field: str, empty: str) -> None:
    """S42: a missing field means the write is refused."""
    log = Memory()
    broken = replace(EVENT, **{field: empty})  # type: ignore[arg-type]  # all of TEXTS are text

    with pytest.raises(IntegrityError, match=f"without `{field}`"):
        Trail(log, SIGNER, lambda _: broken.accountable).append(broken)

    assert (log.leaves, log.notes) == ([], [])


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        (replace(EVENT, at=datetime(2026, 11, 23)), "at"),  # noqa: DTZ001  # that is the point
        (replace(EVENT, ttl=timedelta(seconds=-1)), "ttl"),
        (replace(EVENT, digests={"facts": ""}), "digests"),
        (replace(EVENT, digests={"": "f1"}), "digests"),
        (replace(EVENT, calls=("",)), "calls"),
        (replace(EVENT, calls=("c1", "c1")), "calls"),
    ],
)
def test_an_event_is_refused_when_time_span_or_digest_says_nothing(
    broken: Event, field: str
) -> None:
    """S42."""
    with pytest.raises(IntegrityError, match=f"without `{field}`"):
        leaf_of(broken)


def test_every_field_of_an_event_is_required_or_checked() -> None:
    """S42: a field added to the event later is not forgotten here."""
    assert set(Event.__dataclass_fields__) == {*TEXTS, "at", "ttl", "digests", "calls"}


@pytest.mark.parametrize("said", ["", "helper", "mallory"])
def test_the_log_looks_up_who_answers_when_an_entry_says_it_itself(said: str) -> None:
    """S71: no caller may leave an agent's word without a person, or name another one."""
    log = Memory()

    told = replace(EVENT, principal="helper", accountable=said)
    Trail(log, SIGNER, {"helper": "ana"}.__getitem__).append(told)

    (leaf,) = log.leaves
    assert (event_of(leaf).principal, event_of(leaf).accountable) == ("helper", "ana")


def test_an_event_is_refused_when_it_cannot_be_written() -> None:
    with pytest.raises(IntegrityError, match="cannot write"):
        leaf_of(replace(EVENT, reason="half \ud83d pair"))


def test_an_event_comes_back_from_its_leaf_as_it_was() -> None:
    moment = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
    exact = replace(EVENT, at=moment, calls=("c1", "c2"))

    assert event_of(leaf_of(exact)) == exact


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        leaf_of(EVENT)[:-1] + b',"more":1}',
        leaf_of(EVENT).replace(b"3600", b'"x"'),
        leaf_of(EVENT).replace(b"2026-11-23T09:00:00Z", b"soon"),
    ],
)
def test_bytes_are_refused_when_they_are_no_event(leaf: bytes) -> None:
    with pytest.raises(IntegrityError):
        event_of(leaf)


def test_one_checkpoint_covers_all_that_a_transaction_appended() -> None:
    """S78."""
    log = Memory()
    trail = Trail(log, SIGNER, itself)

    numbers = [trail.append(EVENT) for _ in range(5)]
    trail.seal()

    assert numbers == [0, 1, 2, 3, 4]
    opened = [SIGNER.key.open(note) for note in log.notes]
    assert opened == [Checkpoint("govagents/test", 5, root_of(log.leaves))]


def test_what_stands_unsigned_is_signed_when_there_is_a_key_again() -> None:
    """S39: entries of ends are written without the key, and lost to no checkpoint."""
    log = Memory()
    keyless = Trail(log, None, itself)
    keyless.append(EVENT)
    keyless.seal()
    assert log.notes == []

    for _ in range(2):
        Trail(log, SIGNER, itself).catch_up()

    opened = [SIGNER.key.open(note) for note in log.notes]
    assert opened == [Checkpoint("govagents/test", 1, root_of(log.leaves))]


def test_nothing_is_signed_when_nothing_was_appended() -> None:
    log = Memory()

    Trail(log, SIGNER, itself).seal()

    assert log.notes == []
