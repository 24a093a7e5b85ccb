"""The one row that is the store itself, its counters and its settings."""

import json
from base64 import b32encode
from hashlib import sha256

from sqlmodel import Field, Session

from govagents.adapters.sql.columns import Row
from govagents.domain.canonical import Plain, canonical
from govagents.errors import IntegrityError, StateError

SCHEMA = 6
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


class Store:
    """The store's own row, as one transaction sees it."""

    def __init__(self, session: Session) -> None:
        """Reads the row on first use."""
        self._session = session
        self._row: StoreRow | None = None  # held: a session forgets what nobody holds

    @property
    def row(self) -> StoreRow:
        """The row; changes to it are written with the transaction."""
        self._row = self._row or self._session.get(StoreRow, 1)
        if self._row is None:
            message = "the store's own row is gone: restore the store from a copy"
            raise IntegrityError(message)
        return self._row

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


class SqlSettings:
    """`ports.Settings`. What is fixed at the making of the store can never be set."""

    def __init__(self, session: Session) -> None:
        """One transaction's view."""
        self._session = session

    def get(self, name: str) -> Plain:
        """The value, or None if nobody set it."""
        row = self._session.get(SettingRow, name)
        value: Plain = None if row is None else json.loads(row.value)
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
        row = self._session.get(SettingRow, name) or SettingRow(name=name, value="")
        row.value = canonical(value).decode()
        self._session.add(row)
