"""Entries about grants, as far as they are what was logged.

Rules:
1. An entry counts only if its bytes hash to what is kept beside them and to its leaf in the tree:
   whoever changes one has to change three places, and `audit verify` finds all of them.
2. Live is what was begun and has no sound entry of its end, whatever any row says.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import text
from sqlmodel import Session

from govagents.audit.life import Entry
from govagents.audit.trail import event_of
from govagents.audit.tree import leaf_hash
from govagents.domain.ids import GrantId, RequestId
from govagents.errors import IntegrityError

_KIND, _ENDED, _REASON = b'"kind":"grant.', b'"kind":"grant.ended"', b'"reason":"'
_ENTRIES = (
    "SELECT entry.idx, leaf, entry.hash, node.hash FROM entry "
    "LEFT JOIN node ON node.level = 0 AND node.idx = entry.idx "
    "WHERE instr(leaf, :kind) > 0"
)
_LAST = "SELECT coalesce(max(idx), -1) FROM entry"
_Found = tuple[object, object, object, object]


class Lives:
    """One transaction's view."""

    def __init__(self, session: Session) -> None:
        """Reads nothing yet."""
        self._session = session
        self._live: tuple[int, Mapping[GrantId, Sequence[Entry]]] | None = None

    def of_request(self, request: RequestId) -> Mapping[GrantId, Sequence[Entry]]:
        """Every grant the log knows of one request; quick, by how entries are filed."""
        found = self._read(" AND about = :about", about=request)
        return {name: entries for name, rows in found.items() if (entries := _sound(rows))}

    def of_grant(self, grant: GrantId) -> Sequence[Entry]:
        """Of one grant, however its entries are filed; reads the whole log."""
        return _sound(self._read("").get(grant, ()))

    def live(self) -> Mapping[GrantId, Sequence[Entry]]:
        """(2) Read anew when the log has grown."""
        size: int = self._session.execute(
            text("SELECT coalesce(max(idx), -1) FROM entry")
        ).scalar_one()
        if self._live is None or self._live[0] != size:
            self._live = (size, self._read_live())
        return self._live[1]

    def _read_live(self) -> Mapping[GrantId, Sequence[Entry]]:
        live = {}
        for name, rows in self._read("").items():
            if not _sound(row for row in rows if _ENDED in _bytes(row[1])) and (
                entries := _sound(rows)
            ):
                live[name] = entries
        return live

    def _read(self, where: str, **values: str) -> Mapping[GrantId, Sequence[_Found]]:
        query = text(f"{_ENTRIES}{where} ORDER BY entry.idx")
        found: dict[GrantId, list[_Found]] = {}
        for row in self._session.execute(query, {"kind": _KIND, **values}):
            index, leaf, kept, node = row
            found.setdefault(_name(_bytes(leaf)), []).append((index, leaf, kept, node))
        return found


def _name(leaf: bytes) -> GrantId:
    """The first word of its reason, found without reading all of it."""
    _, _, reason = leaf.partition(_REASON)
    word = reason.partition(b'"')[0].partition(b" ")[0]
    return GrantId(word.decode(errors="replace"))


def _sound(rows: Iterable[_Found]) -> Sequence[Entry]:
    """(1)."""
    found = []
    for index, leaf, kept, node in rows:
        if not isinstance(index, int) or not isinstance(leaf, bytes):
            continue
        if leaf_hash(leaf) != kept or kept != node:
            continue
        try:
            found.append(Entry(index, event_of(leaf)))
        except IntegrityError:
            continue
    return tuple(found)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""
