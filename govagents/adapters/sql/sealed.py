"""What of the store no entry of the log tells, and who writes it: states, orders, signs of life.

Rules:
1. A row of `SEALED` has a seal: one digest of the columns that are written once with it, another of
   those that are written anew, always all of them together. So nothing that was edited is sealed by
   what is written beside it.
2. Whoever writes such a row says so (`touch`); it is sealed at the end of the same transaction.
3. A row that counts on what it holds (`counts`) is sealed anew only if it was what its seal says.
4. INVARIANT (the log is complete and checkable): a column is here, or what it holds is recomputed
   from the entries (`unbacked`); a test goes through all of them.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

from sqlmodel import Session

from govagents.audit.sealing import Seal
from govagents.domain.canonical import Plain, digest

_TOUCHED = "touched"


class Sealed(NamedTuple):
    """Columns of a table: by which a row is named, written once, and written anew."""

    key: tuple[str, ...]
    once: tuple[str, ...] = ()
    anew: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.key, *self.once, *self.anew)


SEALED: Mapping[str, Sealed] = {
    "answer": Sealed(("n",), ("request", "person"), ("settles",)),
    "checkpoint": Sealed(("size",), ("note",)),
    "finding": Sealed(("n",), ("request", "key", "digest")),
    "grant": Sealed(("id",), ("n",), ("live", "attempts", "failure")),
    "notice": Sealed(
        ("n",), ("person", "about", "text", "at"), ("tries", "tried", "failure", "sent")
    ),
    "precedent": Sealed(("request", "kind", "entry"), (), ("body",)),
    "request": Sealed(("id",), ("n",), ("status", "note", "changed")),
    "setting": Sealed(("name",), (), ("value",)),
    "snapshot": Sealed(("digest",), ("n", "name", "version")),
    "store": Sealed(("id",), ("name", "vkey"), ("schema", "version", "drawn", "world", "catalog")),
    "text": Sealed(("digest",), ("request", "part", "speaker"), ("salt",)),
}
"""(1) By table."""


class Touched(NamedTuple):
    """(2) How a row was written: `new` = all of it; `before`: digest of what was counted on."""

    table: str
    key: tuple[object, ...]
    new: bool = False
    before: str | None = None


def touch(
    session: Session, table: str, *key: object, new: bool = False, before: str | None = None
) -> None:
    """(2) A row is written; `new` = all of it. `before`: the digest of what was counted on (3)."""
    touched: dict[str, Touched] = session.info.setdefault(_TOUCHED, {})
    name = name_of(table, key)
    earlier = touched.get(name, Touched(table, key, before=before))
    touched[name] = earlier._replace(new=earlier.new or new)


def touched_in(session: Session) -> dict[str, Touched]:
    """(2) What was written since the session was opened, by the name of its seal."""
    found: dict[str, Touched] = session.info.setdefault(_TOUCHED, {})
    return found


def name_of(table: str, key: Iterable[object]) -> str:
    """What the seal of a row is called.

    >>> name_of("request", ["req_1"])
    'request req_1'
    """
    return " ".join([table, *map(str, key)])


def seal_of(kept: Sealed, values: Iterable[object]) -> Seal:
    """(1) The seal of a row with these values, as `Sealed.columns` orders them."""
    plain = [_plain(value) for value in values][len(kept.key) :]
    return Seal(digest(plain[: len(kept.once)]), digest(plain[len(kept.once) :]))


def _plain(value: object) -> Plain:
    """What lies in a column, by kind: a text is no number, and bytes are no text."""
    match value:
        case bool():
            return int(value)
        case None | int() | str():
            return value
        case bytes():
            return {"sha256": sha256(value).hexdigest()}
    return {"other": repr(value)}
