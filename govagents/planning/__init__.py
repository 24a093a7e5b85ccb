"""Facts to proposal to verdict."""
