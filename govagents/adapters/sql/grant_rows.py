"""The rows of grants, as they lie in the store: `grants` holds them against the log."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select, bindparam, insert, select, text, update
from sqlalchemy import Row as SqlRow
from sqlmodel import Field, Session

from govagents.adapters.sql.columns import TABLES, Instant, Row
from govagents.adapters.sql.sealed import touch
from govagents.adapters.sql.store import Store
from govagents.domain.canonical import canonical
from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId, RoleId, SystemId
from govagents.domain.outcome import NotDone, Trouble
from govagents.domain.request import Status, Window
from govagents.errors import IntegrityError

_ODD = text("status NOT IN ({})".format(", ".join(f"'{each}'" for each in Status)))


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
        ),
        Index("odd", "n", sqlite_where=_ODD),
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
    failure: str


_TABLE = TABLES.tables["grant"]
# made once: to make a statement takes longer than to ask the database
_OF_NAME = _TABLE.c.id == bindparam("id_")
_ONE, _SAVED, _PLACE = (
    select(_TABLE).where(_OF_NAME),
    update(_TABLE).where(_OF_NAME),
    select(_TABLE.c.n).where(_OF_NAME),
)
_SOME = select(_TABLE).where(_TABLE.c.id.in_(bindparam("ids", expanding=True)))
_EVERY = select(_TABLE.c.id).order_by(_TABLE.c.n)
_IN_STATUS = _EVERY.where(_TABLE.c.status.in_(bindparam("statuses", expanding=True)))
_NO_STATUS = _EVERY.where(_ODD)
_OF_REQUEST = _EVERY.where(_TABLE.c.request == bindparam("request_"))
_OF_IDENTITY = _EVERY.where(_TABLE.c.beneficiary == bindparam("beneficiary_"))
_ENDED = _EVERY.where(_TABLE.c.ended >= bindparam("since", type_=Instant))
_AT_ONCE = 500
_UNREADABLE = (ValueError, TypeError, KeyError, OverflowError)


class GrantRows:
    """One transaction's view."""

    def __init__(self, session: Session, store: Store) -> None:
        """Reads nothing yet."""
        self._session, self._store = session, store

    def get(self, grant: GrantId) -> Grant | None:
        """The grant as its row has it, or None if there is none of that name.

        Raises:
            IntegrityError: what stands there is no grant.
        """
        try:
            row = self._session.execute(_ONE, {"id_": grant}).first()
            return None if row is None else _read(row)
        except _UNREADABLE as error:
            message = (
                f"the row of grant `{grant}` cannot be read: {error}; run `govagents audit verify`"
            )
            raise IntegrityError(message) from error

    def several(self, names: Sequence[GrantId]) -> Mapping[GrantId, Grant]:
        """Those of them whose rows are there and can be read."""
        found: dict[GrantId, Grant] = {}
        for start in range(0, len(names), _AT_ONCE):
            for row in self._raw(names[start : start + _AT_ONCE]):
                with suppress(*_UNREADABLE):
                    found[GrantId(row.id)] = _read(row)
        return found

    def put(self, grant: Grant) -> None:
        """Write a row, or write it anew, whatever stands there."""
        columns = _columns(grant)
        new = not self._session.connection().execute(_SAVED, {"id_": grant.id, **columns}).rowcount
        if new:
            row = {"id": grant.id, "n": self._store.count(), **columns}
            self._session.execute(insert(_TABLE).values(**row))
        touch(self._session, "grant", grant.id, new=new)
        self._store.row.version += 1

    def make_way(self, grant: Grant) -> None:
        """Let no other row of its request and role keep `grant` from being written."""
        columns = _TABLE.c
        others = (columns.request == grant.request, columns.role == grant.role)
        squatting = update(_TABLE).where(*others, columns.id != grant.id)
        self._session.connection().execute(squatting.values(live=False))

    def names(self, statuses: frozenset[Status] | None = None) -> tuple[GrantId, ...]:
        """Ids, oldest first; reads no other column, so a damaged row hides no other.

        `statuses` None = whatever the status is, and were it no word of the vocabulary.
        """
        if statuses is None:
            return self._names(_EVERY)
        return self._names(_IN_STATUS, statuses=sorted(statuses))

    def odd(self) -> tuple[GrantId, ...]:
        """Ids whose status is no word of the vocabulary."""
        return self._names(_NO_STATUS)

    def place(self, grant: GrantId) -> float:
        """Where it stands among all; what has no row stands last."""
        found = self._session.execute(_PLACE, {"id_": grant}).scalar()
        return found if isinstance(found, int) else math.inf

    def of_request(self, request: RequestId) -> tuple[GrantId, ...]:
        """Ids of one request, oldest first."""
        return self._names(_OF_REQUEST, request_=request)

    def of_identity(self, identity: IdentityId) -> tuple[GrantId, ...]:
        """Ids of one beneficiary, oldest first."""
        return self._names(_OF_IDENTITY, beneficiary_=identity)

    def ended(self, since: datetime) -> tuple[GrantId, ...]:
        """Ids of what ended at `since` or later, oldest first."""
        return self._names(_ENDED, since=since)

    def _raw(self, names: Sequence[GrantId]) -> Sequence[SqlRow[Any]]:
        """None where a row of them holds what is no value of its column: they are read singly."""
        try:
            return self._session.execute(_SOME, {"ids": names}).all()
        except _UNREADABLE:
            return ()

    def _names(self, query: Select[Any], **values: object) -> tuple[GrantId, ...]:
        return tuple(GrantId(name) for name in self._session.scalars(query, values))


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
        "failure": canonical(grant.failure).decode(),
    }


def _read(row: SqlRow[Any]) -> Grant:
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
        failure=_failure(json.loads(row.failure)),
    )


def _failure(kept: dict[str, str] | None) -> NotDone | None:
    if kept is None:
        return None
    return NotDone(SystemId(kept["system"]), Trouble(kept["trouble"]), kept["said"])


def _list(names: Iterable[str]) -> str:
    return canonical(list(names)).decode()
