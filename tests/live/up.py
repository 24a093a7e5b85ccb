"""`make up`: a PostgreSQL on loopback to try the connector on, and a sweeper, until interrupted.

`python -m tests.live.up [FOLDER [PORT]]`. The server is kept in FOLDER from one time to the next:
beside the store's files, or, where root starts it, at the home of the user that it runs as. Where
PostgreSQL is not installed there is the sweeper alone.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType

from psycopg.sql import SQL, Identifier, Literal

from govagents.settings import FILE, home
from tests.live.server import ACCOUNT, BINARIES, Server

PORT = 55432
PASSFILE = "postgres.pass"


def main(words: list[str]) -> int:
    """The exit code is the sweeper's."""
    store = home(None)
    if not (store / FILE).is_file():
        _say(f"no store at `{store}`: make one with `govagents init`; evals/README.md says how")
        return 1
    if not BINARIES:
        _say("PostgreSQL is not installed (apt-get install postgresql): only sweeping")
        return _sweep(store)
    folder = Path(words[0]) if words else _beside(store)
    with _running(folder, int(words[1]) if len(words) > 1 else PORT) as server:
        _introduce(server, store)
        return _sweep(store)


def _beside(store: Path) -> Path:
    if os.geteuid() == 0:
        return Path(pwd.getpwnam("postgres").pw_dir) / "govagents"
    return store / "postgres"


@contextmanager
def _running(folder: Path, port: int) -> Iterator[Server]:
    server = Server(folder, port=port)
    if not folder.is_dir():
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
    if not (folder / "data").is_dir():
        server.make()
    server.start()
    try:
        yield server
    finally:
        server.stop(signal.SIGINT)


def _introduce(server: Server, store: Path) -> None:
    """The account, once for each store, and what an operator writes and types."""
    if not (store / PASSFILE).is_file():
        _account(server, store)
    address = (
        f"host=127.0.0.1 port={server.port} dbname=postgres user={ACCOUNT} "
        f"passfile={PASSFILE} sslmode=disable"
    )
    _say(f"server    127.0.0.1:{server.port}, in {server.folder}, until interrupted")
    _say(f"admin     psql -h {server.folder} -p {server.port} -U admin postgres")
    _say(f'a system  SYSTEM = "postgres:{address}"')
    _say(
        f'a role    CREATE ROLE "SYSTEM/ROLE"; GRANT "SYSTEM/ROLE" TO {ACCOUNT} WITH ADMIN OPTION;'
    )
    _say('a login   CREATE ROLE "ID" LOGIN PASSWORD ...;')


def _account(server: Server, store: Path) -> None:
    """With a password of its own, in a file that its owner alone can read."""
    password = secrets.token_urlsafe(24)
    verb = "ALTER" if server.do("SELECT 1 FROM pg_roles WHERE rolname = 'govagents'") else "CREATE"
    form = SQL(verb + " ROLE {0} LOGIN PASSWORD {1}; GRANT pg_signal_backend TO {0}")
    with closing(server.admin()) as connection:
        connection.execute(form.format(Identifier(ACCOUNT), Literal(password)))
    file = store / PASSFILE
    file.touch(mode=0o600)
    file.write_text(f"127.0.0.1:*:*:{ACCOUNT}:{password}\n", encoding="utf-8")


def _sweep(store: Path) -> int:
    """Until it ends; whoever is asked to stop asks it, and it finishes what it has begun."""
    program = "import sys; from govagents.entrypoints.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "sweep", "--every", "30s", "--home", str(store)]
    sweeper = subprocess.Popen(command)

    def stop(signum: int, frame: FrameType | None) -> None:
        sweeper.terminate()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    return sweeper.wait()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
