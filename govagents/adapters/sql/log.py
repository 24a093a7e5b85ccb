"""The tables of the transparency log, and the log as one transaction sees it."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from sqlalchemy import bindparam, func, insert, select
from sqlmodel import Field, Session

from govagents.adapters.sql.columns import TABLES, Blob, Row
from govagents.adapters.sql.going import file_entry
from govagents.adapters.sql.sealed import touch
from govagents.audit.checkpoint import Signer
from govagents.audit.trail import Trail, event_of
from govagents.audit.tree import Node, leaf_hash
from govagents.audit.walk import StoredEntry
from govagents.domain.event import Event
from govagents.errors import IntegrityError


class EntryRow(Row, table=True):
    """One entry. `about` repeats what the leaf says, to find it by."""

    __tablename__ = "entry"
    idx: int = Field(primary_key=True)
    about: str = Field(index=True)
    leaf: bytes = Field(sa_type=Blob)
    hash: bytes = Field(sa_type=Blob)


class NodeRow(Row, table=True):
    """One complete subtree."""

    __tablename__ = "node"
    level: int = Field(primary_key=True)
    idx: int = Field(primary_key=True)
    hash: bytes = Field(sa_type=Blob)


class CheckpointRow(Row, table=True):
    """One signed note."""

    __tablename__ = "checkpoint"
    size: int = Field(primary_key=True)
    note: str


_ENTRY, _NODE = TABLES.tables["entry"], TABLES.tables["node"]
_NOTE = TABLES.tables["checkpoint"]
# made once: to make a statement takes longer than to ask the database
_ABOUT = (
    select(_ENTRY.c.idx, _ENTRY.c.leaf, _ENTRY.c.hash)
    .where(_ENTRY.c.about == bindparam("about_"))
    .order_by(_ENTRY.c.idx)
)
_LAST, _SIGNED = select(func.max(_ENTRY.c.idx)), select(func.max(_NOTE.c.size))
_AT = select(_NODE.c.hash).where(
    _NODE.c.level == bindparam("level_"), _NODE.c.idx == bindparam("idx_")
)
_NEWEST = select(_ENTRY.c.leaf).order_by(_ENTRY.c.idx.desc()).limit(1)
_WRITTEN, _GROWN, _NOTED = insert(_ENTRY), insert(_NODE), insert(_NOTE)


class SqlLog:
    """`ports.Log`, and the storage behind `audit.trail`."""

    def __init__(
        self, session: Session, signer: Signer | None, answers_for: Callable[[str], str]
    ) -> None:
        """Appends through a trail of this transaction's own."""
        self._session = session
        self._trail = Trail(self, signer, answers_for)
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._about: dict[str, tuple[tuple[int, Event], ...]] = {}
        self._appended = 0

    def append(self, event: Event) -> int:
        """The number of the new entry."""
        number = self._trail.append(event)
        self._appended += 1
        return number

    def before(self) -> int:
        """How many entries there were when this transaction began."""
        return self.size() - self._appended

    def newest(self) -> Event:
        """The last entry.

        Raises:
            IntegrityError: there is none, or it is no entry.
        """
        return event_of(self._session.execute(_NEWEST).scalar() or b"")

    def seal(self) -> None:
        """Signs a checkpoint if anything was appended."""
        self._trail.seal()

    def catch_up(self) -> None:
        """Signs what was written without the key, as far as the tree is whole."""
        self._trail.catch_up()

    def signed(self) -> int:
        """How many entries are under a checkpoint."""
        return self._session.execute(_SIGNED).scalar_one() or 0

    def of(self, about: str) -> tuple[tuple[int, Event], ...]:
        """Entries about one thing, oldest first.

        Raises:
            IntegrityError: an entry is not what was written.
        """
        if about not in self._about:  # nobody else writes before this transaction has ended
            rows = self._session.execute(_ABOUT, {"about_": about})
            found = ((idx, _read(idx, leaf, digest, about)) for idx, leaf, digest in rows)
            self._about[about] = tuple(found)
        return self._about[about]

    def size(self) -> int:
        """How many entries there are."""
        last = self._session.execute(_LAST).scalar_one()
        return 0 if last is None else last + 1

    def node(self, level: int, index: int) -> bytes:
        """A stored subtree's digest.

        Raises:
            IntegrityError: it is gone.
        """
        if (level, index) not in self._nodes:
            found = self._session.execute(_AT, {"level_": level, "idx_": index}).first()
            if found is None:
                message = (
                    f"the log's tree lacks its node ({level}, {index}): run `audit verify`, then "
                    "restore the store from a copy; until then nothing can be given or ended, for "
                    "each ending is an entry of the log"
                )
                raise IntegrityError(message)
            self._nodes[level, index] = found.hash
        return self._nodes[level, index]

    def write(self, entry: StoredEntry, about: str, nodes: Sequence[Node]) -> None:
        """Keeps an entry and the nodes it completes."""
        row = {"idx": entry.index, "about": about, "leaf": entry.leaf, "hash": entry.leaf_hash}
        self._session.execute(_WRITTEN, [row])
        self._about.pop(about, None)
        self._session.execute(
            _GROWN,
            [{"level": node.level, "idx": node.index, "hash": node.digest} for node in nodes],
        )
        file_entry(self._session, entry.leaf)
        self._nodes.update({(node.level, node.index): node.digest for node in nodes})

    def keep_checkpoint(self, size: int, note: str) -> None:
        """Keeps a signed note."""
        self._session.execute(_NOTED, [{"size": size, "note": note}])
        touch(self._session, "checkpoint", size, new=True)


def _read(idx: int, leaf: bytes, digest: bytes, about: str) -> Event:
    event, hashed = _parsed(leaf)
    if hashed != digest or event.about != about:
        message = f"entry {idx} of the log was changed: run `audit verify`"
        raise IntegrityError(message)
    return event


@lru_cache(maxsize=8192)
def _parsed(leaf: bytes) -> tuple[Event, bytes]:
    """The event and the hash of an entry's bytes, which say the same whenever they are read."""
    return event_of(leaf), leaf_hash(leaf)
