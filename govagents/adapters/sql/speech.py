"""How each of the two databases looks for something in the bytes of an entry.

Indexes are made of the very same words: one is used where a query says just what it was made of.
"""

from dataclasses import dataclass

from sqlmodel import Session


@dataclass(frozen=True)
class Speech:
    """Forms of SQL.

    `at`: where a text stands in `leaf`; `holds`: whether it does; `encoded`: a text as bytes;
    `beyond`: the bytes after all that begin with a text and a character before `#`.
    """

    at: str
    holds: str
    encoded: str
    beyond: str


SQLITE = Speech(
    at="instr(leaf, CAST('{}' AS BLOB))",
    holds="instr(leaf, CAST('{}' AS BLOB))",
    encoded="CAST({} AS BLOB)",
    beyond="CAST({} || '#' AS BLOB)",
)
POSTGRES = Speech(
    at="position(CAST('{}' AS bytea) IN leaf)",
    holds="position(CAST('{}' AS bytea) IN leaf) > 0",
    encoded="convert_to(CAST({} AS text), 'UTF8')",
    beyond="convert_to(CAST({} AS text) || '#', 'UTF8')",
)


def speech_of(session: Session) -> Speech:
    """That of the database behind it."""
    return SQLITE if session.get_bind().dialect.name == "sqlite" else POSTGRES
