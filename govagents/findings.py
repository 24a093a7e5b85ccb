"""Typed findings in and out of the database of record: one key, one type, canonical bytes."""

import hashlib
from functools import lru_cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from govagents.domain.canonical import canonical
from govagents.domain.ids import RequestId
from govagents.errors import IntegrityError
from govagents.ports import Transaction

T = TypeVar("T")


@lru_cache
def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401  # any type a finding may have
    return TypeAdapter(kind)


def encode(value: object) -> bytes:
    """The bytes a finding is kept as."""
    return canonical(value)


def decode(body: bytes, kind: type[T]) -> T:
    """A finding as it was.

    Raises:
        IntegrityError: the bytes are not of that type.
    """
    try:
        found: T = _adapter(cast("Any", kind)).validate_json(body)
    except ValueError as error:
        message = f"a kept `{kind.__name__}` cannot be read back: {error}"
        raise IntegrityError(message) from error
    return found


def latest(tx: Transaction, request: RequestId, key: str, kind: type[T]) -> T | None:
    """The newest finding under `key`, unchecked: for showing. None also where nothing was found."""
    body = tx.findings.latest(request, key)
    return None if body in {None, b"null"} else decode(body or b"", kind)


def sealed(tx: Transaction, request: RequestId, key: str, kind: type[T]) -> T | None:
    """The newest finding under `key`, if it is byte for byte what the log says was found.

    INVARIANT (one door): whoever edits a finding in the store without the log changes nothing.

    Raises:
        IntegrityError: the newest log entry for `key` has another digest.
    """
    body = tx.findings.latest(request, key)
    logged = [event.digests[key] for _, event in tx.log.of(request) if key in event.digests]
    if body is None and not logged:
        return None
    if body is None or not logged or hashlib.sha256(body).hexdigest() != logged[-1]:
        message = (
            f"the `{key}` kept for `{request}` is not what the log recorded: nothing was given"
        )
        raise IntegrityError(message)
    return decode(body, kind)
