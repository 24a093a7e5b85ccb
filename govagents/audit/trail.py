"""The one door to the log: an event becomes a leaf, new tree nodes and, in the end, a checkpoint.

Rules:
1. Every required field says something; what does not apply says `none`. A missing field means the
   event, and with it the transaction, is refused (MISSION S42).
2. The leaf is the event's canonical form, so that anyone can recompute its hash.
3. Leaf and nodes are written in the transaction of what they tell, or not at all.
4. A transaction that appended ends with a signed checkpoint, so that nothing stands unsigned. Where
   the key is gone entries are written all the same, and signed by whoever has it again.
5. Which person answers for the principal is looked up here, for every entry, and never taken from
   whoever tells of it: the word of an agent, a bot or a service leads to somebody.

Storage is the caller's, behind `LogStore`.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Protocol

from govagents.audit.checkpoint import Signer
from govagents.audit.tree import Node, Tree
from govagents.audit.walk import StoredEntry
from govagents.domain.canonical import canonical
from govagents.domain.event import Event
from govagents.errors import IntegrityError

_TEXTS = (
    "kind", "agent", "principal", "subject", "about", "policy", "evaluation", "decision", "reason",
    "accountable",
)  # fmt: skip


class LogStore(Protocol):
    """Where the log lies."""

    def size(self) -> int:
        """How many entries there are."""
        ...

    def node(self, level: int, index: int) -> bytes:
        """A stored complete subtree's digest."""
        ...

    def write(self, entry: StoredEntry, about: str, nodes: Sequence[Node]) -> None:
        """Keeps a new entry, findable by `about`, and the nodes it completes."""
        ...

    def keep_checkpoint(self, size: int, note: str) -> None:
        """Keeps a signed note."""
        ...

    def signed(self) -> int:
        """The size that the last note is about."""
        ...


class Trail:
    """Appends for the length of one transaction."""

    def __init__(
        self, store: LogStore, signer: Signer | None, answers_for: Callable[[str], str]
    ) -> None:
        """Reads nothing yet; without a `signer` nothing is signed; `answers_for` a principal."""
        self._store, self._signer, self._answers_for = store, signer, answers_for
        self._size: int | None = None

    def append(self, event: Event) -> int:
        """The number of the new entry.

        Raises:
            IntegrityError: a required field is empty; names it.
        """
        leaf = leaf_of(replace(event, accountable=self._answers_for(event.principal)))  # (5)
        index = self._store.size() if self._size is None else self._size
        nodes = Tree(self._store, index).append(leaf)
        self._store.write(StoredEntry(index, leaf, nodes[0].digest), event.about, nodes)  # (3)
        self._size = index + 1
        return index

    def seal(self) -> None:
        """(4) Signs what the log has come to, if this transaction appended to it."""
        if self._size is not None and self._signer is not None:
            root = Tree(self._store, self._size).root()
            self._store.keep_checkpoint(self._size, self._signer.sign(self._size, root))

    def catch_up(self) -> None:
        """(4) Signs what still stands unsigned, unless this transaction is about to."""
        size = self._store.size()
        if self._signer is None or self._size is not None or size <= self._store.signed():
            return
        with suppress(IntegrityError):  # a damaged tree stops what appends, and not what reads
            root = Tree(self._store, size).root()
            self._store.keep_checkpoint(size, self._signer.sign(size, root))


def leaf_of(event: Event) -> bytes:
    """The bytes that stand for an event in the log.

    Raises:
        IntegrityError: a required field is empty, or cannot be written; names it.
    """
    problem = next((name for name in _TEXTS if not str(getattr(event, name)).strip()), None)
    if problem is None and event.at.tzinfo is None:
        problem = "at"
    if problem is None and event.ttl < timedelta(0):
        problem = "ttl"
    if problem is None and not all(key and value for key, value in event.digests.items()):
        problem = "digests"
    if problem is None and not (all(event.calls) and len(set(event.calls)) == len(event.calls)):
        problem = "calls"
    if problem is not None:  # (1)
        message = f"the log refuses `{event.kind}` without `{problem}`: say `none` if it has none"
        raise IntegrityError(message)
    try:
        return canonical(event)  # (2)
    except (TypeError, UnicodeEncodeError) as error:
        message = f"the log cannot write the event `{event.kind}`: {error}"
        raise IntegrityError(message) from error


def event_of(leaf: bytes) -> Event:
    """The event behind an entry's bytes.

    Raises:
        IntegrityError: they are no event of ours.

    >>> from datetime import UTC
    >>> event = Event("grant.applied", datetime(2026, 11, 23, tzinfo=UTC), "a", "p", "s", "gr_1",
    ...               "none", "none", "permit", "none", timedelta(hours=1), {}, accountable="p")
    >>> event_of(leaf_of(event)) == event
    True
    """
    try:
        record = json.loads(leaf)
        record["at"] = datetime.fromisoformat(record["at"])
        record["ttl"] = timedelta(seconds=record["ttl"])
        record["calls"] = tuple(record["calls"])
        event = Event(**{field.name: record.pop(field.name) for field in fields(Event)})
    except (ValueError, TypeError, KeyError) as error:
        message = f"an entry of the log cannot be read: {error}; run `audit verify`"
        raise IntegrityError(message) from error
    if record:
        message = f"an entry of the log holds more than an event: {', '.join(sorted(record))}"
        raise IntegrityError(message)
    return event
