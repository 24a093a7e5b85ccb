"""Real targets, each with a person or two and nothing given."""

from pathlib import Path

import pytest

from govagents.adapters.connectors import connector_files, load_connector
from govagents.ports import Connector
from tests.journey.conftest import company, made
from tests.live.server import Server, postgres

__all__ = ["company", "made", "postgres"]


@pytest.fixture
def roles(postgres: Server, tmp_path: Path) -> Connector:
    """The connector on a server where nobody holds `shop/reader`, which may read `stock`."""
    postgres.clean()
    postgres.govern("shop/reader")
    postgres.login("ana", "bo")
    postgres.do("CREATE TABLE IF NOT EXISTS stock AS SELECT 7 AS items")
    postgres.do("GRANT SELECT ON stock TO {}", "shop/reader")
    connector = load_connector("postgres", connector_files()["postgres"].read_bytes())
    return connector.at(postgres.address(tmp_path), tmp_path)
