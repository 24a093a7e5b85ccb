"""A world as it is kept: one record an item, compared by its bytes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from govagents.domain.canonical import canonical, digest


class UsageRow(NamedTuple):
    """How often somebody used a permission on one day."""

    day: date
    identity: str
    permission: str
    times: int


@dataclass(frozen=True, order=True)
class Item:
    """One record of one kind; `body` is the canonical JSON of what its file says."""

    kind: str
    id: str
    body: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the body."""
        return sha256(self.body).hexdigest()


@dataclass(frozen=True)
class WorldFiles:
    """A folder that was read and found whole. `items` are sorted; `usage` is as the log has it."""

    name: str
    items: tuple[Item, ...]
    usage: tuple[UsageRow, ...]

    @property
    def digest(self) -> str:
        """Of everything but the single uses, which an item of their own stands for."""
        return digest_of(self.items)


def digest_of(items: tuple[Item, ...]) -> str:
    """The digest of a sorted set of items."""
    return digest([[item.kind, item.id, item.digest] for item in items])


def usage_item(lines: Iterable[str]) -> Iterator[Item]:
    """What stands for single uses, written `day,identity,permission,times`; none for none."""
    if rows := sorted(lines):
        body = {"rows": len(rows), "digest": digest("\n".join(rows))}
        yield Item("usage", "usage", canonical(body))
