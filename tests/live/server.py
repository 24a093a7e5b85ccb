"""A PostgreSQL of the tests' own: on loopback, in a folder of its own, gone when they are.

Rules:
1. One server a process, however many folders of tests ask for it; it starts when first asked for.
2. It never runs as root: started by root, it is the user that Debian's package makes for it.
3. It ends with the process that started it, also where that is killed. For the tests no write waits
   for the disk, and the folder goes with the server.
4. `admin` is its superuser, through a socket in that folder alone; over TCP all have a password.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import psycopg
import pytest
from psycopg.sql import SQL, Composed, Identifier, Literal

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

ACCOUNT, PASSWORD = "govagents", "s3cret-of-tests"
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
_AS: Mapping[str, Any] = (
    {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
)
QUICK = (
    "fsync=off",
    "full_page_writes=off",
    "shared_buffers=16MB",
    "wal_level=minimal",
    "max_wal_senders=0",
)
_READY = b"database system is ready to accept connections"


class Server:
    """One cluster; it may be stopped and started again."""

    def __init__(self, folder: Path, *, port: int, settings: Sequence[str] = ()) -> None:
        self.folder, self.port = folder, port
        self._settings = (*settings, "listen_addresses=127.0.0.1", "max_connections=40")
        self._process: subprocess.Popen[bytes] | None = None
        self._password = PASSWORD

    def make(self) -> None:
        """An empty cluster in the folder."""
        making = ["-D", "data", "-U", "admin", "--auth-local=trust", "--auth-host=scram-sha-256"]
        subprocess.run(
            [str(BINARIES[-1]), *making, "--no-sync", "--encoding=UTF8", "--locale=C"],
            check=True,
            capture_output=True,
            cwd=self.folder,
            **_AS,
        )

    def start(self) -> None:
        """Of a session of its own: an interrupt is for whoever started it."""
        settings = (f"port={self.port}", f"unix_socket_directories={self.folder}", *self._settings)
        program = [str(BINARIES[-1].with_name("postgres")), "-D", str(self.folder / "data")]
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig=QUIT", *program, *(p for s in settings for p in ("-c", s))],
            stderr=subprocess.PIPE,
            cwd=self.folder,
            start_new_session=True,
            **_AS,
        )
        said = self._process.stderr
        assert said is not None
        assert any(_READY in line for line in said), "the server did not start"
        threading.Thread(target=said.read, daemon=True).start()  # a full pipe would hold it up

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """At once, as a crash would; or, by SIGINT, in order."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            assert self._process.stderr is not None
            self._process.stderr.close()
            self._process = None

    def admin(self, dbname: str = "postgres") -> Connection:
        """A superuser's connection, to be closed by whoever asks."""
        return psycopg.connect(
            host=str(self.folder), port=self.port, user="admin", dbname=dbname, autocommit=True
        )

    def do(self, text: str, *names: str) -> list[tuple[Any, ...]]:
        """One statement of a superuser's; each `{}` is a name."""
        with closing(self.admin()) as connection:
            return fetched(connection, SQL(text).format(*(Identifier(name) for name in names)))

    def clean(self) -> None:
        """Nobody but owners of databases and the account, which holds nothing, may end sessions."""
        with closing(self.admin()) as connection:
            found = "SELECT rolname FROM pg_roles WHERE oid >= 16384 AND rolname <> {}"
            found += " AND NOT EXISTS (SELECT FROM pg_database WHERE datdba = pg_roles.oid)"
            for (name,) in fetched(connection, SQL(found).format(Literal(ACCOUNT))):
                connection.execute(SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(Identifier(name)))
            again = "ALTER ROLE {0} RESET ALL; GRANT pg_signal_backend TO {0}"
            connection.execute(SQL(again).format(Identifier(ACCOUNT)))

    def login(self, *names: str) -> None:
        """Logins, all with the one password: hashed once, because that is made to be slow."""
        with closing(self.admin()) as connection:
            for name in names:
                form = SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                connection.execute(form.format(Identifier(name), Literal(self._password)))
                if self._password == PASSWORD:
                    hashed = "SELECT rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL"
                    ((self._password,),) = fetched(connection, SQL(hashed).format())

    def govern(self, *roles: str) -> None:
        """Roles that the account may give."""
        with closing(self.admin()) as connection:
            for role in roles:
                form = SQL("CREATE ROLE {0}; GRANT {0} TO {1} WITH ADMIN OPTION")
                connection.execute(form.format(Identifier(role), Identifier(ACCOUNT)))

    def members(self, role: str) -> set[str]:
        """Who is a direct member, as the server's own table says."""
        text = (
            "SELECT member.rolname FROM pg_auth_members JOIN pg_roles AS role ON role.oid = roleid "
            "JOIN pg_roles AS member ON member.oid = member WHERE role.rolname = {}"
        )
        with closing(self.admin()) as connection:
            return {name for (name,) in fetched(connection, SQL(text).format(Literal(role)))}

    def as_(self, name: str) -> Connection:
        """A session of `name`'s, over TCP, to be closed by whoever asks."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=name,
            password=PASSWORD,
            dbname="postgres",
            autocommit=True,
        )

    def address(self, folder: Path) -> str:
        """What the connector is told; the password lies in a file in `folder`."""
        file = folder / "pg.pass"
        file.write_text(f"*:*:*:*:{PASSWORD}\n", encoding="utf-8")
        file.chmod(0o600)
        return (
            f"host=127.0.0.1 port={self.port} dbname=postgres user={ACCOUNT} "
            "passfile=pg.pass sslmode=disable"
        )


def fetched(connection: Connection, statement: Composed) -> list[tuple[Any, ...]]:
    """Its rows, or none where it has none."""
    cursor = connection.execute(statement)
    return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """(1) The server, with the account of the connector."""
    if not BINARIES:
        pytest.skip("needs `postgresql`: it is not installed")
    with _shared.used() as server:
        yield server


class _Shared:
    """(1) Started for the first user and stopped after the last."""

    def __init__(self) -> None:
        self._server: Server | None = None
        self._users = 0

    @contextmanager
    def used(self) -> Iterator[Server]:
        self._server = self._server or _started()
        self._users += 1
        try:
            yield self._server
        finally:
            self._users -= 1
            if not self._users:
                self._server.stop()
                shutil.rmtree(self._server.folder)
                self._server = None


_shared = _Shared()


def folder_for_it() -> Path:
    """A new one, which whoever runs the server may enter."""
    folder = Path(tempfile.mkdtemp(prefix="govagents-pg-"))  # short: a socket's path has a limit
    if _AS:
        shutil.chown(folder, _AS["user"], _AS["group"])
    return folder


def _started() -> Server:
    server = Server(folder_for_it(), port=free_port(), settings=QUICK)
    server.make()
    server.start()
    server.login(ACCOUNT)
    return server


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port
