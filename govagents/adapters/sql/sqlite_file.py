"""The database of record in a file of the store's folder."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from govagents.adapters.sql import engine as sqlite
from govagents.adapters.sql.database import Reading
from govagents.adapters.sql.private import refuse_writable
from govagents.errors import ConfigurationError, IntegrityError

DATABASE = "govagents.db"


@dataclass(frozen=True)
class SqliteFile:
    """`govagents.db`."""

    folder: Path

    @property
    def file(self) -> Path:
        """Where it lies."""
        return self.folder / DATABASE

    @property
    def where(self) -> str:
        """The store's folder."""
        return f"`{self.folder}`"

    @property
    def in_folder(self) -> bool:
        """It is."""
        return True

    @property
    def again(self) -> str:
        """Over what there is."""
        return "run `govagents init` again"

    def create(self) -> None:
        """An empty file."""
        sqlite.create_file(self.file)

    def check(self) -> None:
        """Raises ConfigurationError where there is none, or others may write to it."""
        if not self.file.is_file():
            message = f"there is no store in `{self.folder}`: make one with `govagents init`"
            raise ConfigurationError(message)
        refuse_writable(self.folder, self.file)

    def open(self) -> Engine:
        """See `engine`."""
        return sqlite.open_engine(self.file)

    def furnish(self, connection: Connection) -> None:
        """Triggers."""
        sqlite.seal_log(connection)

    def forget(self, engine: Engine) -> None:
        """Empties the file beside it."""
        sqlite.forget(engine)

    def translated(self) -> AbstractContextManager[None]:
        """See `engine`."""
        return sqlite.translated()

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Read-only, whatever state it is in.

        Raises:
            ConfigurationError: there is none.
            IntegrityError: what was asked of it is gone or unreadable.
        """
        if not self.file.is_file():
            message = f"there is no store in `{self.folder}`: make one with `govagents init`"
            raise ConfigurationError(message)
        uri = f"{self.file.absolute().as_uri()}?mode=ro"
        try:
            with closing(sqlite3.connect(uri, uri=True)) as connection:
                connection.execute("PRAGMA trusted_schema = OFF")
                connection.execute("BEGIN")
                yield connection
        except sqlite3.DatabaseError as error:
            message = f"the log in `{self.folder}` cannot be read: {error}"
            raise IntegrityError(message) from error
