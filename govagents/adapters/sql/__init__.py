"""The database of record. Only `choosing.py` knows which of two kinds it is."""
