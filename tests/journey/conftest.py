"""The demo company, made once; each journey gets a store of its own."""

from pathlib import Path

import pytest

from govagents.testing.company import Company

WORLD = Path(__file__).parents[2] / "evals" / "worlds" / "halden"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return Company.made(tmp_path_factory.mktemp("made") / "store", WORLD)


@pytest.fixture
def company(made: Company, tmp_path: Path) -> Company:
    return made.copied(tmp_path / "store")
