"""`postgres`: to hold a role on a system is to be a member of the database role `SYSTEM/ROLE`.

A person's login has the id of the identity. Roles and logins are made by whoever runs the server,
never here; what a role may do is granted to it there.

Address: a connection string of libpq with host, port, dbname and user, such as
`host=db.example.org port=5432 dbname=postgres user=govagents passfile=db.pass`. The password stands
in the passfile (libpq's form; beside the store's settings unless its path is absolute; read by its
owner alone), never in the address. TLS is verified unless `sslmode` says otherwise.

Rules:
1. Who is a member through other roles holds too, as does who was added by hand, with ADMIN OPTION
   or without: either can use it. Giving adds nothing to those, so nothing of ours is left on them.
2. A membership that comes through another role is not ours to take. Taking back removes the direct
   one, and the one through which it still comes is named.
3. Sessions are ended after a revoke. A session that has done SET ROLE keeps the role, and an open
   cursor goes on reading; neither can be seen from outside. So every session of the login, and of
   whoever is a member through it, is ended, unless they still hold the role.
4. SECURITY: revoke, commit and ending sessions are one message. Once it is sent, losing the
   connection leaves no session of somebody who is no longer shown to hold the role.
5. Nothing is given that could not be ended: without the right to take the role, or to end sessions,
   or to a superuser, giving is refused. SECURITY: without the right to end sessions reading is
   refused too, so that no end is confirmed that may have left some.
6. SECURITY: the server cuts a name of more than 63 bytes, and then it is another name: such a name
   is refused. Names are identifiers, quoted by psycopg, never SQL.
7. SECURITY: host, user, options and the primary are settled here, because libpq would take from
   the environment what is left open. A standby shows what was, so it confirms no end.
8. A role that is missing is held by nobody who can be shown, because it may have been renamed:
   reading is refused until it is there again, and no end is confirmed.

Access does not end by itself: VALID UNTIL is about passwords, and only about logging in.

The account needs LOGIN, membership in `pg_signal_backend`, and each governed role WITH ADMIN OPTION
(from PostgreSQL 16 on: WITH ADMIN TRUE, INHERIT FALSE, SET FALSE). It needs no CREATEROLE, and is
never shown or given anything itself. Up to 15 ADMIN OPTION is membership too, so the account can do
what the governed roles can; and it can end the sessions of everybody but superusers.

What outlives an end: objects that somebody made as the role, a SECURITY DEFINER function above all.
Governed roles should own nothing, create nothing and hold no grant option. A server that fails
between the two halves of (4) and goes on running leaves the sessions it did not come to. From 16 on
a membership that somebody else gave is theirs to take: it stays, is shown, and no end is confirmed.

Source: the server's manual, GRANT "on Roles", SET ROLE, pg_auth_members, "Message Flow".
"""

import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.ports import (
    Connector,
    Limits,
    Order,
    OutcomeUnknownError,
    TargetRefusedError,
    TargetUnavailableError,
)

try:
    import psycopg
    from psycopg import conninfo
    from psycopg.sql import SQL, Composable, Identifier, Literal
except ImportError as missing:
    _MESSAGE = "it needs psycopg: install the extra `postgres` of this package"
    raise ImportError(_MESSAGE) from missing

_LONGEST_NAME = 63
_NEEDED = ("host", "port", "dbname", "user")
_SECRET = ("password", "sslpassword")
_UNLESS_SAID = {"sslmode": "verify-full", "connect_timeout": "3"}
_SETTLED = {  # (7)
    "hostaddr": "",
    "target_session_attrs": "read-write",
    "client_encoding": "utf8",
    "application_name": "govagents",
    "options": "-c search_path=pg_catalog -c statement_timeout=5s -c lock_timeout=3s",
    "tcp_user_timeout": "5000",  # milliseconds; the others are seconds
    "keepalives_idle": "3",
    "keepalives_interval": "1",
    "keepalives_count": "3",
}
_UNSURE = ("", "08", "57")
"""Classes of SQLSTATE after which it may have happened: none at all, connection, intervention."""

_PASSING = ("23", "25", "40", "53", "55", "58", "XX")
"""Classes after which nothing happened, and the next time it may: others at it, want, a fault."""

_ABOVE = SQL("""
WITH RECURSIVE above AS (
    SELECT member, roleid FROM pg_auth_members
    UNION SELECT below.member, above.roleid
    FROM above JOIN pg_auth_members AS below ON below.roleid = above.member
)
""")
"""Who is a member of what, through any number of roles (1)."""

_HOLDERS = _ABOVE + SQL("""
SELECT holder.rolname, pg_has_role(current_user, 'pg_signal_backend', 'USAGE')
FROM pg_roles AS governed
LEFT JOIN above ON above.roleid = governed.oid
LEFT JOIN pg_roles AS holder ON holder.oid = above.member AND holder.rolname <> current_user
WHERE governed.rolname = %(role)s::text
""")
_STANDING = _ABOVE + SQL("""
SELECT governed.oid IS NOT NULL,
    pg_has_role(current_user, governed.oid, 'MEMBER WITH ADMIN OPTION'),
    pg_has_role(current_user, 'pg_signal_backend', 'USAGE'),
    login.oid IS NOT NULL, login.rolcanlogin, login.rolsuper, login.rolname = current_user,
    EXISTS (SELECT FROM above WHERE member = login.oid AND roleid = governed.oid)
FROM (SELECT) AS one
LEFT JOIN pg_roles AS governed ON governed.rolname = %(role)s::text
LEFT JOIN pg_roles AS login ON login.rolname = %(login)s::text
""")
_THROUGH = _ABOVE + SQL("""
SELECT between.rolname FROM pg_roles AS governed
JOIN pg_roles AS login ON login.rolname = %(login)s::text
JOIN pg_auth_members AS direct ON direct.member = login.oid AND direct.roleid <> governed.oid
JOIN above ON above.member = direct.roleid AND above.roleid = governed.oid
JOIN pg_roles AS between ON between.oid = direct.roleid
WHERE governed.rolname = %(role)s::text ORDER BY 1
""")
_GIVE = SQL("GRANT {role} TO {login}")
_TAKE = SQL("""
BEGIN; REVOKE {role} FROM {login}; COMMIT;
{above}
SELECT pg_terminate_backend(session.pid) FROM pg_stat_activity AS session
JOIN pg_roles AS whose ON whose.oid = session.usesysid AND NOT whose.rolsuper
JOIN pg_roles AS login ON login.rolname = {login_text}
JOIN pg_roles AS governed ON governed.rolname = {role_text}
WHERE session.pid <> pg_backend_pid()
AND (whose.oid = login.oid
    OR EXISTS (SELECT FROM above WHERE member = whose.oid AND roleid = login.oid))
AND NOT EXISTS (SELECT FROM above WHERE member = whose.oid AND roleid = governed.oid)
""")
"""(3) (4)."""


_CANNOT_END = "the account may not end sessions: grant it pg_signal_backend"


class _Names(NamedTuple):
    """Of database roles."""

    role: str
    login: str

    def quoted(self) -> Mapping[str, Composable]:
        """(6) As identifiers, and as texts; with `above` for the orders that ask for it."""
        role, login = self
        return {
            "role": Identifier(role),
            "login": Identifier(login),
            "role_text": Literal(role),
            "login_text": Literal(login),
            "above": _ABOVE,
        }


class _Standing(NamedTuple):
    """What the server says of a role and a login; what is missing has None."""

    role_there: bool
    may_take: bool | None
    may_end: bool
    login_there: bool
    can_log_in: bool | None
    superuser: bool | None
    ourselves: bool | None
    holds: bool


class Postgres(Connector):
    """The roles of one PostgreSQL server."""

    scheme = "postgres"
    limits = Limits(native_expiry=False)

    def __init__(self, address: str) -> None:
        """`address` is complete: see `at`."""
        self._address = address

    @classmethod
    def at(cls, address: str, folder: Path) -> "Postgres":
        """`address` as the module says; nothing is connected yet.

        Raises:
            TargetRefusedError: something is missing in it, or a secret could be seen.
        """
        return cls(_complete(address, folder))

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        """(1) Every member but this account, through other roles too."""
        name = _governed(system, role)
        with self._open() as connection, _told(TargetUnavailableError):
            rows = connection.execute(_HOLDERS, {"role": name}).fetchall()
        if not rows:  # (8)
            raise TargetRefusedError(_no_role(name))
        if not rows[0][1]:  # (5)
            raise TargetRefusedError(_CANNOT_END)
        return frozenset(IdentityId(str(holder)) for holder, _ in rows if holder is not None)

    def grant(self, order: Order) -> None:
        """Make the login a member, unless it is one already."""
        names = _names(order)
        with self._open() as connection:
            standing = _standing(connection, names)
            why_not = _not_given(standing, names)
            if why_not is not None:
                raise TargetRefusedError(why_not)
            if not standing.holds:  # (1)
                with _told(OutcomeUnknownError):
                    connection.execute(_GIVE.format(**names.quoted()))

    def revoke(self, order: Order) -> None:
        """Make it no member, and end its sessions."""
        names = _names(order)
        with self._open() as connection:
            standing = _standing(connection, names)
            if not standing.role_there or not standing.login_there or standing.ourselves:
                return
            with _told(OutcomeUnknownError):
                connection.execute(_TAKE.format(**names.quoted()))
            with _told(TargetUnavailableError):
                through = connection.execute(_THROUGH, names._asdict()).fetchone()
        if through is not None:  # (2)
            message = f"`{names.login}` holds `{names.role}` through `{through[0]}`: end it there"
            raise TargetRefusedError(message)

    @contextmanager
    def _open(self) -> "Iterator[psycopg.Connection]":
        """A connection of its own for each call, which may be left alone in its thread."""
        try:
            connection = psycopg.connect(self._address, autocommit=True)
        except psycopg.Error as error:
            message = f"the server cannot be reached: {_said(error)}"
            raise TargetUnavailableError(message) from error
        try:
            yield connection
        finally:
            connection.close()


def _standing(connection: "psycopg.Connection", names: _Names) -> _Standing:
    with _told(TargetUnavailableError):
        row = connection.execute(_STANDING, names._asdict()).fetchone()
    return _Standing(*row or ())


def _not_given(standing: _Standing, names: _Names) -> str | None:
    """Why nothing is given, and what to do (5)."""
    role, login = names
    why_not = {
        _no_role(role): not standing.role_there,
        f"there is no login `{login}` on the server: make it there first": not standing.login_there,
        f"`{login}` cannot log in on the server: only a login is given a role": (
            standing.can_log_in is False
        ),
        f"`{login}` is a superuser: nothing could be taken from it": standing.superuser,
        f"`{login}` is the account of this connector": standing.ourselves,
        f"the account may not give `{role}`: grant it WITH ADMIN OPTION": not standing.may_take,
        _CANNOT_END: not standing.may_end,
    }
    return next((text for text, true in why_not.items() if true), None)


def _no_role(name: str) -> str:
    return f"there is no role `{name}` on the server: make it there, or give it its name back"


@contextmanager
def _told(unsure: type[OutcomeUnknownError | TargetUnavailableError]) -> Iterator[None]:
    """What the server answers, as targets answer; `unsure` where nobody knows whether it acted."""
    try:
        yield
    except psycopg.Error as error:
        kind = (error.sqlstate or "")[:2]
        if kind in _UNSURE:
            message = f"the server did not say what became of it: {_said(error)}"
            raise unsure(message) from error
        message = f"the server says: {_said(error)}"
        refusal = TargetUnavailableError if kind in _PASSING else TargetRefusedError
        raise refusal(message) from error


def _said(error: psycopg.Error) -> str:
    """Without the detail, which may quote what it should not."""
    return " ".join((error.diag.message_primary or str(error)).split())


def _names(order: Order) -> _Names:
    return _Names(_governed(order.system, order.role), _usable(order.subject))


def _governed(system: SystemId, role: RoleId) -> str:
    """One name for each pair."""
    if "/" in system:
        message = f"`{system}` cannot be told apart in the name of a role: a system has no `/`"
        raise TargetRefusedError(message)
    return _usable(f"{system}/{role}")


def _usable(name: str) -> str:
    """(6)."""
    try:
        size = len(name.encode())
    except UnicodeEncodeError as error:
        message = "a name is not text that the server can keep"
        raise TargetRefusedError(message) from error
    if not 0 < size <= _LONGEST_NAME or "\0" in name:
        message = f"`{name}` is no name for the server: it keeps 1 to {_LONGEST_NAME} bytes"
        raise TargetRefusedError(message)
    return name


def _complete(address: str, folder: Path) -> str:
    """The address with what is settled."""
    try:
        given = conninfo.conninfo_to_dict(address)
    except psycopg.Error:
        message = "its address is no connection string: `host=... port=... dbname=... user=...`"
        raise TargetRefusedError(message) from None  # the cause quotes the address
    if any(given.get(name) for name in _SECRET):
        message = "its address holds a password: write it into a file, and `passfile=FILE` instead"
        raise TargetRefusedError(message)
    missing = [name for name in _NEEDED if not given.get(name)]
    if missing:  # (7)
        message = f"its address says no {missing[0]}: host, port, dbname and user are needed"
        raise TargetRefusedError(message)
    settled = {**_UNLESS_SAID, **given, **_SETTLED}
    if given.get("passfile"):
        settled["passfile"] = str(_private(folder / str(given["passfile"])))
    return conninfo.make_conninfo("", **settled)


def _private(file: Path) -> Path:
    """Where others may read it, libpq would leave it out and not say why."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except OSError as error:
        message = f"its passfile `{file.name}` cannot be read: {error.strerror}"
        raise TargetRefusedError(message) from error
    if mode & 0o077:
        message = f"its passfile `{file.name}` can be read by others: chmod 600"
        raise TargetRefusedError(message)
    return file
