"""One request whose role is one of a PostgreSQL: granted there, used there, and ended there.

What is shown is not what a record says but what somebody can read in a session of their own (S38).
"""

from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from govagents.adapters.connectors import Loaded, fingerprint, load_connectors
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.settings import FILE
from govagents.testing.company import Company
from govagents.wiring import create_store, parts
from tests.journey.terminal import Terminal
from tests.live.server import PASSWORD, Connection, Server

ASKER, APPROVER = "noor.vandenberg", "bogdan.ionescu"
WORDS = "Read the claims, 2h"
SYSTEM, GOVERNED = "orders-db", "orders-db/od-claims-viewer"
BOTH = ("sim", "postgres")

pytestmark = pytest.mark.live


@pytest.fixture
def database(postgres: Server) -> Server:
    """What the role may read, and a login for who will ask."""
    postgres.clean()
    postgres.govern(GOVERNED)
    postgres.login(ASKER)
    postgres.do("CREATE TABLE IF NOT EXISTS claims AS SELECT 12 AS damaged")
    postgres.do("GRANT SELECT ON claims TO {}", GOVERNED)
    return postgres


@pytest.fixture
def connected(company: Company, database: Server, monkeypatch: pytest.MonkeyPatch) -> Company:
    """The demo company, for its clock; what a demo store does not load is put into its place."""

    def both(enabled: Mapping[str, str]) -> Loaded:
        return load_connectors({**enabled, "postgres": fingerprint("postgres")})

    monkeypatch.setattr(parts, "load_connectors", both)
    with (company.home / FILE).open("a", encoding="utf-8") as settings:
        settings.write(f'{SYSTEM} = "postgres:{database.address(company.home)}"\n')
    return company


def reads(session: Connection) -> bool:
    try:
        return session.execute("SELECT * FROM claims").fetchall() == [(12,)]
    except psycopg.Error:
        return False


def given(company: Company) -> View:
    asked = company.ask(ASKER, WORDS)
    assert asked.status is Status.PENDING
    return company.approve(asked, APPROVER)


def test_who_was_given_a_role_reads_until_its_end_and_no_longer(
    connected: Company, database: Server
) -> None:
    """S38: in a session that was open before, too."""
    asked = connected.ask(ASKER, WORDS)
    with closing(database.as_(ASKER)) as session:
        assert not reads(session)
        assert connected.approve(asked, APPROVER).status is Status.ACTIVE
        assert reads(session)
        session.execute(f'SET ROLE "{GOVERNED}"')

        connected.pass_time(timedelta(hours=2) - timedelta(seconds=1))
        connected.sweep()
        assert reads(session)

        connected.pass_time(timedelta(seconds=1))
        connected.sweep()
        assert connected.view(asked.request.id).status is Status.EXPIRED
        with closing(database.as_(ASKER)) as another:
            assert (reads(session), reads(another)) == (False, False)


def test_access_is_given_back_at_once(connected: Company, database: Server) -> None:
    """S39."""
    (grant,) = given(connected).grants
    with closing(database.as_(ASKER)) as session:
        assert reads(session)

        connected.app.guard.end(grant.id, actor=grant.beneficiary, cause="given_back")

        assert not reads(session)


def test_an_end_is_tried_again_when_the_server_was_away(
    connected: Company, database: Server
) -> None:
    """S38: and it is said that it has not ended, and why."""
    asked = given(connected)
    connected.pass_time(timedelta(hours=2))
    database.stop()
    try:
        connected.sweep()
        (failed,) = connected.view(asked.request.id).grants
    finally:
        database.start()
    assert failed.status is Status.REVOKE_FAILED
    assert "the server cannot be reached" in str(failed.failure)
    with closing(database.as_(ASKER)) as session:
        assert reads(session)

    connected.sweep()

    assert connected.view(asked.request.id).status is Status.EXPIRED
    with closing(database.as_(ASKER)) as session:
        assert not reads(session)


def test_nothing_is_given_when_there_is_no_login(connected: Company, database: Server) -> None:
    database.do("DROP ROLE {}", ASKER)

    blocked = given(connected)

    assert blocked.status is Status.BLOCKED
    assert f"no login `{ASKER}` on the server: make it there first" in blocked.note


def test_a_store_of_ones_own_is_connected_by_its_settings(
    made: Company, database: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As an operator does it: two lines, and `doctor` says what is connected, but no password."""
    home = tmp_path / "own"
    create_store(home, world=made.world, demo=False).records.close()
    enabled = "\n".join(f'{name} = "{fingerprint(name)}"' for name in BOTH)
    systems = f'"*" = "sim:sim.db"\n{SYSTEM} = "postgres:{database.address(home)}"'
    with (home / FILE).open("a", encoding="utf-8") as settings:
        settings.write(f"\n[connectors]\n{enabled}\n[systems]\n{systems}\n")

    said = Terminal(home, capsys).type("doctor")

    assert f"{SYSTEM} by postgres:host=127.0.0.1" in said.words
    assert "what asking takes can be opened" in said.words
    assert PASSWORD not in said.out + said.err
