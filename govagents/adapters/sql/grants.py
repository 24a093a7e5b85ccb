"""Grants: who was given what, until when, and what became of it.

Rules:
1. One request has at most one live grant of a role, whoever tries to add another.
2. A grant never changes hands: its request, beneficiary and role stay as they were added.
3. An ended grant stays ended; having the role again takes a new grant.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, Session, col, select

from govagents.adapters.sql.columns import Instant, Row
from govagents.adapters.sql.store import Store
from govagents.domain.canonical import canonical
from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId, RoleId, SystemId
from govagents.domain.request import Status, Window
from govagents.errors import IntegrityError, StateError, UnknownNameError

_ENDED = frozenset({Status.EXPIRED, Status.REVOKED, Status.CANCELLED, Status.LAPSED, Status.DENIED})


class GrantRow(Row, table=True):
    """One grant; `live` repeats what `status` means, for the index."""

    __tablename__ = "grant"
    __table_args__ = (
        Index(
            "one_live",
            "request",
            "role",
            unique=True,
            sqlite_where=text("live"),
            postgresql_where=text("live"),
        ),  # (1)
    )
    id: str = Field(primary_key=True)
    n: int = Field(index=True)
    request: str = Field(index=True)
    beneficiary: str = Field(index=True)
    role: str
    targets: str
    start: datetime = Field(sa_type=Instant)
    end: datetime = Field(sa_type=Instant)
    floating: bool
    status: str = Field(index=True)
    live: bool
    decision: str
    owners: str
    accountable: str
    held_before: str
    ended: datetime | None = Field(default=None, sa_type=Instant)
    cause: str
    attempts: int
    absolute: bool


class SqlGrants:
    """`ports.Grants`."""

    def __init__(self, session: Session, store: Store) -> None:
        """One transaction's view."""
        self._session, self._store = session, store

    def add(self, grant: Grant) -> None:
        """Keep a new grant.

        Raises:
            StateError: its request has a live grant of the role already, or the name is taken.
        """
        if self.get(grant.id) is not None:
            message = f"there is a grant `{grant.id}` already: draw a fresh name"
            raise StateError(message)
        for other in self.of_request(grant.request):
            if other.role == grant.role and {other.status, grant.status} <= LIVE:  # (1)
                message = f"`{other.id}` already gives `{grant.role}` for `{grant.request}`"
                raise StateError(message)
        row = GrantRow(id=grant.id, n=self._store.count(), **_columns(grant))
        self._session.add(row)
        self._session.flush()
        self._store.row.version += 1

    def get(self, grant: GrantId) -> Grant | None:
        """The grant, or None if there is none of that name."""
        row = self._session.get(GrantRow, grant)
        return None if row is None else _grant(row)

    def save(self, grant: Grant) -> None:
        """Keep what became of a grant.

        Raises:
            UnknownNameError: there is no such grant.
            StateError: it has ended, or it would become somebody else's.
        """
        row = self._session.get(GrantRow, grant.id)
        if row is None:
            message = f"there is no grant `{grant.id}`: `grant list` shows what there is"
            raise UnknownNameError(message)
        before = _grant(row)
        if (before.request, before.beneficiary, before.role) != (
            grant.request,
            grant.beneficiary,
            grant.role,
        ):  # (2)
            message = f"`{grant.id}` is `{before.role}` for `{before.beneficiary}` and stays that"
            raise StateError(message)
        if before.status in _ENDED and grant.status is not before.status:  # (3)
            message = f"`{grant.id}` is {before.status} and stays that: ask anew"
            raise StateError(message)
        for name, value in _columns(grant).items():
            setattr(row, name, value)
        self._session.add(row)
        self._session.flush()
        self._store.row.version += 1

    def of_request(self, request: RequestId) -> tuple[Grant, ...]:
        """Every grant of one request, oldest first."""
        return _grants(self._session, GrantRow.request == request)

    def of_identity(self, identity: IdentityId) -> tuple[Grant, ...]:
        """Every grant to one identity, oldest first."""
        return _grants(self._session, GrantRow.beneficiary == identity)

    def names(
        self, statuses: frozenset[Status] | None, beneficiary: IdentityId | None = None
    ) -> tuple[GrantId, ...]:
        """Ids, oldest first; reads no other column, so a damaged row hides no other.

        `statuses` None = whatever the status is, and were it no word of the vocabulary.
        """
        query = select(GrantRow.id)
        if statuses is not None:
            query = query.where(col(GrantRow.status).in_(sorted(statuses)))
        if beneficiary is not None:
            query = query.where(GrantRow.beneficiary == beneficiary)
        return tuple(GrantId(name) for name in self._session.exec(query.order_by(col(GrantRow.n))))

    def list(self, statuses: frozenset[Status] | None = None) -> tuple[Grant, ...]:
        """Every grant, oldest first."""
        wanted = frozenset(Status) if statuses is None else statuses
        return _grants(self._session, col(GrantRow.status).in_(sorted(wanted)))


def _grants(session: Session, condition: object) -> tuple[Grant, ...]:
    query = select(GrantRow).where(condition).order_by(col(GrantRow.n))  # type: ignore[arg-type]  # SQLModel types a comparison as bool
    return tuple(_grant(row) for row in session.exec(query))


def _columns(grant: Grant) -> dict[str, Any]:
    return {
        "request": grant.request,
        "beneficiary": grant.beneficiary,
        "role": grant.role,
        "targets": _list(grant.targets),
        "start": grant.window.start,
        "end": grant.window.end,
        "floating": grant.window.floating,
        "status": grant.status.value,
        "live": grant.status in LIVE,
        "decision": grant.decision,
        "owners": _list(grant.owners),
        "accountable": _list(grant.accountable),
        "held_before": _list(grant.held_before),
        "ended": grant.ended,
        "cause": grant.cause,
        "attempts": grant.attempts,
        "absolute": grant.absolute,
    }


def _grant(row: GrantRow) -> Grant:
    try:
        return _read(row)
    except ValueError as error:
        message = (
            f"the row of grant `{row.id}` cannot be read: {error}; run `govagents audit verify`"
        )
        raise IntegrityError(message) from error


def _read(row: GrantRow) -> Grant:
    return Grant(
        id=GrantId(row.id),
        request=RequestId(row.request),
        beneficiary=IdentityId(row.beneficiary),
        role=RoleId(row.role),
        targets=tuple(SystemId(name) for name in json.loads(row.targets)),
        window=Window(row.start, row.end, row.floating),
        status=Status(row.status),
        decision=row.decision,
        owners=tuple(IdentityId(name) for name in json.loads(row.owners)),
        accountable=tuple(IdentityId(name) for name in json.loads(row.accountable)),
        held_before=tuple(SystemId(name) for name in json.loads(row.held_before)),
        ended=row.ended,
        cause=row.cause,
        attempts=row.attempts,
        absolute=row.absolute,
    )


def _list(names: Iterable[str]) -> str:
    return canonical(list(names)).decode()
