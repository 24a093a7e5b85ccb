"""Attacks run against the same company as journeys."""

from tests.journey.conftest import company, granted, holding, made

__all__ = ["company", "granted", "holding", "made"]
