"""Catalogs in the database of record.

Rules:
1. What is read back has the digest it was asked for by, computed anew.
2. A snapshot is never changed or removed: older decisions are about it.
"""

from collections.abc import Iterator

from pydantic import TypeAdapter
from sqlmodel import Field, Session, col, select

from govagents.adapters.sql.columns import Blob, Row
from govagents.adapters.sql.sealed import touch
from govagents.adapters.sql.store import NO_WORLD, Store
from govagents.adapters.world.assemble import contents, snapshot
from govagents.domain.canonical import canonical
from govagents.domain.catalog import Catalog, Permission, Role
from govagents.errors import ConfigurationError, IntegrityError, UnknownNameError

_PERMISSIONS = TypeAdapter(list[Permission])
_ROLES = TypeAdapter(list[Role])


class SnapshotRow(Row, table=True):
    """One catalog; `body` is what its digest is of."""

    __tablename__ = "snapshot"
    digest: str = Field(primary_key=True)
    n: int = Field(unique=True)
    name: str = Field(index=True)
    version: str
    body: bytes = Field(sa_type=Blob)


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
    touch(session, "snapshot", catalog.digest, new=True)
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
    return iter(sorted(session.exec(select(SnapshotRow.name).distinct())))


def _changed(digest: str) -> IntegrityError:
    return IntegrityError(f"catalog `{digest[:12]}` was changed in the store: import it again")
