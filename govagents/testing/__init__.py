"""Shipped fakes: they keep the real parts' semantics, so that a test changes a world, not a call."""
