"""What the system refuses a process: room on the disk, or to write where nobody may.

The refusals are the kernel's own. Root may write anywhere; without that power it is as anybody is
whose files these are.
"""

import ctypes
import os
import resource
from dataclasses import dataclass

_VERSION = 0x20080522


@dataclass(frozen=True)
class Hindered:
    """`room` = to how many bytes a file may grow; None = as many as there are. `powers`: root's."""

    room: int | None = None
    powers: bool = True

    def begin(self) -> None:
        """From here on, in this process."""
        if self.room is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.room, self.room))
        if not self.powers and os.geteuid() == 0:
            _without_powers()


FREE = Hindered()


class _Header(ctypes.Structure):
    """`cap_user_header_t` of capset(2)."""

    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def _without_powers() -> None:
    header, none = _Header(_VERSION, 0), (ctypes.c_uint32 * 6)()
    refused = ctypes.CDLL(None, use_errno=True).capset(ctypes.byref(header), none)
    assert not refused, os.strerror(ctypes.get_errno())
