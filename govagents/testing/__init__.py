"""Shipped fakes with the real parts' semantics: a test changes a world, not a call."""
