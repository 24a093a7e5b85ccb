"""The account of the connector `postgres`, had by whoever breaks into the engine.

It may give and take the governed roles and end sessions; everything else is refused by the server.
"""

from contextlib import closing

import psycopg
import pytest

from govagents.ports import Connector
from tests.live.server import ACCOUNT, Server

pytestmark = pytest.mark.live

REFUSED = [
    "CREATE ROLE mallory LOGIN",
    "ALTER ROLE ana PASSWORD 'mine'",
    f"ALTER ROLE {ACCOUNT} CREATEROLE",
    f"ALTER ROLE {ACCOUNT} SUPERUSER",
    'DROP ROLE "shop/reader"',
    'ALTER ROLE "shop/reader" LOGIN',
    "GRANT crew TO ana",
    f"GRANT crew TO {ACCOUNT}",
    "GRANT pg_read_all_data TO ana",
    "GRANT pg_execute_server_program TO ana",
    "GRANT pg_signal_backend TO ana",
    "SET ROLE ana",
    "SET SESSION AUTHORIZATION ana",
    "CREATE DATABASE mine",
    "CREATE TABLE public.mine (n int)",
    "SELECT * FROM secret",
    "SELECT pg_read_file('postgresql.conf')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "ALTER SYSTEM SET log_connections = on",
    "SELECT rolpassword FROM pg_authid",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'admin'",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_another_order_by_the_account_is_refused(
    roles: Connector, postgres: Server, statement: str
) -> None:
    postgres.govern("crew")
    postgres.do("REVOKE {} FROM {}", "crew", ACCOUNT)
    postgres.do("CREATE TABLE IF NOT EXISTS secret AS SELECT 1 AS one")
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with closing(postgres.admin()), closing(postgres.as_(ACCOUNT)) as session, refused:
        session.execute(statement.encode())


def test_what_the_account_can_do_is_what_its_docstring_says(
    roles: Connector, postgres: Server
) -> None:
    with closing(postgres.as_("ana")) as anas, closing(postgres.as_(ACCOUNT)) as session:
        session.execute('GRANT "shop/reader" TO ana; REVOKE "shop/reader" FROM ana')
        session.execute('SET ROLE "shop/reader"; SELECT * FROM stock; RESET ROLE')
        session.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ana'"
        )
        with pytest.raises(psycopg.OperationalError):
            anas.execute("SELECT 1")
