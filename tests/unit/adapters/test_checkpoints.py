"""What a checkpoint may hold comes back as what it was, and nothing else does."""

import dataclasses
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args, get_type_hints

import pytest

from govagents.adapters import checkpoints
from govagents.adapters.checkpoints import allowed_types
from govagents.domain.sight import Sight
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
