"""What a store needs of its database, whichever it is, and how one is read without being opened."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine


class Rows(Protocol):
    """What a query found."""

    def __iter__(self) -> Iterator[Any]: ...

    def fetchone(self) -> Any:  # noqa: ANN401  # of whatever was asked for
        """The next, or None."""

    def fetchall(self) -> list[Any]:
        """All that are left."""


class Reading(Protocol):
    """A database open to be read, all of it as it is at one instant."""

    def execute(self, query: str, /) -> Rows:
        """Of ours, without values."""


class Database(Protocol):
    """One store's, whether or not it is there yet."""

    @property
    def folder(self) -> Path:
        """The store's."""

    @property
    def where(self) -> str:
        """For people."""

    @property
    def in_folder(self) -> bool:
        """Whether a copy of the folder is a copy of the store."""

    @property
    def again(self) -> str:
        """What to do where making the store was interrupted."""

    def create(self) -> None:
        """Room for tables, and nobody else let in."""

    def check(self) -> None:
        """Raises ConfigurationError where there is none, or others may write to it."""

    def open(self) -> Engine:
        """Connections by which one unit of work at a time is done."""

    def furnish(self, connection: Connection) -> None:
        """What tables need beside themselves: the log's take new rows only."""

    def forget(self, engine: Engine) -> None:
        """What was erased is in no file of the database any more."""

    def translated(self) -> AbstractContextManager[None]:
        """Our errors instead of the driver's."""

    def reading(self) -> AbstractContextManager[Reading]:
        """See `Reading`."""
