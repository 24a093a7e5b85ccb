"""The demo company as everywhere, with its record in a PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.breaking import HOLDER, OWNER
from tests.journey.conftest import WORLD
from tests.live.kept import Kept
from tests.live.server import Server, postgres

__all__ = ["postgres"]


@pytest.fixture(scope="session")
def made(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return Kept.made_in(postgres, tmp_path_factory.mktemp("kept") / "store", WORLD)


@pytest.fixture
def company(made: Kept, tmp_path: Path) -> Iterator[Kept]:
    copy = made.copied(tmp_path / "store")
    yield copy
    copy.restarted()


@pytest.fixture(scope="session")
def granted(made: Kept, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    company = made.copied(tmp_path_factory.mktemp("granted") / "store")
    company.approve(company.ask(HOLDER, "Redrive the tracking dlq, 2h"), OWNER)
    company.restarted()
    return company


@pytest.fixture
def holding(granted: Kept, tmp_path: Path) -> Iterator[Kept]:
    copy = granted.copied(tmp_path / "store")
    yield copy
    copy.restarted()
