"""One table for everything that one run measures, printed and written at its end."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from govagents.testing.company import Company
from tests.bench.figures import HEAD, README, Figures
from tests.live.server import postgres

__all__ = ["postgres"]
WORLD = Path(__file__).parents[2] / "evals" / "worlds" / "halden"


@pytest.fixture(scope="session")
def figures() -> Iterator[Figures]:
    found = Figures()
    yield found
    sys.stdout.write(f"\n{HEAD}" + "".join(f"{row}\n" for row in found.rows.values()))
    README.write_text(found.written(README.read_text("utf-8")), "utf-8")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return Company.made(tmp_path_factory.mktemp("made") / "store", WORLD)


@pytest.fixture
def company(made: Company, tmp_path: Path) -> Company:
    return made.copied(tmp_path / "store")
