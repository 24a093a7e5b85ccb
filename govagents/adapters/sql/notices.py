"""Notices to people, and how far telling them elsewhere has come."""

from datetime import datetime

from sqlmodel import Field, Session, col, select

from govagents.adapters.sql.columns import Instant, Row, Seconds
from govagents.adapters.sql.sealed import touch
from govagents.domain.ids import IdentityId
from govagents.domain.notice import Notice, Posted


class NoticeRow(Row, table=True):
    """Something a person was told; from `tries` on, how far telling it elsewhere has come."""

    __tablename__ = "notice"
    n: int | None = Field(default=None, primary_key=True)
    person: str = Field(index=True)
    about: str
    text: str
    at: datetime = Field(sa_type=Instant, index=True)
    tries: int = 0
    tried: int | None = Field(default=None, sa_type=Seconds)
    failure: str = ""
    sent: bool = False


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
    touch(session, "notice", row.n, new=True)
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
    touch(session, "notice", row.n)


def _posted(row: NoticeRow) -> Posted:
    notice = Notice(row.n or 0, IdentityId(row.person), row.about, row.text, row.at)
    return Posted(notice, row.tries, row.tried, row.failure, row.sent)


def notices(session: Session, person: IdentityId) -> tuple[tuple[datetime, str, str], ...]:
    """A person's notices, oldest first: when, about what, in which words."""
    query = select(NoticeRow).where(NoticeRow.person == person).order_by(col(NoticeRow.n))
    return tuple((row.at, row.about, row.text) for row in session.exec(query))
