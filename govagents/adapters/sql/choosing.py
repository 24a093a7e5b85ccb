"""Which database a store is in: a file in its folder, or a PostgreSQL that a file there names.

Rules:
1. It is chosen here and nowhere else: where `database.url` lies, the store is in the PostgreSQL it
   names (`postgres`), else in `govagents.db` (`engine`). A folder with both is refused, so that no
   older one is taken for the store.
2. Everything else of a store lies in its folder whichever it is: key, checkpoints, index, settings.
3. PostgreSQL's driver is loaded by a store that lives in one, and by nothing else.
"""

from pathlib import Path

from govagents.adapters.sql.database import Database
from govagents.adapters.sql.private import keep_private
from govagents.adapters.sql.sqlite_file import DATABASE, SqliteFile
from govagents.errors import ConfigurationError, InputError, StateError

ADDRESS = "database.url"


def database_of(folder: Path) -> Database:
    """(1) That of the store in `folder`.

    Raises:
        ConfigurationError: it has two, or what names it cannot be used.
    """
    named = folder / ADDRESS
    if not named.is_file():
        return SqliteFile(folder)
    if (folder / DATABASE).exists():
        message = f"`{folder}` has two databases, `{ADDRESS}` and `{DATABASE}`: move one away"
        raise ConfigurationError(message)
    try:
        address = named.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"`{named}`, which says where the database is, cannot be read: {error}"
        raise ConfigurationError(message) from error
    return _postgres(folder, address)


def new_database(folder: Path, address: str | None) -> Database:
    """For a new store in `folder`: at an address of PostgreSQL, or in a file.

    Raises:
        InputError: the address cannot be used.
    """
    if address is None:
        return SqliteFile(folder)
    try:
        database = _postgres(folder, address)
    except ConfigurationError as error:
        raise InputError(str(error)) from error
    _keep(folder / ADDRESS, address)
    return database


def _keep(file: Path, address: str) -> None:
    """Beside the key."""
    if not file.exists():
        keep_private(file, f"{address}\n")
    elif file.read_text(encoding="utf-8").strip() != address:
        message = f"`{file}` names another database already: choose another folder"
        raise StateError(message)


def _postgres(folder: Path, address: str) -> Database:
    """(3).

    Raises:
        ConfigurationError: the driver is missing, or the address cannot be used.
    """
    try:
        from govagents.adapters.sql.postgres import Postgres, settled  # noqa: PLC0415
    except ImportError as error:
        message = (
            "the store is in a PostgreSQL, which needs psycopg: install the extra `postgres` of "
            "this package"
        )
        raise ConfigurationError(message) from error
    return Postgres(folder, settled(address))
