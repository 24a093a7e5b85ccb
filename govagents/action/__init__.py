"""Verdict to effect, verified, undone."""
