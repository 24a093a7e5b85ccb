"""The one row that is the store itself, its counters and its settings.

Every transaction reads it: by a statement that is made once, into an object that is not watched.
What was changed in it is written with the transaction (`save`).
"""

import json
from base64 import b32encode
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Field, Session

from govagents.adapters.sql.columns import TABLES, Row
from govagents.adapters.sql.sealed import SEALED, seal_of, touch
from govagents.domain.canonical import Plain, canonical
from govagents.errors import IntegrityError, StateError

SCHEMA = 7
NO_WORLD = "no company is loaded: run `govagents world import DIR --apply`"
_FIXED = frozenset({"demo"})
_ID_CHARACTERS = 6


class StoreRow(Row, table=True):
    """`version` counts changes of what decisions read, `drawn` the numbers given out.

    `world` and `catalog` are digests of what is in force.
    """

    __tablename__ = "store"
    id: int = Field(default=1, primary_key=True)
    # `schema_` because a model's `schema` is taken
    schema_: int = Field(default=SCHEMA, sa_column_kwargs={"name": "schema"})
    name: str
    vkey: str
    version: int = 0
    drawn: int = 0
    world: str | None = None
    catalog: str | None = None


class SettingRow(Row, table=True):
    """One small fact, as canonical JSON."""

    __tablename__ = "setting"
    name: str = Field(primary_key=True)
    value: str


_STORE, _SETTING = TABLES.tables["store"], TABLES.tables["setting"]
_THE_ROW = select(_STORE).where(_STORE.c.id == 1)
_SAVED = update(_STORE).where(_STORE.c.id == 1)
_OF_NAME = _SETTING.c.name == bindparam("name_")
_VALUE, _CHANGED = select(_SETTING.c.value).where(_OF_NAME), update(_SETTING).where(_OF_NAME)


@dataclass
class Own:
    """The store's own row: as `StoreRow` without its key."""

    schema: int
    name: str
    vkey: str
    version: int
    drawn: int
    world: str | None
    catalog: str | None


class Store:
    """The store's own row, as one transaction sees it."""

    def __init__(self, session: Session) -> None:
        """Reads the row on first use."""
        self._session = session
        self._row: Own | None = None
        self._kept: Own | None = None

    @property
    def row(self) -> Own:
        """The row; changes to it are written with the transaction."""
        if self._row is None:
            found = self._session.execute(_THE_ROW).first()
            if found is None:
                message = "the store's own row is gone: restore the store from a copy"
                raise IntegrityError(message)
            self._row, self._kept = Own(*found[1:]), Own(*found[1:])
        return self._row

    def save(self) -> None:
        """Writes what was changed."""
        if self._row is not None and self._row != self._kept:
            self._session.execute(_SAVED, asdict(self._row))
            touch(self._session, _STORE.name, 1, before=_anew(self._kept))
            self._kept = replace(self._row)

    def count(self) -> int:
        """The next number; gives what is kept its order."""
        row = self.row
        row.drawn += 1
        return row.drawn

    def draw(self, prefix: str) -> str:
        """A short id nobody has: the same sequence in every store of the same name.

        Collisions are for the caller to look for, and to draw again.
        """
        seed = f"govagents/{self.row.name}/{prefix}/{self.count()}"
        letters = b32encode(sha256(seed.encode()).digest()).decode().lower()
        return f"{prefix}_{letters[:_ID_CHARACTERS]}"


def _anew(kept: Own | None) -> str | None:
    """What the seal of the row says, if it was this."""
    if kept is None:
        return None
    sealed = SEALED[_STORE.name]
    held = {"id": 1, **asdict(kept)}
    return seal_of(sealed, [held[name] for name in sealed.columns]).anew


class SqlSettings:
    """`ports.Settings`. What is fixed at the making of the store can never be set."""

    def __init__(self, session: Session) -> None:
        """One transaction's view."""
        self._session = session

    def get(self, name: str) -> Plain:
        """The value, or None if nobody set it."""
        kept = self._session.execute(_VALUE, {"name_": name}).scalar()
        value: Plain = None if kept is None else json.loads(kept)
        return value

    def set(self, name: str, value: Plain) -> None:
        """Keep a value.

        Raises:
            StateError: `name` was fixed when the store was made.
        """
        if name in _FIXED:  # SECURITY: a live store that could become a demo would accept anybody
            message = f"`{name}` was fixed when the store was made: make another store instead"
            raise StateError(message)
        self.fix(name, value)

    def fix(self, name: str, value: Plain) -> None:
        """As `set`, for the maker of the store."""
        written = {"name_": name, "value": canonical(value).decode()}
        if not self._session.connection().execute(_CHANGED, written).rowcount:
            self._session.execute(insert(_SETTING), {"name": name, "value": written["value"]})
        touch(self._session, "setting", name, new=True)
