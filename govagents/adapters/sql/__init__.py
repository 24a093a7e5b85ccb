"""The database of record, in one file. Only `engine.py` knows that the database is SQLite."""
