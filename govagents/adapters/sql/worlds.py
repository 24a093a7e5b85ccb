"""The company and its catalogs in the database of record.

Rules:
1. What is read back is what was imported: items and snapshots are checked against the digest that
   the store names, and that digest against the log (ARCHITECTURE invariant 1).
2. A catalog's snapshot is never changed or removed: older decisions are about it.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

from pydantic import TypeAdapter
from sqlalchemy import delete, func, insert
from sqlmodel import Field, Session, col, select

from govagents.adapters.sql.columns import Blob, Row
from govagents.adapters.sql.store import Store
from govagents.adapters.world.assemble import contents, snapshot
from govagents.adapters.world.items import Item, UsageRow, digest_of
from govagents.domain.canonical import canonical
from govagents.domain.catalog import Catalog, Permission, Role
from govagents.domain.ids import IdentityId, PermissionId
from govagents.errors import ConfigurationError, IntegrityError, UnknownNameError
from govagents.ports import Use

NO_WORLD = "no company is loaded: run `govagents world import DIR --apply`"


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


class SnapshotRow(Row, table=True):
    """One catalog; `body` is what its digest is of."""

    __tablename__ = "snapshot"
    digest: str = Field(primary_key=True)
    n: int = Field(unique=True)
    name: str = Field(index=True)
    version: str
    body: bytes = Field(sa_type=Blob)


_PERMISSIONS = TypeAdapter(list[Permission])
_ROLES = TypeAdapter(list[Role])


def items(session: Session, store: Store) -> tuple[Item, ...]:
    """Every record of the company in force, sorted.

    Raises:
        ConfigurationError: no company was ever loaded.
        IntegrityError: the records are not those that were imported.
    """
    if store.row.world is None:
        raise ConfigurationError(NO_WORLD)
    found = kept(session)
    if digest_of(found) != store.row.world:  # (1)
        message = "the company's records were changed in the store: import the world again"
        raise IntegrityError(message)
    return found


def kept(session: Session) -> tuple[Item, ...]:
    """Every record as it lies there, sorted; none if there is no company yet."""
    rows = session.exec(select(ItemRow)).all()
    return tuple(sorted(Item(row.kind, row.id, row.body) for row in rows))


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


def uses(session: Session, identity: IdentityId) -> tuple[Use, ...]:
    """How often and when last, by permission."""
    query = (
        select(UsageLine.permission, func.sum(col(UsageLine.times)), func.max(col(UsageLine.day)))
        .where(UsageLine.identity == identity)
        .group_by(col(UsageLine.permission))
        .order_by(col(UsageLine.permission))
    )
    return tuple(
        Use(
            PermissionId(permission), int(count), datetime(day.year, day.month, day.day, tzinfo=UTC)
        )
        for permission, count, day in session.exec(query)
    )


def keep_catalog(session: Session, store: Store, catalog: Catalog) -> bool:
    """Keeps a snapshot; False if it was kept before."""
    if session.get(SnapshotRow, catalog.digest) is not None:  # (2)
        return False
    body = canonical(contents(catalog.permissions, catalog.roles))
    row = SnapshotRow(
        digest=catalog.digest,
        n=store.count(),
        name=catalog.name,
        version=catalog.version,
        body=body,
    )
    session.add(row)
    session.flush()
    return True


def catalog_digest(session: Session, store: Store, name: str | None) -> str:
    """Which snapshot is meant: the one in force, the newest of a name, or one by its digest.

    Raises:
        ConfigurationError: no company was ever loaded.
        UnknownNameError: there is no such snapshot.
    """
    if name is None:
        if store.row.catalog is None:
            raise ConfigurationError(NO_WORLD)
        return store.row.catalog
    newest = select(SnapshotRow.digest).where(
        (col(SnapshotRow.name) == name) | (col(SnapshotRow.digest) == name)
    )
    found = session.exec(newest.order_by(col(SnapshotRow.n).desc()).limit(1)).first()
    if found is None:
        known = ", ".join(f"`{one}`" for one in _names(session)) or "none"
        message = f"there is no catalog `{name}`: known are {known}; `catalog import FILE` adds one"
        raise UnknownNameError(message)
    return found


def read_catalog(session: Session, digest: str) -> Catalog:
    """A snapshot.

    Raises:
        IntegrityError: it is not what its digest says.
    """
    row = session.get(SnapshotRow, digest)
    try:
        body = TypeAdapter(dict[str, list[object]]).validate_json(row.body if row else b"")
        permissions = _PERMISSIONS.validate_python(body["permissions"])
        roles = _ROLES.validate_python(body["roles"])
    except (ValueError, KeyError) as error:
        raise _changed(digest) from error
    catalog = snapshot(
        row.name if row else "",
        row.version if row else "",
        {one.id: one for one in permissions},
        {one.id: one for one in roles},
    )
    if catalog.digest != digest:  # (1)
        raise _changed(digest)
    return catalog


def _names(session: Session) -> Iterator[str]:
    return iter(session.exec(select(SnapshotRow.name).distinct().order_by(col(SnapshotRow.name))))


def _changed(digest: str) -> IntegrityError:
    return IntegrityError(f"catalog `{digest[:12]}` was changed in the store: import it again")
