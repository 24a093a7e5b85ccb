"""A disk that is full: a small one of a process's own, on which a command runs out of room.

Rules:
1. The disk is in memory (tmpfs), mounted in a mount namespace of its own: nobody else sees it. A
   user namespace gives the right to mount to whoever does not have it.
2. Ballast leaves as little room on it as is wanted. It is full for every file at once, and what the
   kernel says is ENOSPC. It stays so for a second command, until somebody frees it.
3. Where the machine permits no such disk, no file may grow past that size (EFBIG): `Full.disk` says
   which it was, and the end of a run counts them.
4. A command runs in a process forked from the one that mounted: no store is open in that.
"""

import ctypes
import os
import shutil
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from govagents.entrypoints.cli import run
from govagents.testing.company import Company
from tests.crash.dying import FORKED
from tests.crash.hindered import FREE, Hindered

FILLED, LIMITED = "disks filled", "files limited, as no disk could be mounted"

_NEWNS, _NEWUSER = 0x00020000, 0x10000000
_SIZE, _KILOBYTE, _LONGEST, _FELL = 32 << 20, 1024, 200, 255


class Tried(NamedTuple):
    """What a command came to."""

    code: int
    said: str


class Full(NamedTuple):
    """(3) Which disk it was, what came of commands on it, and what does not hold afterwards."""

    disk: str
    tried: tuple[Tried, ...]
    found: tuple[str, ...]


class Trial(NamedTuple):
    """The store of `company` is put on a disk with `room` kilobytes left, for `commands`.

    Then there is room: for the commands that are typed `again`, and for who looks `after` it.
    """

    company: Company
    room: int
    commands: tuple[tuple[str, ...], ...]
    again: tuple[tuple[str, ...], ...]
    after: Callable[[Company], list[str]]
    without: tuple[Callable[[], None], ...] = ()
    """What removes a defence."""


def on_a_full_disk(trial: Trial) -> Full:
    """In a process of its own; the disk is gone with it."""
    here, there = FORKED.Pipe()
    process = FORKED.Process(target=_gone_through, args=(trial, there))
    process.start()
    there.close()
    assert here.poll(_LONGEST), "the process does not end"
    found: Full = here.recv()
    process.join(_LONGEST)
    return found


def _gone_through(trial: Trial, there: Connection) -> None:
    disk = trial.company.home.with_name(f"{trial.company.home.name}-disk")
    disk.mkdir()
    filled = _mounted(disk)
    for removal in trial.without:
        removal()
    company = trial.company.copied(disk / "store")
    ballast = disk / "ballast"
    if filled:
        _fill(ballast, trial.room * _KILOBYTE)
    hindered = FREE if filled else Hindered(room=trial.room * _KILOBYTE)
    beside = trial.company.home.with_name(f"{trial.company.home.name}-said")
    tried = tuple(_typed(company.home, each, beside, hindered) for each in trial.commands)
    ballast.unlink(missing_ok=True)
    for words in trial.again:
        _typed(company.home, words, beside, FREE)
    there.send(Full(FILLED if filled else LIMITED, tried, tuple(trial.after(company))))


def _mounted(disk: Path) -> bool:
    """(1) Whether it is."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_NEWNS | _NEWUSER) == 0:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    elif libc.unshare(_NEWNS) != 0:
        return False
    options = f"size={_SIZE},mode=700".encode()
    return bool(libc.mount(b"tmpfs", os.fsencode(disk), b"tmpfs", 0, options) == 0)


def _fill(ballast: Path, room: int) -> None:
    """(2)."""
    left = shutil.disk_usage(ballast.parent).free - room
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, left)


def _typed(home: Path, words: tuple[str, ...], beside: Path, hindered: Hindered) -> Tried:
    """(4) What is said goes to another disk."""
    child = os.fork()
    if child == 0:
        for stream in (1, 2):
            os.dup2(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), stream)
        hindered.begin()
        try:
            os._exit(run(words, home=home))
        finally:
            traceback.print_exc()
            os._exit(_FELL)
    _, status = os.waitpid(child, 0)
    return Tried(os.waitstatus_to_exitcode(status), beside.read_text(encoding="utf-8"))
