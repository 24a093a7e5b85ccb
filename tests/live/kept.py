"""A store whose database of record is in a PostgreSQL, and copies of it that tests may spoil.

Each copy has a database of its own, made from the first one's as the server makes copies.
"""

import shutil
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from psycopg.sql import SQL, Identifier

from govagents.adapters.sql.choosing import ADDRESS
from govagents.testing.company import Company
from govagents.wiring import create_store
from tests.live.server import Server

KEEPER = "keeper"
_numbers = count(1)


def new_database(server: Server, template: str = "template0") -> str:
    """The address of one that is its keeper's own, through the socket: no password is asked for."""
    name = f"store_{next(_numbers)}"
    with closing(server.admin()) as connection:
        known = "SELECT FROM pg_roles WHERE rolname = %s"
        if connection.execute(known, (KEEPER,)).fetchone() is None:
            server.login(KEEPER)
        form = SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        connection.execute(form.format(*map(Identifier, (name, KEEPER, template))))
    host = str(server.folder).replace("/", "%2F")
    return f"postgresql://{KEEPER}@{host}:{server.port}/{name}"


def address_of(home: Path) -> str:
    """Of the store in `home`."""
    return (home / ADDRESS).read_text(encoding="utf-8").strip()


def copied(server: Server, store: Path, home: Path) -> Path:
    """A copy of the store, which nobody has open, in `home` and in a database of its own."""
    shutil.copytree(store, home)
    home.chmod(0o700)
    address = new_database(server, address_of(store).rpartition("/")[2])
    (home / ADDRESS).write_text(f"{address}\n", encoding="utf-8")
    return home


@dataclass
class Kept(Company):
    """A company in such a store."""

    server: Server = field(kw_only=True)

    @classmethod
    def made_in(cls, server: Server, home: Path, world: Path) -> "Kept":
        """A new store for the company whose files lie in `world`."""
        address = new_database(server)
        create_store(home, world=world, demo=True, database=address).records.close()
        return cls(home, world, server=server)

    def copied(self, home: Path) -> "Kept":
        """The same company in a store of its own."""
        return Kept(
            copied(self.server, self.home, home), self.world, self.roster, server=self.server
        )
