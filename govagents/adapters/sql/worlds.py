"""The company's records in the database of record.

What is read back is what was imported: records are checked against the digest that the store names,
and `transaction` checks that digest against the log (ARCHITECTURE invariant 1).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import bindparam, delete, func, insert, select
from sqlmodel import Field, Session, col

from govagents.adapters.sql.columns import TABLES, Blob, Row
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


_ITEM = TABLES.tables["item"].c
_ITEMS = select(_ITEM.kind, _ITEM.id, _ITEM.body)


class UsageLine(Row, table=True):
    """One day's use of one permission."""

    __tablename__ = "usage"
    identity: str = Field(primary_key=True)
    permission: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    times: int


# made once: to make a statement takes longer than to ask the database
_USAGE = TABLES.tables["usage"].c
_USES = (
    select(_USAGE.identity, _USAGE.permission, func.sum(_USAGE.times), func.max(_USAGE.day))
    .where(
        _USAGE.identity.in_(bindparam("identities", expanding=True)),
        _USAGE.permission.in_(bindparam("permissions", expanding=True)),
    )
    .group_by(_USAGE.identity, _USAGE.permission)
)
_ANY_USE = select(_USAGE.identity).limit(1)
_AT_ONCE = 500


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
    rows = session.execute(_ITEMS)
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


def uses(
    session: Session, identities: Collection[IdentityId], permissions: Collection[PermissionId]
) -> Mapping[IdentityId, tuple[Use, ...]] | None:
    """How often and when last, by permission; None = no usage log was ever loaded.

    Who used none of `permissions` is left out.
    """
    found: dict[IdentityId, list[Use]] = {}
    names = sorted(set(identities))
    for start in range(0, len(names), _AT_ONCE):
        some = {"identities": names[start : start + _AT_ONCE], "permissions": list(permissions)}
        rows = session.execute(_USES, some)
        # sorted here: each database has an order of its own for texts
        for identity, permission, count, day in sorted(rows, key=lambda row: row[:2]):
            last = datetime(day.year, day.month, day.day, tzinfo=UTC)
            use = Use(PermissionId(permission), int(count), last)
            found.setdefault(IdentityId(identity), []).append(use)
    if not found and session.execute(_ANY_USE).first() is None:
        return None
    return {identity: tuple(each) for identity, each in found.items()}
