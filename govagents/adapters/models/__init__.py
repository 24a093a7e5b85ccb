"""Readers of words behind the model port."""
