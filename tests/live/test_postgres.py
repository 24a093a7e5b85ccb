"""`postgres` against a server: what holding is, and what taking back ends (S38, S64)."""

import sys
from contextlib import closing
from types import ModuleType

import psycopg
import pytest
from psycopg import sql

from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.errors import TargetRefusedError
from govagents.ports import Connector, Order
from tests.live.server import ACCOUNT, Connection, Server

SYSTEM, ROLE, GOVERNED = SystemId("shop"), RoleId("reader"), "shop/reader"
ANA, BO = IdentityId("ana"), IdentityId("bo")
READ, BE_READER = sql.SQL("SELECT * FROM stock"), sql.SQL('SET ROLE "shop/reader"')
ODD_NAMES = [
    "ana'; DROP TABLE stock;--",
    'ana" WITH ADMIN OPTION;--',
    "ana, bo",
    "ana\nbo",
    "{role}",
    "%s",
    "-rf",
    "ąna 🙂",
]

pytestmark = pytest.mark.live


def order(subject: str = ANA, role: RoleId = ROLE) -> Order:
    return Order(SYSTEM, role, IdentityId(subject), "gr_1")


def module_of(roles: Connector) -> ModuleType:
    return sys.modules[type(roles).__module__]


def reads(session: Connection) -> bool:
    """Whether it may, or is open at all."""
    try:
        return session.execute(READ).fetchall() == [(7,)]
    except psycopg.Error:
        return False


def test_a_grant_lets_in_and_its_end_shuts_out(roles: Connector, postgres: Server) -> None:
    with closing(postgres.as_("ana")) as before:
        assert not reads(before)
        roles.grant(order())
        assert reads(before)

        roles.revoke(order())

        with closing(postgres.as_("ana")) as after:
            assert (reads(before), reads(after)) == (False, False)


def test_a_session_that_took_the_role_on_is_ended(roles: Connector, postgres: Server) -> None:
    roles.grant(order())
    roles.grant(order(BO))
    with closing(postgres.as_("ana")) as anas, closing(postgres.as_("bo")) as bos:
        for session in (anas, bos):
            session.execute(BE_READER)

        roles.revoke(order())

        assert (reads(anas), reads(bos)) == (False, True)


def test_a_session_that_took_the_role_on_reads_on_when_none_is_ended(
    roles: Connector, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away: revoking alone.

    removes: tools/connectors/postgres.py (revoke, commit and ending)
    """
    monkeypatch.setattr(module_of(roles), "_TAKE", sql.SQL("REVOKE {role} FROM {login}"))
    roles.grant(order())
    with closing(postgres.as_("ana")) as session:
        session.execute(BE_READER)

        roles.revoke(order())

        assert roles.holders(SYSTEM, ROLE) == frozenset()
        assert reads(session)


def test_sessions_are_ended_by_a_repeat_when_the_first_order_did_not_come_so_far(
    roles: Connector, postgres: Server
) -> None:
    roles.grant(order())
    with closing(postgres.as_("ana")) as session:
        session.execute(BE_READER)
        postgres.do("REVOKE {} FROM {}", GOVERNED, "ana")

        roles.revoke(order())

        assert not reads(session)


def test_an_open_cursor_reads_no_further(roles: Connector, postgres: Server) -> None:
    roles.grant(order())
    with closing(postgres.as_("ana")) as session:
        session.execute("BEGIN; DECLARE c CURSOR FOR SELECT * FROM stock, generate_series(1, 999)")
        assert session.execute("FETCH c").fetchone() == (7, 1)

        roles.revoke(order())

        with pytest.raises(psycopg.OperationalError):
            session.execute("FETCH c")


def test_who_holds_through_another_is_shown_and_nothing_of_ours_is_left(
    roles: Connector, postgres: Server
) -> None:
    postgres.govern("crew")
    postgres.do("GRANT {} TO {}", GOVERNED, "crew")
    postgres.do("GRANT {} TO {}", "crew", "ana")
    assert roles.holders(SYSTEM, ROLE) == {ANA, "crew"}

    roles.grant(order())

    assert postgres.members(GOVERNED) == {ACCOUNT, "crew"}
    with pytest.raises(TargetRefusedError, match="through `crew`: end it there"):
        roles.revoke(order())
    assert ANA in roles.holders(SYSTEM, ROLE)


def test_who_holds_through_the_login_loses_it_and_the_session(
    roles: Connector, postgres: Server
) -> None:
    roles.grant(order())
    postgres.do("GRANT {} TO {}", "ana", "bo")
    assert roles.holders(SYSTEM, ROLE) == {ANA, BO}
    with closing(postgres.as_("bo")) as session:
        session.execute(BE_READER)

        roles.revoke(order())

        assert not reads(session)
    assert roles.holders(SYSTEM, ROLE) == frozenset()


def test_a_membership_given_by_hand_with_admin_option_is_not_overlooked(
    roles: Connector, postgres: Server
) -> None:
    postgres.do("GRANT {} TO {} WITH ADMIN OPTION", GOVERNED, "ana")
    assert roles.holders(SYSTEM, ROLE) == {ANA}
    with closing(postgres.as_("ana")) as session:
        session.execute('GRANT "shop/reader" TO bo')
    assert roles.holders(SYSTEM, ROLE) == {ANA, BO}

    roles.revoke(order())

    with closing(postgres.as_("ana")) as session, pytest.raises(psycopg.Error):
        session.execute('GRANT "shop/reader" TO ana')
    assert roles.holders(SYSTEM, ROLE) == {BO}


@pytest.mark.parametrize("odd", ODD_NAMES)
def test_a_name_is_only_a_name_when_somebody_has_it(
    roles: Connector, postgres: Server, odd: str
) -> None:
    postgres.login(odd)

    roles.grant(order(odd))
    assert roles.holders(SYSTEM, ROLE) == {odd}
    roles.revoke(order(odd))

    assert roles.holders(SYSTEM, ROLE) == frozenset()
    assert postgres.do("SELECT * FROM stock") == [(7,)]


LONG = "x" * 63


def test_a_name_that_the_server_would_cut_is_refused(roles: Connector, postgres: Server) -> None:
    postgres.login(LONG)

    with pytest.raises(TargetRefusedError, match="it keeps 1 to 63 bytes"):
        roles.grant(order(f"{LONG}y"))


def test_a_name_that_the_server_cuts_is_another_when_it_is_not_refused(
    roles: Connector, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away, as far as the server's own order goes.

    removes: tools/connectors/postgres.py (the server cuts a name)
    """
    postgres.login(LONG)
    module = module_of(roles)
    monkeypatch.setattr(module, "_LONGEST_NAME", 300)
    monkeypatch.setattr(module, "_not_given", lambda standing, names: None)

    roles.grant(order(f"{LONG}y"))

    assert roles.holders(SYSTEM, ROLE) == {LONG}


@pytest.mark.parametrize(
    ("subject", "why"),
    [
        ("nobody.here", "no login `nobody.here` on the server: make it there first"),
        ("public", "no login `public`"),
        ("none", "no login `none`"),
        ("crew", "`crew` cannot log in"),
        ("admin", "`admin` is a superuser"),
        (ACCOUNT, f"`{ACCOUNT}` is the account of this connector"),
        ("", "is no name for the server"),
        ("a\0b", "is no name for the server"),
    ],
)
def test_nothing_is_given_to_who_could_not_use_or_lose_it(
    roles: Connector, postgres: Server, subject: str, why: str
) -> None:
    postgres.govern("crew")

    with pytest.raises(TargetRefusedError, match=why):
        roles.grant(order(subject))

    assert roles.holders(SYSTEM, ROLE) == frozenset()


def test_taking_from_who_is_not_there_is_success(roles: Connector) -> None:
    roles.revoke(order("nobody.here"))
    roles.revoke(order(role=RoleId("no-such-role")))
    roles.revoke(order(ACCOUNT))

    assert roles.holders(SYSTEM, ROLE) == frozenset()
    roles.grant(order())  # the account may still do it


def test_no_end_is_confirmed_when_the_role_has_another_name(
    roles: Connector, postgres: Server
) -> None:
    roles.grant(order())
    postgres.do("ALTER ROLE {} RENAME TO {}", GOVERNED, "elsewhere")

    with pytest.raises(TargetRefusedError, match="give it its name back"):
        roles.holders(SYSTEM, ROLE)


@pytest.mark.parametrize(
    ("role", "why"),
    [(GOVERNED, "grant it WITH ADMIN OPTION"), ("pg_signal_backend", "may not end sessions")],
)
def test_nothing_is_given_that_could_not_be_ended(
    roles: Connector, postgres: Server, role: str, why: str
) -> None:
    postgres.do("REVOKE {} FROM {}", role, ACCOUNT)

    with pytest.raises(TargetRefusedError, match=why):
        roles.grant(order())


def test_no_end_is_confirmed_while_sessions_cannot_be_ended(
    roles: Connector, postgres: Server
) -> None:
    roles.grant(order())
    with closing(postgres.as_("ana")) as session:
        session.execute(BE_READER)
        postgres.do("REVOKE pg_signal_backend FROM {}", ACCOUNT)

        for call in (lambda: roles.revoke(order()), lambda: roles.holders(SYSTEM, ROLE)):
            with pytest.raises(TargetRefusedError):
                call()

        assert reads(session)
        postgres.do("GRANT pg_signal_backend TO {}", ACCOUNT)
        roles.revoke(order())
        assert not reads(session)
    assert roles.holders(SYSTEM, ROLE) == frozenset()


def test_an_end_is_confirmed_that_left_a_session_when_reading_is_not_refused(
    roles: Connector, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away.

    removes: tools/connectors/postgres.py (without the right to end sessions)
    """
    module = module_of(roles)
    shown = module._HOLDERS.as_string().replace("'pg_signal_backend'", "'govagents'")
    monkeypatch.setattr(module, "_HOLDERS", sql.SQL(shown))
    roles.grant(order())
    with closing(postgres.as_("ana")) as session:
        session.execute(BE_READER)
        postgres.do("REVOKE pg_signal_backend FROM {}", ACCOUNT)

        with pytest.raises(TargetRefusedError):
            roles.revoke(order())

        assert roles.holders(SYSTEM, ROLE) == frozenset()
        assert reads(session)
