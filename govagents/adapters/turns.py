"""Whose turn it is to run a request: one at a time, on one machine, whatever becomes of it.

Rules:
1. A turn is an exclusive lock on a file of the request's own. The kernel gives it back when its
   holder ends, also by a kill; so a turn that is taken means somebody who is alive, and no clock,
   number of a process or time limit has to be believed.
2. Two threads of one process are two; one that takes its own turn again waits for itself, as long
   as anybody does.
3. The file is removed by its holder. Who then locked the file that was removed tries once more.
4. A name is hashed before it becomes a file's: it comes from a row that may have been edited.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from govagents.domain.ids import RequestId
from govagents.errors import StateError

_POLL = timedelta(milliseconds=20)


@dataclass(frozen=True)
class FileTurns:
    """`ports.Turns`, by files in `folder`; `patience` = how long one waits who waits."""

    folder: Path
    patience: timedelta = timedelta(seconds=30)

    @contextmanager
    def take(self, request: RequestId, *, wait: bool) -> Iterator[bool]:
        """Whether the turn is the caller's; it is given back on leaving.

        Raises:
            StateError: no lock can be made in the store's folder.
        """
        path = self.folder / f"{sha256(request.encode()).hexdigest()[:32]}.lock"  # (4)
        handle = self._locked(path, self.patience if wait else timedelta(0))
        try:
            yield handle is not None
        finally:
            if handle is not None:
                path.unlink(missing_ok=True)  # ORDER: while it is locked (3)
                os.close(handle)

    def _locked(self, path: Path, left: timedelta) -> int | None:
        while (handle := self._tried(path)) is None and left > timedelta(0):
            threading.Event().wait(_POLL.total_seconds())
            left -= _POLL
        return handle

    def _tried(self, path: Path) -> int | None:
        """(1)."""
        handle = self._opened(path)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        if _same(handle, path):
            return handle
        os.close(handle)  # (3)
        return self._tried(path)

    def _opened(self, path: Path) -> int:
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            message = f"`{self.folder}` takes no lock, so nothing is run: {error.strerror}"
            raise StateError(message) from error


def _same(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
