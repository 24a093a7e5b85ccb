"""Entries about grants, as far as they are what was logged.

Rules:
1. An entry counts only if its bytes hash to what is kept beside them and to its leaf in the tree:
   whoever changes one has to change three places, and `audit verify` finds all of them.
2. Live is what was begun and has no sound entry of its end, whatever any row says.
3. Entries of a grant are found by what they say, through an index that the database makes of their
   bytes. Where to look for what is live is filed (`going`); `whole` looks everywhere instead.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Index, TextClause, text
from sqlmodel import Session, col

from govagents.adapters.sql.going import grant_in, has_ended, refile
from govagents.adapters.sql.log import EntryRow
from govagents.adapters.sql.speech import POSTGRES, SQLITE, Speech, speech_of
from govagents.audit.life import Entry
from govagents.audit.trail import event_of
from govagents.audit.tree import leaf_hash
from govagents.domain.ids import GrantId, RequestId
from govagents.errors import IntegrityError

_COLUMNS = "SELECT entry.idx, leaf, entry.hash, node.hash FROM"
_NODES = "LEFT JOIN node ON node.level = 0 AND node.idx = entry.idx"
_LAST = text("SELECT coalesce(max(idx), -1) FROM entry")


class _Spoken:
    """(3) The same in the words of one database."""

    def __init__(self, speech: Speech) -> None:
        self.grants = speech.holds.format('"kind":"grant.')
        at = speech.at.format('"reason":"')
        self.reason = f"substr(leaf, {at} + 10, 64)"
        every = f"{_COLUMNS} entry {_NODES} WHERE {self.grants}"
        filed = f"{_COLUMNS} going CROSS JOIN entry {_NODES} WHERE {self.grants}"
        self.every = _in_order(every)
        self.of_request = _in_order(f"{every} AND about = :about")
        self.of_grant = _in_order(f"{every} AND {self._names(speech, ':name')}")
        live = self._names(speech, 'going."grant"')
        self.of_live = _in_order(f"{filed} AND {live}")

    def _names(self, speech: Speech, name: str) -> str:
        # a name ends with a blank or a quotation mark; none begins with another and one of those
        first, beyond = speech.encoded.format(name), speech.beyond.format(name)
        return f"{self.reason} >= {first} AND {self.reason} < {beyond}"


def _in_order(query: str) -> TextClause:
    return text(f"{query} ORDER BY entry.idx")


_SPOKEN = {speech: _Spoken(speech) for speech in (SQLITE, POSTGRES)}
_HERE, _THERE = _SPOKEN[SQLITE], _SPOKEN[POSTGRES]
Index("life", text(_HERE.reason), col(EntryRow.idx), sqlite_where=text(_HERE.grants)).ddl_if(
    dialect="sqlite"
)
ON_POSTGRES = f"CREATE INDEX life ON entry (({_THERE.reason}), idx) WHERE {_THERE.grants}"
_Found = tuple[object, object, object, object]
Found = Mapping[GrantId, Sequence[Entry]]


class Lives:
    """One transaction's view."""

    def __init__(self, session: Session) -> None:
        """Reads nothing yet."""
        self._session, self._spoken = session, _SPOKEN[speech_of(session)]
        self._live: tuple[int, Found] | None = None

    def of_request(self, request: RequestId) -> Found:
        """Every grant the log knows of one request, by how entries are filed."""
        found = self._read(self._spoken.of_request, about=request)
        return {name: entries for name, rows in found.items() if (entries := _sound(rows))}

    def of_grant(self, grant: GrantId) -> Sequence[Entry]:
        """Of one grant, however its entries are filed."""
        return _sound(self._read(self._spoken.of_grant, name=grant).get(grant, ()))

    def live(self) -> Found:
        """(2) (3) Read anew when the log has grown; the same object where it has not."""
        size: int = self._session.execute(_LAST).scalar_one()
        if self._live is None or self._live[0] != size:
            self._live = (size, _going_on(self._read(self._spoken.of_live)))
        return self._live[1]

    def whole(self) -> tuple[GrantId, ...]:
        """(3) Reads every entry of the log; names what is live and was not filed so."""
        size: int = self._session.execute(_LAST).scalar_one()
        self._live = (size, _going_on(self._read(self._spoken.every)))
        return refile(self._session, self._live[1])

    def _read(self, query: TextClause, **values: str) -> Mapping[GrantId, Sequence[_Found]]:
        found: dict[GrantId, list[_Found]] = {}
        for row in self._session.execute(query, values):
            index, leaf, kept, node = row
            found.setdefault(grant_in(_bytes(leaf)), []).append((index, leaf, kept, node))
        return found


def _going_on(found: Mapping[GrantId, Sequence[_Found]]) -> Found:
    """(2)."""
    live = {}
    for name, rows in found.items():
        over = _sound(row for row in rows if has_ended(_bytes(row[1])))
        if not over and (entries := _sound(rows)):
            live[name] = entries
    return live


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
