"""The log, or proofs of some of its entries, in one JSON value that is checked without the store.

A bundle carries checkpoints, and either all entries or those that its proofs are about; what it
proves is judged in `proving.py`. `tests/contract` has Go's checksum database code judge the same.
"""

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from govagents.audit.tree import ConsistencyProof, InclusionProof
from govagents.errors import InputError

_FORMAT = "govagents/log/1"
_T = TypeVar("_T")


@dataclass(frozen=True)
class Included:
    """An entry's bytes, and the proof that it stands in the log."""

    entry: bytes
    proof: InclusionProof


@dataclass(frozen=True)
class Bundle:
    """`entries` are all of the log, or none where only some are `included`."""

    vkey: str
    checkpoints: tuple[str, ...]
    entries: tuple[bytes, ...] = ()
    included: tuple[Included, ...] = ()
    continued: tuple[ConsistencyProof, ...] = ()


def written(bundle: Bundle) -> dict[str, object]:
    """As JSON data; bytes in base64."""
    return {
        "format": _FORMAT,
        "vkey": bundle.vkey,
        "checkpoints": list(bundle.checkpoints),
        "entries": [_text(each) for each in bundle.entries],
        "inclusion": [
            {
                "index": each.proof.index,
                "size": each.proof.size,
                "entry": _text(each.entry),
                "path": [_text(digest) for digest in each.proof.path],
            }
            for each in bundle.included
        ],
        "consistency": [
            {
                "old_size": each.old_size,
                "size": each.size,
                "path": [_text(digest) for digest in each.path],
            }
            for each in bundle.continued
        ],
    }


def read(text: str) -> Bundle:
    """The bundle that was written.

    Raises:
        InputError: it is none; says what is wrong.
    """
    try:
        data = _ours(json.loads(text))
        return Bundle(
            vkey=_string(data["vkey"]),
            checkpoints=_each(data["checkpoints"], _string),
            entries=_each(data["entries"], _bytes),
            included=_each(data["inclusion"], _included),
            continued=_each(data["consistency"], _continued),
        )
    except KeyError as error:
        raise InputError(f"this is no bundle of a log: it lacks {error}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(f"this is no bundle of a log: {error}") from error


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was to stand where {type(value).__name__} does")
    return value


def _bytes(value: object) -> bytes:
    try:
        return b64decode(_string(value), validate=True)
    except binascii.Error as error:
        raise ValueError(f"something is no base64: {error}") from error


def _number(value: object) -> int:
    if type(value) is not int:
        raise TypeError("a number was to stand where something else does")
    return value


def _each(value: object, read_one: Callable[[object], _T]) -> tuple[_T, ...]:
    if not isinstance(value, list):
        raise TypeError("a list was to stand where something else does")
    return tuple(read_one(each) for each in value)


def _record(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError("a record was to stand where something else does")
    return value


def _ours(value: object) -> Mapping[str, object]:
    record = _record(value)
    if record["format"] != _FORMAT:
        raise ValueError(f"it is not of the format `{_FORMAT}`")
    return record


def _included(value: object) -> Included:
    record = _record(value)
    path = _each(record["path"], _bytes)
    proof = InclusionProof(_number(record["index"]), _number(record["size"]), path)
    return Included(_bytes(record["entry"]), proof)


def _continued(value: object) -> ConsistencyProof:
    record = _record(value)
    path = _each(record["path"], _bytes)
    return ConsistencyProof(_number(record["old_size"]), _number(record["size"]), path)
