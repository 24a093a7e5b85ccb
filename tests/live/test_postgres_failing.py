"""`postgres` when something fails: what is known of the effect is said, and no secret (S64)."""

import re
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from os import dup
from pathlib import Path
from typing import Any

import psycopg
import pytest

from govagents.adapters import targets
from govagents.adapters.connectors import fingerprint, load_connectors
from govagents.adapters.targets import open_targets
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.errors import (
    OutcomeUnknownError,
    TargetError,
    TargetRefusedError,
    TargetUnavailableError,
)
from govagents.ports import Connector, Order
from govagents.settings import TARGET_LIMIT
from tests.live.server import ACCOUNT, PASSWORD, Server

SYSTEM, ROLE, GOVERNED = SystemId("shop"), RoleId("reader"), "shop/reader"
ANA = IdentityId("ana")
ORDER = Order(SYSTEM, ROLE, ANA, "gr_1")
OURS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'govagents'"
WAITING = f"{OURS} AND wait_event = 'relation'"

pytestmark = pytest.mark.live


@contextmanager
def held_up(server: Server, call: Callable[[], None]) -> Iterator[list[BaseException]]:
    """`call`, waiting at the server with its order sent; afterwards what it raised."""
    raised: list[BaseException] = []

    def work() -> None:
        try:
            call()
        except TargetError as error:
            raised.append(error)

    with closing(server.admin()) as lock:
        lock.execute("BEGIN; LOCK TABLE pg_auth_members IN EXCLUSIVE MODE")
        thread = threading.Thread(target=work)
        thread.start()
        while not server.do(WAITING):
            assert thread.is_alive()
        yield raised
    thread.join()


def test_what_became_of_an_order_is_unknown_when_its_connection_is_ended(
    roles: Connector, postgres: Server
) -> None:
    with held_up(postgres, lambda: roles.grant(ORDER)) as raised:
        postgres.do(WAITING.replace("pid", "pg_terminate_backend(pid)", 1))

    assert [type(each) for each in raised] == [OutcomeUnknownError]
    assert roles.holders(SYSTEM, ROLE) == frozenset()


def test_nothing_happened_when_the_server_gave_up_waiting(
    roles: Connector, postgres: Server
) -> None:
    module = sys.modules[type(roles).__module__]
    options = module._SETTLED["options"].replace("lock_timeout=3s", "lock_timeout=1ms")
    address = re.sub(r"options='[^']*'", f"options='{options}'", roles._address)  # type: ignore[attr-defined]  # of this connector
    hasty = type(roles)(address)  # type: ignore[call-arg]  # as above

    with closing(postgres.admin()) as lock:
        lock.execute("BEGIN; LOCK TABLE pg_auth_members IN EXCLUSIVE MODE")
        with pytest.raises(TargetUnavailableError, match="lock timeout"):
            hasty.grant(ORDER)

    assert roles.holders(SYSTEM, ROLE) == frozenset()


def test_a_server_that_went_away_is_unavailable_and_then_read_back(
    roles: Connector, postgres: Server
) -> None:
    with held_up(postgres, lambda: roles.grant(ORDER)) as raised:
        postgres.stop()
    try:
        assert [type(each) for each in raised] == [OutcomeUnknownError]
        for call in (roles.grant, roles.revoke):
            with pytest.raises(TargetUnavailableError, match="cannot be reached"):
                call(ORDER)
        with pytest.raises(TargetUnavailableError, match="cannot be reached"):
            roles.holders(SYSTEM, ROLE)
    finally:
        postgres.start()

    assert roles.holders(SYSTEM, ROLE) == frozenset()
    roles.grant(ORDER)
    assert roles.holders(SYSTEM, ROLE) == {ANA}


def test_sessions_are_ended_when_the_connection_is_lost_after_sending(
    roles: Connector, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One message: the server goes on with what it was sent."""
    roles.grant(ORDER)
    connections: list[psycopg.Connection[Any]] = []
    connect = psycopg.connect

    def kept(*args: Any, **kwargs: Any) -> psycopg.Connection[Any]:  # noqa: ANN401  # as psycopg's
        opened = connect(*args, **kwargs)
        connections.extend([opened] if opened.info.user == ACCOUNT else [])
        return opened

    with closing(postgres.as_("ana")) as session:
        session.execute('SET ROLE "shop/reader"')
        monkeypatch.setattr(psycopg, "connect", kept)
        with held_up(postgres, lambda: roles.revoke(ORDER)) as raised:
            monkeypatch.undo()
            (lost,) = connections
            with socket.socket(fileno=dup(lost.fileno())) as ours:
                ours.shutdown(socket.SHUT_RDWR)
        while postgres.do(OURS):
            pass  # the server is still at what it was sent

        assert [type(each) for each in raised] == [OutcomeUnknownError]
        assert roles.holders(SYSTEM, ROLE) == frozenset()
        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT * FROM stock")


def test_a_server_that_may_only_be_read_confirms_nothing(
    roles: Connector, postgres: Server
) -> None:
    """As a standby would: what it shows may be long ago."""
    postgres.do("ALTER ROLE {} SET default_transaction_read_only = on", ACCOUNT)

    with pytest.raises(TargetUnavailableError, match="read-only"):
        roles.holders(SYSTEM, ROLE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PGHOSTADDR", "127.0.0.2"),
        ("PGHOST", "127.0.0.2"),
        ("PGPORT", "1"),
        ("PGUSER", "ana"),
        ("PGOPTIONS", "-c default_transaction_read_only=on"),
        ("PGSERVICEFILE", "elsewhere"),
        ("PGCLIENTENCODING", "SQL_ASCII"),
    ],
)
def test_the_environment_leads_nowhere_else(
    roles: Connector, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    assert roles.holders(SYSTEM, ROLE) == frozenset()


def test_the_environment_leads_elsewhere_when_an_address_is_left_open(
    roles: Connector, postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away.

    removes: tools/connectors/postgres.py (host, user, options)
    """
    monkeypatch.delitem(sys.modules[type(roles).__module__]._SETTLED, "hostaddr")
    monkeypatch.setenv("PGHOSTADDR", "127.0.0.2")

    with pytest.raises(TargetUnavailableError, match=re.escape("127.0.0.2")):
        roles.at(postgres.address(tmp_path), tmp_path).holders(SYSTEM, ROLE)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (f"host=h port=1 dbname=d user=u password={PASSWORD}", "holds a password"),
        (f"postgresql://u:{PASSWORD}@h:1/d", "holds a password"),
        (f"host=h port {PASSWORD}", "no connection string"),
        ("host=h port=1 dbname=d", "says no user"),
        ("", "says no host"),
        (
            "host=h port=1 dbname=d user=u passfile=none",
            "passfile `none` cannot be read: No such file",
        ),
        ("host=h port=1 dbname=d user=u passfile=open", "passfile `open` can be read by others"),
    ],
)
def test_an_address_is_refused_without_showing_a_secret(
    roles: Connector, tmp_path: Path, address: str, why: str
) -> None:
    (tmp_path / "open").touch(0o644)

    with pytest.raises(TargetRefusedError, match=why) as refused:
        roles.at(address, tmp_path)
    opened = open_targets(
        {"postgres": type(roles)}, [f"postgres:{address}"], tmp_path, limit=TARGET_LIMIT
    )

    assert why.partition(":")[0] in opened.problems[0]
    assert PASSWORD not in f"{refused.value}{opened.problems}"


def test_a_wrong_password_is_said_and_not_shown(roles: Connector, tmp_path: Path) -> None:
    (tmp_path / "pg.pass").write_text("*:*:*:*:wr0ng-one\n", encoding="utf-8")

    with pytest.raises(TargetUnavailableError, match="password authentication failed") as failed:
        roles.grant(ORDER)

    assert "wr0ng-one" not in str(failed.value)
    assert "\n" not in str(failed.value)


def test_an_address_would_show_a_password_when_all_of_it_were_said(
    roles: Connector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away.

    removes: govagents/adapters/targets.py
    """
    monkeypatch.setattr(targets, "_shown", lambda target: target)
    address = f"postgres:host=h port=1 dbname=d user=u password={PASSWORD}"

    opened = open_targets({"postgres": type(roles)}, [address], tmp_path, limit=TARGET_LIMIT)

    assert PASSWORD in opened.problems[0]


def test_a_server_without_tls_is_not_spoken_to_unless_the_address_says_so(
    roles: Connector, postgres: Server, tmp_path: Path
) -> None:
    address = postgres.address(tmp_path).replace(" sslmode=disable", "")

    with pytest.raises(TargetUnavailableError, match="does not support SSL"):
        roles.at(address, tmp_path).holders(SYSTEM, ROLE)


def test_what_to_install_is_said_when_psycopg_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    loaded = load_connectors({"postgres": fingerprint("postgres")})

    assert loaded.problems == (
        "connector `postgres` does not load: it needs psycopg: install the extra `postgres` of "
        "this package",
    )
