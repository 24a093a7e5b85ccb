"""The company of the journeys, and a server of the tests' own behind a connector."""

from tests.journey.conftest import company, made
from tests.live.server import postgres

__all__ = ["company", "made", "postgres"]
