"""The demo company, made once; each journey gets a store of its own.

What many journeys begin with is gone through once too; each gets a copy of what it came to.
"""

from pathlib import Path

import pytest

from govagents.testing.company import Company
from tests.journey.breaking import HOLDER, OWNER, ROLE, SYSTEM

WORLD = Path(__file__).parents[2] / "evals" / "worlds" / "halden"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return Company.made(tmp_path_factory.mktemp("made") / "store", WORLD)


@pytest.fixture
def company(made: Company, tmp_path: Path) -> Company:
    return made.copied(tmp_path / "store")


@pytest.fixture(scope="session")
def granted(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """One request, asked and approved: one live grant. Nobody has it open."""
    company = made.copied(tmp_path_factory.mktemp("granted") / "store")
    company.approve(company.ask(HOLDER, "Redrive the tracking dlq, 2h"), OWNER)
    assert company.holds(HOLDER, ROLE, SYSTEM)
    return company.restarted()


@pytest.fixture
def holding(granted: Company, tmp_path: Path) -> Company:
    """The company in which somebody holds a role by that grant."""
    return granted.copied(tmp_path / "store")
