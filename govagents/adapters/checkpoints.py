"""LangGraph checkpoints in SQLite, read back strictly.

SECURITY: LangGraph's default serializer executes callables that a forged checkpoint names. The
allow-list below is the domain's own types and nothing else; the environment switch must be set
before LangGraph is first imported, and is set here, beside the list that gives it meaning.
"""

import dataclasses
import inspect
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from types import ModuleType

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver

from govagents.adapters.unwritable import unwritable
from govagents.domain import (
    decision,
    grant,
    observation,
    plan,
    precedent,
    proposal,
    question,
    request,
    screening,
    sight,
    text,
    weighed,
)

_MODULES: tuple[ModuleType, ...] = (
    decision, grant, observation, plan, precedent, proposal, question, request, screening, sight,
    text, weighed,
)  # fmt: skip

ROOM = 4 << 20
"""What a run may take in bytes, several times over: less free, and it would be cut short by that.

It could then block its request, or be given up as one that fails again and again.
"""


def allowed_types() -> list[type]:
    """Every dataclass and enum that may lie in a checkpoint."""
    return [
        found
        for module in _MODULES
        for _, found in sorted(inspect.getmembers(module, inspect.isclass))
        if found.__module__ == module.__name__
        and (dataclasses.is_dataclass(found) or issubclass(found, Enum))
    ]


def serializer() -> JsonPlusSerializer:
    """Strict: what is not on the list does not come back as an object."""
    return JsonPlusSerializer(allowed_msgpack_modules=allowed_types())


def memory_saver() -> InMemorySaver:
    """A saver that is gone with the process."""
    return InMemorySaver(serde=serializer())


@contextmanager
def sqlite_saver(path: Path) -> Iterator[SqliteSaver]:
    """A saver for one run. WAL, synchronous NORMAL: checkpoints only, never grants or the log.

    Raises:
        ConfigurationError: the file cannot be opened or written, or the run would fill the disk.
            It has not begun, and does with the next sweep that finds room.
    """
    disk = shutil.disk_usage(path.parent)
    if disk.total and disk.free < ROOM:  # some disks do not say how large they are
        raise unwritable("database or disk is full")
    try:
        connection = sqlite3.connect(path, check_same_thread=False, timeout=10)
    except sqlite3.OperationalError as error:
        raise unwritable(str(error)) from error
    try:
        yield _ready(connection, path)
    finally:
        connection.close()


def _ready(connection: sqlite3.Connection, path: Path) -> SqliteSaver:
    try:
        path.chmod(0o600)
        saver = SqliteSaver(connection, serde=serializer())
        saver.setup()
        connection.execute("PRAGMA synchronous=NORMAL")
    except sqlite3.OperationalError as error:
        raise unwritable(str(error)) from error
    return saver
