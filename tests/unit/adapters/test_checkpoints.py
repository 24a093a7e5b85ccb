"""What a checkpoint may hold comes back as what it was, and nothing else does."""

import dataclasses
import shutil
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from govagents.adapters import checkpoints
from govagents.adapters.checkpoints import allowed_types, sqlite_saver
from govagents.domain.sight import Sight
from govagents.errors import ConfigurationError
from govagents.state import RequestState


def within(kind: Any, seen: set[Any]) -> Iterator[type]:  # noqa: ANN401  # any annotation
    """Every dataclass and enum that a value of `kind` is made of."""
    for each in get_args(kind):
        yield from within(each, seen)
    if not isinstance(kind, type) or kind in seen:
        return
    seen.add(kind)
    if issubclass(kind, Enum):
        yield kind
    elif dataclasses.is_dataclass(kind):
        yield kind
        for each in get_type_hints(kind).values():
            yield from within(each, seen)


def missing() -> set[type]:
    seen: set[Any] = set()
    state = get_type_hints(RequestState).values()
    return {found for kind in state for found in within(kind, seen)} - {*allowed_types()}


def test_every_type_of_the_state_is_on_the_list() -> None:
    """What is not comes back as loose data, and is told of on standard error."""
    assert missing() == set()


def test_a_type_that_was_forgotten_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check sees what it is there for."""
    listed = tuple(each for each in checkpoints._MODULES if each.__name__ != Sight.__module__)
    monkeypatch.setattr(checkpoints, "_MODULES", listed)

    assert Sight in missing()


def test_no_run_begins_when_its_checkpoints_have_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S39: less than a run takes; nothing is made."""
    monkeypatch.setattr(checkpoints, "ROOM", shutil.disk_usage(tmp_path).total + 1)
    refused = pytest.raises(ConfigurationError, match=r"disk is full; free some space")

    with refused, sqlite_saver(tmp_path / "c.db"):
        pytest.fail("a run begins")

    assert list(tmp_path.iterdir()) == []


def test_no_run_begins_when_its_checkpoints_cannot_be_opened(tmp_path: Path) -> None:
    refused = pytest.raises(ConfigurationError, match=r"cannot be written: unable to open .*; mend")

    with refused, sqlite_saver(tmp_path):
        pytest.fail("a run begins")
