"""Every boundary that a command passes: a kill before it leaves something else than one after it.

Rules:
1. A boundary is a transaction on any SQLite file that changed something, a call of a target, or a
   change to a file of the store's folder.
2. They are found below all code of ours, where the interpreter opens, removes and renames files and
   connects to SQLite: a new one is found without anybody naming it.
3. A transaction and a call have a point before and a point after; a file has one before it, for the
   next boundary's is the one after. Points are passed one at a time, whatever threads there are.
4. What native code writes is not seen. Only Chroma's index is written so, and may be lost at any
   time: whoever compares the folder before and after finds whatever else there is (`unseen`).
"""

import json
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Literal

from govagents.adapters.limited import Limited

CALLS = ("grant", "revoke", "holders")
_WRITING = os.O_WRONLY | os.O_RDWR
_CHANGES = frozenset(
    f"os.{each}" for each in ("remove", "rename", "mkdir", "rmdir", "truncate", "link", "symlink")
)
_LOST_AT_ANY_TIME = ("memory/chroma",)
_WITH_ANOTHER = ("-wal", "-journal")


def watch(home: Path, passed: Callable[[str], None]) -> None:
    """From here on in this process each point is `passed`, by a name that says where it is."""
    alone = threading.RLock()

    def one_at_a_time(point: str) -> None:
        with alone:
            passed(point)

    _Connection.passed.append(one_at_a_time)
    for module in (sqlite3, sqlite3.dbapi2):
        setattr(module, "connect", _connect)  # noqa: B010  # it is declared as a function
    for name in CALLS:
        setattr(Limited, name, _around(name, getattr(Limited, name), one_at_a_time))
    sys.addaudithook(_files(home, one_at_a_time))


def place_of(point: str) -> str:
    """What a boundary belongs to, of the name of a point.

    >>> place_of("before govagents.db grant.intended"), place_of("before open runs/ab12.lock")
    ('govagents.db', 'open runs')
    """
    what, _, rest = point.partition(" ")[2].partition(" ")
    of_a_file = what == "open" or what.startswith("os.")
    return f"{what} {rest.partition('/')[0]}" if of_a_file or what == "call" else what


def contents(home: Path) -> Mapping[str, str]:
    """Everything in a store by its digest, but for what SQLite makes anew after a kill.

    To be asked by another process: who reads a file that it has open itself loses its locks.
    """
    return {
        str(path.relative_to(home)): sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in home.rglob("*")
        if not path.name.endswith("-shm")
    }


def unseen(before: Mapping[str, str], after: Mapping[str, str], points: list[str]) -> set[str]:
    """(4) Files that became other without a boundary that names them."""
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    told = {word for point in points for word in point.split()}
    return {
        name
        for name in changed
        if not name.startswith(_LOST_AT_ANY_TIME)
        and not name.endswith(_WITH_ANOTHER)
        and not told & {name, Path(name).name}
    }


class _Connection(sqlite3.Connection):
    """(1) Says when a transaction that changed something is about to be committed, and was."""

    passed: ClassVar[list[Callable[[str], None]]] = []

    def __init__(self, database: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # handed on
        super().__init__(database, *args, **kwargs)
        self._file, self._changes, self._told = Path(str(database)).name, 0, -1

    def commit(self) -> None:
        with self._ending():
            super().commit()

    def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:  # noqa: ANN401  # handed on
        if sql != "COMMIT":
            return super().execute(sql, *rest)
        with self._ending():
            return super().execute(sql, *rest)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Literal[False]:
        if kind is None:
            self.commit()
        return super().__exit__(kind, error, trace)

    @contextmanager
    def _ending(self) -> Iterator[None]:
        changed = self.in_transaction and self.total_changes != self._changes
        if not changed:
            yield
            return
        name = f"{self._file} {self._newest()}".rstrip()
        self._changes = self.total_changes
        for passed in self.passed:
            passed(f"before {name}")
        yield
        for passed in self.passed:
            passed(f"after {name}")

    def _newest(self) -> str:
        """The kind of the entry that came last with it, if it is of the log."""
        try:
            found = super().execute("SELECT idx, leaf FROM entry ORDER BY idx DESC LIMIT 1")
            index, leaf = found.fetchone()
        except sqlite3.OperationalError:
            return ""
        new, self._told = index != self._told, index
        return str(json.loads(leaf)["kind"]) if new else ""


def _connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:  # noqa: ANN401  # handed on
    return _REAL_CONNECT(*args, factory=_Connection, **kwargs)


_REAL_CONNECT = sqlite3.connect


def _around(
    name: str, real: Callable[..., Any], passed: Callable[[str], None]
) -> Callable[..., Any]:
    def watched(*args: Any) -> Any:  # noqa: ANN401  # stands in for three
        passed(f"before call {name}")
        found = real(*args)
        passed(f"after call {name}")
        return found

    return watched


def _files(home: Path, passed: Callable[[str], None]) -> Callable[[str, tuple[Any, ...]], None]:
    """(2)."""

    def heard(event: str, args: tuple[Any, ...]) -> None:
        if event == "sqlite3.connect/handle" and not isinstance(args[0], _Connection):
            message = "somebody connects to SQLite past what watches it"
            raise AssertionError(message)
        if event not in _CHANGES and event != "open":
            return
        path = Path(os.fsdecode(args[0])) if isinstance(args[0], str | bytes) else None
        if path is not None and path.is_relative_to(home) and _changes(event, path, args):
            passed(f"before {event} {path.relative_to(home)}")

    return heard


def _changes(event: str, path: Path, args: tuple[Any, ...]) -> bool:
    """Whether there is anything to change."""
    if event == "os.mkdir":
        return not path.exists()
    if event != "open":
        return path.exists()
    flags = args[2]
    return bool(flags & _WRITING) and not (flags & os.O_EXCL and path.exists())
