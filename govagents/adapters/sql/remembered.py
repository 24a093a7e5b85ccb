"""What is kept for later: endings of closed cases."""

from collections.abc import Iterator
from functools import cache

from pydantic import TypeAdapter
from sqlmodel import Field, Session, select

from govagents.adapters.sql.columns import Blob, Row
from govagents.adapters.sql.log import SqlLog
from govagents.adapters.sql.sealed import touch
from govagents.domain.canonical import canonical
from govagents.domain.precedent import Precedent
from govagents.errors import IntegrityError


class PrecedentRow(Row, table=True):
    """One typed record. The same ending twice is one row."""

    __tablename__ = "precedent"
    request: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    entry: int = Field(primary_key=True)
    body: bytes = Field(sa_type=Blob)


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
    touch(session, "precedent", precedent.request, precedent.kind, precedent.entry, new=True)


def precedents(session: Session) -> Iterator[Precedent]:
    """Every ending, oldest first.

    Raises:
        IntegrityError: a record cannot be read back.
    """
    rows = session.exec(select(PrecedentRow))
    for row in sorted(rows, key=lambda row: (row.entry, row.request, row.kind)):
        try:
            yield _adapter().validate_json(row.body)
        except ValueError as error:
            message = f"a record about `{row.request}` cannot be read back: {error}"
            raise IntegrityError(message) from error


@cache
def _adapter() -> TypeAdapter[Precedent]:
    return TypeAdapter(Precedent)
