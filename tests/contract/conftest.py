"""What a store keeps is shown on the company of the journeys."""

from tests.journey.conftest import company, made

__all__ = ["company", "made"]
