"""The same company as in journeys; a crowd comes to a store that nobody else has open."""

from tests.journey.conftest import company, granted, holding, made

__all__ = ["company", "granted", "holding", "made"]
