"""Taking a company's files, or somebody's catalog, into the database of record.

Rules:
1. What would change is shown first, record by record; applying does exactly that.
2. All of it and one log entry with the digests, or nothing.
3. Where nothing would change, nothing is written.
4. Whoever leaves, and what role is taken out, is named with the grants still held. An import ends
   none of them: they are the next sweep's to end.
5. A company is called as the folder was that it came from first. How the folder is called from
   which it is loaded again is no change of it.
"""

import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from govagents.adapters.sql import catalogs, worlds
from govagents.adapters.sql.transaction import IMPORTED, WORLD, SqlTransaction
from govagents.adapters.world.assemble import catalog_of
from govagents.adapters.world.company import company_of
from govagents.adapters.world.items import Item, WorldFiles
from govagents.domain.catalog import Catalog
from govagents.domain.event import Event
from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import IdentityId

T = TypeVar("T")

_MOST_NAMED, _NAME = 10, "name"
_KINDS = (
    "name", "system", "permission", "phrases", "role", "identity", "trust", "assignment", "ticket",
    "separation", "rules", "usage",
)  # fmt: skip


@dataclass(frozen=True)
class Changed:
    """A record that is there before and after; `fields` are those that differ."""

    id: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class WorldDifference:
    """What an import would change, by kind of record, in ids.

    `held` = grants that are not over, of whom or what would be gone (4).
    """

    added: Mapping[str, tuple[str, ...]]
    changed: Mapping[str, tuple[Changed, ...]]
    removed: Mapping[str, tuple[str, ...]]
    held: tuple[Grant, ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing would change."""
        return not (self.added or self.changed or self.removed)

    def lines(self) -> tuple[str, ...]:
        """For a person: `+` added, `~` changed, `-` removed."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[str]:
        for kind in _KINDS:
            if kind in self.added:
                yield f"+ {_counted(kind, self.added[kind])}"
            if kind in self.changed:
                named = [f"{each.id} ({', '.join(each.fields)})" for each in self.changed[kind]]
                yield f"~ {_counted(kind, named)}"
            if kind in self.removed:
                yield f"- {_counted(kind, self.removed[kind])}"
        for grant in self.held:  # (4)
            end = f"{grant.window.end.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
            holds = f"! {grant.beneficiary} still holds {grant.role} until {end} ({grant.id})"
            yield f"{holds}: the next sweep ends it"


def difference(tx: SqlTransaction, files: WorldFiles) -> WorldDifference:
    """(1) What applying `files` would change."""
    files = _named_as_before(tx, files)
    before = {(item.kind, item.id): item for item in worlds.kept(tx.session)}
    after = {(item.kind, item.id): item for item in files.items}
    both = [key for key in after if key in before and after[key] != before[key]]
    removed = [(key[0], key[1]) for key in before if key not in after]
    left = [key[1] for key in both if key[0] == "identity" and _left(after[key])]
    left += [name for kind, name in removed if kind == "identity"]
    return WorldDifference(
        added=_by_kind([(key[0], key[1]) for key in after if key not in before]),
        changed=_by_kind([(key[0], _changed(before[key], after[key])) for key in both]),
        removed=_by_kind(removed),
        held=_held(tx, {*removed, *(("identity", name) for name in left)}),
    )


def apply(
    tx: SqlTransaction, files: WorldFiles, *, principal: IdentityId, at: datetime
) -> WorldDifference:
    """(2) Makes `files` the company in force; what changed."""
    files = _named_as_before(tx, files)
    found = difference(tx, files)
    if found.empty:  # (3)
        return found
    before, after = set(worlds.kept(tx.session)), set(files.items)
    worlds.replace_items(tx.session, sorted(before - after), sorted(after - before))
    if any(item.kind == "usage" for item in before ^ after):
        worlds.replace_usage(tx.session, files.usage)
    catalog = catalog_of(company_of(files.items))
    catalogs.keep_catalog(tx.session, tx.store, catalog)
    tx.store.row.world, tx.store.row.catalog = files.digest, catalog.digest
    tx.bump()
    digests = {"world": files.digest, "catalog": catalog.digest}
    tx.log.append(_event(IMPORTED, WORLD, digests, principal=principal, at=at))
    return found


def _named_as_before(tx: SqlTransaction, files: WorldFiles) -> WorldFiles:
    """(5)."""
    names = [item for item in worlds.kept(tx.session) if item.kind == _NAME]
    if not names:
        return files
    rest = [item for item in files.items if item.kind != _NAME]
    return replace(files, name=names[0].id, items=tuple(sorted([*names, *rest])))


def import_catalog(
    tx: SqlTransaction, catalog: Catalog, *, principal: IdentityId, at: datetime
) -> bool:
    """Keeps a named snapshot beside the company's own; False if it was there already."""
    if not catalogs.keep_catalog(tx.session, tx.store, catalog):
        return False
    tx.bump()
    digests = {"catalog": catalog.digest}
    tx.log.append(_event("catalog.imported", "catalog", digests, principal=principal, at=at))
    return True


def _event(
    kind: str, about: str, digests: Mapping[str, str], *, principal: IdentityId, at: datetime
) -> Event:
    return Event(
        kind=kind,
        at=at,
        agent="none",
        principal=principal,
        subject="none",
        about=about,
        policy="none",
        evaluation="none",
        decision="applied",
        reason="none",
        ttl=timedelta(0),
        digests=digests,
    )


def _left(identity: Item) -> bool:
    return bool(json.loads(identity.body).get("status") == "leaver")


def _held(tx: SqlTransaction, gone: AbstractSet[tuple[str, str]]) -> tuple[Grant, ...]:
    """(4)."""
    if not gone:
        return ()
    return tuple(
        grant
        for grant in tx.grants.list(LIVE)
        if ("identity", grant.beneficiary) in gone or ("role", grant.role) in gone
    )


def _changed(before: Item, after: Item) -> Changed:
    old, new = json.loads(before.body), json.loads(after.body)
    names = sorted(set(old) | set(new))
    return Changed(after.id, tuple(name for name in names if old.get(name) != new.get(name)))


def _by_kind(pairs: list[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    kinds = {kind for kind, _ in pairs}
    return {kind: tuple(what for of, what in pairs if of == kind) for kind in sorted(kinds)}


def _counted(kind: str, names: list[str] | tuple[str, ...]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    rest = len(names) - _MOST_NAMED
    return f"{len(names)} {kind}: {shown}" + (f" and {rest} more" if rest > 0 else "")
