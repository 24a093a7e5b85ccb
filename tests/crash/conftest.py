"""Crashes happen to the same company as journeys."""

from tests.journey.conftest import company, made

__all__ = ["company", "made"]
