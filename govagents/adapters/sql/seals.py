"""The seals of rows in the store, as one transaction sees and makes them (`sealed`, `sealing`)."""

from collections.abc import Iterable, Mapping
from functools import cache

from sqlalchemy import (
    BindParameter,
    TextClause,
    bindparam,
    delete,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlmodel import Field, Session

from govagents.adapters.sql.columns import TABLES, Row
from govagents.adapters.sql.either import attempt
from govagents.adapters.sql.sealed import SEALED, Touched, seal_of, touch, touched_in
from govagents.audit.checkpoint import Signer
from govagents.audit.sealing import Seal, Signed, changed

_AT_ONCE = 500


class SealRow(Row, table=True):
    """What one row was when it was last written."""

    __tablename__ = "seal"
    name: str = Field(primary_key=True)
    once: str
    anew: str


class SealedRow(Row, table=True):
    """The sum of all seals, and the note that signs it."""

    __tablename__ = "sealed"
    id: int = Field(default=1, primary_key=True)
    total: str
    note: str


# made once: to make a statement takes longer than to ask the database
_KEPT = text("SELECT total, note, EXISTS (SELECT 1 FROM seal) FROM sealed")
_NAMES: "BindParameter[object]" = bindparam("names", expanding=True)
_SEAL, _SEALED = TABLES.tables["seal"], TABLES.tables["sealed"]
_BEFORE = select(_SEAL).where(_SEAL.c.name.in_(_NAMES))
_GONE, _MADE = delete(_SEAL).where(_SEAL.c.name.in_(_NAMES)), insert(_SEAL)
_SIGNED, _FIRST = update(_SEALED), insert(_SEALED)


class Seals:
    """The seals as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        """Reads nothing yet."""
        self._session = session
        self._read: Signed | None = None

    @property
    def touched(self) -> bool:
        """Whether a row was written that is sealed."""
        return bool(touched_in(self._session))

    def kept(self) -> Signed | None:
        """The sum and its note; both empty where there are none. None: their tables are gone.

        INVARIANT (taking back never waits): what cannot be sealed is written all the same.
        """
        if self._read is not None:  # nobody else writes before this transaction has ended
            return self._read
        try:
            with attempt(self._session):
                kept = self._session.connection().execute(_KEPT)
        except DBAPIError:
            return None
        found = kept.first()
        self._read = Signed("", "") if found is None else Signed(str(found[0]), str(found[1]))
        return self._read

    def close(self, signer: Signer | None, size: int) -> Signed | None:
        """(2) (3) Seals what was touched, and signs all of it; without a key the note stays."""
        touched = dict(touched_in(self._session))
        touched_in(self._session).clear()
        kept = self.kept()
        if kept is None:
            return None
        now = {
            name: (seal, how)
            for name, how in touched.items()
            if (seal := self._now(how.table, how.key)) is not None
        }
        before = self._before(now) if now else {}
        made = {
            name: seal
            for name, row in now.items()
            if (seal := _made(*row, before.get(name))) not in {None, before.get(name)}
        }
        total = kept.total
        if made:
            total = changed(total, self._replace(made, before), made)
        signed = Signed(total, kept.note) if signer is None else Signed.by(signer, total, size)
        if signed != kept:
            self._keep(signed)
        return signed

    def all(self) -> None:
        """Seals every row there is: of a store that an earlier release wrote."""
        there = set(inspect(self._session.connection()).get_table_names())
        for table, kept in SEALED.items():
            if table not in there:
                continue  # whoever opens the store to end makes it anew
            columns = ", ".join(f'"{name}"' for name in kept.key)
            query = f'SELECT {columns} FROM "{table}"'  # noqa: S608  # ours
            rows = self._session.connection().execute(text(query)).all()
            for start in range(0, len(rows), _AT_ONCE):
                for key in rows[start : start + _AT_ONCE]:
                    touch(self._session, table, *key, new=True)
                self.close(None, 0)

    def _now(self, table: str, key: tuple[object, ...]) -> Seal | None:
        values = {f"k{at}": value for at, value in enumerate(key)}
        try:
            with attempt(self._session):
                row = self._session.connection().execute(_query(table), values).first()
        except DBAPIError:
            return None  # unreadable: its seal stays, and names it
        return None if row is None else seal_of(SEALED[table], row)

    def _before(self, names: Iterable[str]) -> Mapping[str, Seal]:
        rows = self._session.connection().execute(_BEFORE, {"names": list(names)})
        return {name: Seal(str(once), str(anew)) for name, once, anew in rows}

    def _replace(self, made: Mapping[str, Seal], before: Mapping[str, Seal]) -> dict[str, Seal]:
        """Writes the new seals; those that they replace."""
        connection = self._session.connection()
        old = [name for name in made if name in before]
        if old:
            connection.execute(_GONE, {"names": old})
        rows = [{"name": name, "once": seal.once, "anew": seal.anew} for name, seal in made.items()]
        connection.execute(_MADE, rows)
        return {name: before[name] for name in old}

    def _keep(self, signed: Signed) -> None:
        connection, values = self._session.connection(), signed._asdict()
        if not connection.execute(_SIGNED, values).rowcount:
            connection.execute(_FIRST, {"id": 1, **values})
        self._read = signed


@cache
def _query(table: str) -> TextClause:
    kept = SEALED[table]
    where = " AND ".join(f'"{name}" = :k{at}' for at, name in enumerate(kept.key))
    columns = ", ".join(f'"{name}"' for name in kept.columns)
    return text(f'SELECT {columns} FROM "{table}" WHERE {where}')  # noqa: S608  # ours


def _made(seal: Seal, how: Touched, old: Seal | None) -> Seal | None:
    """The new seal of a row; None = it keeps the one it has."""
    if how.before is not None and old is not None and old.anew != how.before:
        return None  # it counted on what somebody else put there
    once = seal.once if how.new or not SEALED[how.table].once else old.once if old else ""
    return Seal(once, seal.anew)
