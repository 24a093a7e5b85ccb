"""One byte string for one value: what digests and log leaves are made of.

The form is RFC 8785 (JCS) restricted to strings, integers, booleans, null, lists and objects with
ASCII keys; there are no floats, so number formatting cannot differ between writers.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TypeAlias, cast

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"
_ITSELF = frozenset({str, int, bool, type(None)})


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC with `Z`, whole seconds unless there are microseconds.

    >>> instant(datetime(2026, 11, 23, 9, tzinfo=UTC))
    '2026-11-23T09:00:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def plain(value: object) -> Plain:
    """`value` as JSON data: dataclasses by field, sets sorted, times in UTC, spans in seconds.

    Raises:
        TypeError: for a float or anything else without one canonical form.
    """
    if type(value) in _ITSELF:  # most values are: an enumeration's type is its own
        return cast("Plain", value)
    match value:
        case Enum():
            return plain(value.value)
        case None | bool() | int() | str():
            return value
        case datetime():
            return instant(value)
        case timedelta():
            return int(value.total_seconds())
    return _collected(value)


def canonical(value: object) -> bytes:
    """The one byte string of `value`.

    >>> canonical({"b": [1, None], "a": "x"})
    b'{"a":"x","b":[1,null]}'
    """
    return _text(plain(value)).encode()


def digest(value: object) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _collected(value: object) -> Plain:
    match value:
        case dict() | Mapping():  # what is common first: an abstract class is slow to ask
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case AbstractSet():
            return sorted((plain(item) for item in value), key=_text)
        case Sequence() if not isinstance(value, bytes | bytearray):
            return [plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: plain(getattr(value, field.name)) for field in fields}
    message = f"no canonical form for `{type(value).__name__}`"
    raise TypeError(message)


def _text(value: Plain) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
