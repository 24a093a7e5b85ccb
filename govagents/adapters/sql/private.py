"""Files that are their owner's alone."""

import os
import stat
from pathlib import Path

from govagents.errors import ConfigurationError


def keep_private(file: Path, text: str) -> None:
    """A new file that only its owner can read, whatever the umask; it is on the disk afterwards."""
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    file.chmod(0o600)


def refuse_writable(*paths: Path) -> None:
    """Raises ConfigurationError where others may write."""
    for path in paths:
        if path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            message = f"others may write to `{path}`: run `chmod go-rwx {path}`"
            raise ConfigurationError(message)
