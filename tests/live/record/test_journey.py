"""One request by the command line, from making the store to the end of access (S38)."""

from pathlib import Path

import pytest

from govagents.adapters.sql.choosing import ADDRESS
from govagents.wiring import create_store
from tests.journey.breaking import HOLDER, OWNER
from tests.journey.conftest import WORLD
from tests.journey.terminal import Terminal
from tests.live.kept import Kept, new_database
from tests.live.server import PASSWORD, Server

WORDS = "Redrive the tracking dlq, 2h"
AFTER = "2026-11-23T12:00:00Z"

pytestmark = pytest.mark.live


def over_tcp(server: Server, folder: Path) -> str:
    """With a password, which only a passfile says."""
    passfile = folder / "pgpass"
    passfile.write_text(f"127.0.0.1:{server.port}:*:*:{PASSWORD}\n", encoding="utf-8")
    passfile.chmod(0o600)
    user, _, place = new_database(server).partition("@")
    at = f"127.0.0.1:{server.port}/{place.rpartition('/')[2]}"
    return f"{user}@{at}?sslmode=disable&passfile={passfile}"


def test_access_is_given_and_ends_when_the_record_is_in_a_postgresql(
    postgres: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All but the record stays in the folder, and no password does."""
    terminal = Terminal(tmp_path / "store", capsys)

    made = terminal.type("init", "--demo", "--database", over_tcp(postgres, tmp_path))
    assert (made.code, f"127.0.0.1:{postgres.port}" in made.out) == (0, True), made.err
    assert terminal.type("sweep", "--once").code == 0
    assert terminal.type("ask", WORDS, "--as", HOLDER).code == 5
    assert terminal.type("approve", "--last", "--as", OWNER).code == 0
    assert terminal.data("request", "show", "--last", "--as", HOLDER)["status"] == "active"
    swept = terminal.data("sweep", "--once", "--now", AFTER)
    assert len(swept["expired"]) == 1
    assert terminal.data("request", "show", "--last", "--as", HOLDER)["status"] == "expired"
    audited = terminal.data("audit", "verify")
    assert (audited["ok"], audited["misfiled"]) == (True, [])
    assert terminal.type("doctor").code == 0

    files = {path.name for path in terminal.home.iterdir()}
    assert {ADDRESS, "log.key", "checkpoints.db"} <= files
    assert "govagents.db" not in files
    assert (terminal.home / ADDRESS).stat().st_mode & 0o777 == 0o600
    inside = [path.read_bytes() for path in terminal.home.rglob("*") if path.is_file()]
    assert not any(PASSWORD.encode() in each for each in inside)


def test_the_store_is_refused_and_goes_on_when_its_database_is_away(
    holding: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    """What has it open goes on too, when it is back."""
    terminal, records = Terminal(holding.home, capsys), holding.app.records
    holding.server.stop()
    try:
        for words in (("sweep", "--once", "--now", AFTER), ("doctor",), ("audit", "verify")):
            said = terminal.type(*words)
            assert said.code == 1, words
            assert "cannot be reached" in said.out + said.err, words
            assert "psycopg" not in said.out + said.err, words
    finally:
        holding.server.start()

    with records.begin() as tx:
        assert len(tx.requests.list()) == 1
    holding.restarted()
    assert len(terminal.data("sweep", "--once", "--now", AFTER)["expired"]) == 1


def test_nothing_is_left_of_a_store_when_making_it_fails(
    postgres: Server,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither a folder nor a table: the next one is made in the same places."""
    address = new_database(postgres)
    terminal = Terminal(tmp_path / "store", capsys)
    with monkeypatch.context() as patch:
        patch.setattr("govagents.wiring.making._move", _crash)
        with pytest.raises(KeyboardInterrupt):
            create_store(terminal.home, world=WORLD, demo=True, database=address)

    assert not terminal.home.exists()
    assert terminal.type("init", "--demo", "--database", address).code == 0
    again = Terminal(tmp_path / "another", capsys).type("init", "--demo", "--database", address)
    assert (again.code, "there is a store in" in again.err) == (1, True)


def _crash(*_: object) -> None:
    raise KeyboardInterrupt
