"""What is kept for later: endings of closed cases, and notices to people."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter
from sqlmodel import Field, Session, col, select

from govagents.adapters.sql.columns import Blob, Instant, Row
from govagents.adapters.sql.log import SqlLog
from govagents.domain.canonical import canonical
from govagents.domain.ids import IdentityId
from govagents.domain.notice import Notice, Posted
from govagents.domain.precedent import Precedent
from govagents.errors import IntegrityError


class PrecedentRow(Row, table=True):
    """One typed record. The same ending twice is one row."""

    __tablename__ = "precedent"
    request: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    entry: int = Field(primary_key=True)
    body: bytes = Field(sa_type=Blob)


class NoticeRow(Row, table=True):
    """Something a person was told; from `tries` on, how far telling it elsewhere has come."""

    __tablename__ = "notice"
    n: int | None = Field(default=None, primary_key=True)
    person: str = Field(index=True)
    about: str
    text: str
    at: datetime = Field(sa_type=Instant, index=True)
    tries: int = 0
    tried: int | None = None
    failure: str = ""
    sent: bool = False


def keep(session: Session, log: SqlLog, precedent: Precedent) -> None:
    """Keep an ending, with where it comes from.

    Raises:
        IntegrityError: it names no source, or no entry of the log.
    """
    if not precedent.source.strip():
        message = f"a record about `{precedent.request}` without a source is not kept"
        raise IntegrityError(message)
    if not 0 <= precedent.entry < log.size():
        message = (
            f"a record about `{precedent.request}` rests on entry {precedent.entry}, "
            "which the log does not have"
        )
        raise IntegrityError(message)
    session.merge(
        PrecedentRow(
            request=precedent.request,
            kind=precedent.kind,
            entry=precedent.entry,
            body=canonical(precedent),
        )
    )
    session.flush()


def precedents(session: Session) -> Iterator[Precedent]:
    """Every ending, oldest first.

    Raises:
        IntegrityError: a record cannot be read back.
    """
    query = select(PrecedentRow).order_by(
        col(PrecedentRow.entry), col(PrecedentRow.request), col(PrecedentRow.kind)
    )
    for row in session.exec(query):
        try:
            yield _adapter().validate_json(row.body)
        except ValueError as error:
            message = f"a record about `{row.request}` cannot be read back: {error}"
            raise IntegrityError(message) from error


def notify(session: Session, row: NoticeRow, *, once: bool) -> bool:
    """Leave a notice, `once` = unless the same was said already; whether it was left."""
    if once:
        same = select(NoticeRow.n).where(
            NoticeRow.person == row.person,
            NoticeRow.about == row.about,
            NoticeRow.text == row.text,
        )
        if session.exec(same).first() is not None:
            return False
    session.add(row)
    session.flush()
    return True


def unsent(session: Session, since: datetime) -> tuple[Posted, ...]:
    """What was left at `since` or later and told nowhere else yet, oldest first."""
    query = select(NoticeRow).where(col(NoticeRow.sent).is_(False), col(NoticeRow.at) >= since)
    return tuple(_posted(row) for row in session.exec(query.order_by(col(NoticeRow.n))))


def save_posted(session: Session, posted: Posted) -> None:
    """How far it has come."""
    row = session.get(NoticeRow, posted.notice.number)
    if row is None:
        return  # gone: there is nothing left to tell
    row.tries, row.tried = posted.tries, posted.tried
    row.failure, row.sent = posted.failure, posted.sent
    session.add(row)
    session.flush()


def _posted(row: NoticeRow) -> Posted:
    notice = Notice(row.n or 0, IdentityId(row.person), row.about, row.text, row.at)
    return Posted(notice, row.tries, row.tried, row.failure, row.sent)


def notices(session: Session, person: IdentityId) -> tuple[tuple[datetime, str, str], ...]:
    """A person's notices, oldest first: when, about what, in which words."""
    query = select(NoticeRow).where(NoticeRow.person == person).order_by(col(NoticeRow.n))
    return tuple((row.at, row.about, row.text) for row in session.exec(query))


@cache
def _adapter() -> TypeAdapter[Precedent]:
    return TypeAdapter(Precedent)
