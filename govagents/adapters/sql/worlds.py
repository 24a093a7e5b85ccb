"""The company's records in the database of record.

What is read back is what was imported: records are checked against the digest that the store names,
and `transaction` checks that digest against the log (ARCHITECTURE invariant 1).
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import delete, func, insert
from sqlmodel import Field, Session, col, select

from govagents.adapters.sql.columns import Blob, Row
from govagents.adapters.sql.store import NO_WORLD, Store
from govagents.adapters.world.items import Item, UsageRow, digest_of
from govagents.domain.ids import IdentityId, PermissionId
from govagents.domain.world import Use
from govagents.errors import ConfigurationError, IntegrityError


class ItemRow(Row, table=True):
    """One record of the company."""

    __tablename__ = "item"
    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    body: bytes = Field(sa_type=Blob)
    digest: str


class UsageLine(Row, table=True):
    """One day's use of one permission."""

    __tablename__ = "usage"
    identity: str = Field(primary_key=True)
    permission: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    times: int


def items(session: Session, store: Store) -> tuple[Item, ...]:
    """Every record of the company in force, sorted.

    Raises:
        ConfigurationError: no company was ever loaded.
        IntegrityError: the records are not those that were imported.
    """
    if store.row.world is None:
        raise ConfigurationError(NO_WORLD)
    found = kept(session)
    if digest_of(found) != store.row.world:
        message = "the company's records were changed in the store: import the world again"
        raise IntegrityError(message)
    return found


def kept(session: Session) -> tuple[Item, ...]:
    """Every record as it lies there, sorted; none if there is no company yet.

    Where something else was put into a column, it is no record that was ever imported.
    """
    # columns, not rows: nothing here is changed, and objects that could be are slow to make
    rows = session.exec(select(ItemRow.kind, ItemRow.id, ItemRow.body))
    return tuple(sorted(Item(str(kind), str(name), body or b"") for kind, name, body in rows))


def replace_items(session: Session, gone: Sequence[Item], new: Sequence[Item]) -> None:
    """Takes records out and puts others in."""
    for item in gone:
        session.execute(
            delete(ItemRow).where(col(ItemRow.kind) == item.kind, col(ItemRow.id) == item.id)
        )
    rows = [
        {"kind": item.kind, "id": item.id, "body": item.body, "digest": item.digest} for item in new
    ]
    if rows:
        session.execute(insert(ItemRow), rows)


def replace_usage(session: Session, usage: Sequence[UsageRow]) -> None:
    """Puts another usage log in place of the one there is."""
    session.execute(delete(UsageLine))
    if usage:
        session.execute(insert(UsageLine), [row._asdict() for row in usage])


def uses(session: Session, identity: IdentityId) -> tuple[Use, ...] | None:
    """How often and when last, by permission; None = no usage log was ever loaded."""
    query = (
        select(UsageLine.permission, func.sum(col(UsageLine.times)), func.max(col(UsageLine.day)))
        .where(UsageLine.identity == identity)
        .group_by(col(UsageLine.permission))
        .order_by(col(UsageLine.permission))
    )
    found = tuple(
        Use(
            PermissionId(permission), int(count), datetime(day.year, day.month, day.day, tzinfo=UTC)
        )
        for permission, count, day in session.exec(query)
    )
    kept = found or session.exec(select(UsageLine.identity).limit(1)).first() is not None
    return found if kept else None
