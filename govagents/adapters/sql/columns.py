"""What a column holds beyond what all databases agree on, and the row all tables start from."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Integer, LargeBinary, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

TABLES = MetaData()
Seconds = Integer().with_variant(BigInteger(), "postgresql")
"""Since 1970: what PostgreSQL calls an integer ends in 2038."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Row(SQLModel, registry=registry(metadata=TABLES)):
    """One row of a table of ours; other users of SQLModel in the process keep their own tables."""

    metadata = TABLES


class Instant(TypeDecorator[datetime]):
    """An aware time, kept as microseconds since 1970: exact, and sorted alike everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Refuses a naive time, which would mean another instant on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a time without a zone cannot be kept: `{value.isoformat()}`"
            raise ValueError(message)
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """In UTC."""
        return None if value is None else _EPOCH + value * _MICROSECOND


class Blob(TypeDecorator[bytes]):
    """Bytes, also where somebody who changed the file put text or a number instead.

    SECURITY: what was changed must reach the check that finds it, not stop before it.
    """

    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Whatever lies there."""
        match value:
            case None | bytes():
                return value
            case str():
                return value.encode(errors="surrogatepass")
        return repr(value).encode()
