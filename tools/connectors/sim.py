"""`sim`: made-up systems that behave like real ones, in a file of their own.

To hold a role is to have a row in `held`. The file stands for the outside: killing the program
leaves it as a real target would be left, and nothing in it is believed but what `holders` reads.
`change` keeps every real change with the fence of its order, so that tests can count effects. No
system, role or subject has to exist: unknown names are only names. The account needs to read and
write that file.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.ports import Connector, Order, TargetRefusedError, TargetUnavailableError

_WAIT_SECONDS = 10
_TABLES = """
CREATE TABLE IF NOT EXISTS held (
    system TEXT, role TEXT, subject TEXT, fence TEXT, PRIMARY KEY (system, role, subject)
);
CREATE TABLE IF NOT EXISTS change (
    n INTEGER PRIMARY KEY, system TEXT, role TEXT, subject TEXT, gained INTEGER, fence TEXT
);
"""


class Sim(Connector):
    """The demo company's systems."""

    scheme = "sim"

    def __init__(self, file: Path) -> None:
        """`file` is made on first use."""
        self._file = file

    @classmethod
    def at(cls, address: str, folder: Path) -> "Sim":
        """`address` is the file's name in the store's folder."""
        return cls(folder / address)

    def seed(self, holdings: Iterable[tuple[SystemId, RoleId, IdentityId]]) -> None:
        """Who holds what before anything was ever asked of us. May be repeated."""
        rows = list(holdings)
        with self._changing() as connection:
            connection.executemany("INSERT OR IGNORE INTO held VALUES (?, ?, ?, 'seed')", rows)

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        """Who holds `role` now."""
        query = "SELECT subject FROM held WHERE system = ? AND role = ?"
        with self._open() as connection:
            rows = connection.execute(query, (system, role))
            return frozenset(IdentityId(subject) for (subject,) in rows)

    def grant(self, order: Order) -> None:
        """Make it so."""
        row = (order.system, order.role, order.subject, order.fence)
        with self._changing() as connection:
            done = connection.execute("INSERT OR IGNORE INTO held VALUES (?, ?, ?, ?)", row)
            if done.rowcount:
                _note(connection, order, gained=True)

    def revoke(self, order: Order) -> None:
        """Make it not so; there are no sessions to end."""
        row = (order.system, order.role, order.subject)
        query = "DELETE FROM held WHERE system = ? AND role = ? AND subject = ?"
        with self._changing() as connection:
            if connection.execute(query, row).rowcount:
                _note(connection, order, gained=False)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            opened = sqlite3.connect(self._file, timeout=_WAIT_SECONDS, isolation_level=None)
            with closing(opened) as connection:
                connection.executescript(_TABLES)
                yield connection
        except sqlite3.OperationalError as error:
            message = f"the simulated systems cannot be reached: {error}"
            raise TargetUnavailableError(message) from error
        except (sqlite3.DatabaseError, UnicodeEncodeError) as error:
            message = f"the simulated systems refuse: {error}"
            raise TargetRefusedError(message) from error


def _note(connection: sqlite3.Connection, order: Order, *, gained: bool) -> None:
    query = "INSERT INTO change (system, role, subject, gained, fence) VALUES (?, ?, ?, ?, ?)"
    connection.execute(query, (order.system, order.role, order.subject, gained, order.fence))
