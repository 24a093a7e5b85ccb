"""What is kept beside the log, under one signature of the log's key.

Rules:
1. A seal is two digests of a row: of what is written once with it, and of what is written anew.
2. All seals together have a sum, in which their order plays no part. One is taken out and another
   put in without looking at the rest.
3. The sum is signed together with the number of entries there were, so that entries which somebody
   appended since are seen too. The note is a checkpoint of another origin, which no log has.
4. Where what is there is not what was signed, an entry says so for good, before it is signed anew:
   the key was not there, an earlier release wrote it, or somebody else.

The sum is of 4,096 bits, because sums of many short digests can be made to meet.

Source: Bellare and Micciancio 1997, a new paradigm for collision-free hashing; Wagner 2002, a
generalized birthday problem.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256, shake_256
from typing import NamedTuple

from govagents.audit.checkpoint import Checkpoint, Signer, VerifyKey
from govagents.domain.event import Event

UNSIGNED, STORE = "log.unsigned", "store"
_SUM_BYTES = 512
_WHOLE = 1 << 8 * _SUM_BYTES
_ORIGIN = "/seals"


class Seal(NamedTuple):
    """(1) `once` is empty if nobody of us made the row."""

    once: str
    anew: str


class Signed(NamedTuple):
    """(3) A sum in hexadecimal, and the note on it."""

    total: str
    note: str

    @classmethod
    def by(cls, signer: Signer, total: str, size: int) -> "Signed":
        """The sum, signed at so many entries."""
        return cls(total, _named(signer).sign(size, _root(total)))

    def size_under(self, key: VerifyKey) -> int | None:
        """At how many entries it was signed with the log's key; None if it was not."""
        opened = replace(key, name=key.name + _ORIGIN).open(self.note)
        if not isinstance(opened, Checkpoint) or opened.root != _root(self.total):
            return None
        return opened.size


def changed(total: str, gone: Mapping[str, Seal], new: Mapping[str, Seal]) -> str:
    """(2) The sum after some seals, by name, went and others came.

    >>> seals = {"a": Seal("1", "2"), "b": Seal("3", "4")}
    >>> one_by_one = changed(changed("", {}, {"b": seals["b"]}), {}, {"a": seals["a"]})
    >>> one_by_one == changed("", {}, seals)
    True
    >>> changed(one_by_one, seals, {}) == changed("", {}, {})
    True
    """
    found = _read(total) - _weight(gone) + _weight(new)
    return (found % _WHOLE).to_bytes(_SUM_BYTES, "big").hex()


def unsigned(last: Event, schema: int) -> Event:
    """(4) The entry, at the instant of the last one; `schema`: of the store from then on."""
    return Event(
        kind=UNSIGNED,
        at=last.at,
        agent="none",
        principal="operator",
        subject="none",
        about=STORE,
        policy="none",
        evaluation="none",
        decision="signed",
        reason=schema_told(schema),
        ttl=timedelta(0),
        digests={},
    )


def schema_told(schema: int) -> str:
    """How an entry says of which schema the store is.

    >>> schema_in(schema_told(7)), schema_in("none")
    (7, 0)
    """
    return f"schema {schema}"


def schema_in(reason: str) -> int:
    """The schema that an entry tells of; 0 if of none."""
    word, _, number = reason.partition(" ")
    return int(number) if word == "schema" and number.isdecimal() else 0


@lru_cache(maxsize=1)
def _named(signer: Signer) -> Signer:
    return replace(signer, name=signer.name + _ORIGIN)


def _weight(seals: Mapping[str, Seal]) -> int:
    texts = ("\n".join((name, *seal)) for name, seal in seals.items())
    return sum(int.from_bytes(shake_256(each.encode()).digest(_SUM_BYTES), "big") for each in texts)


def _root(total: str) -> bytes:
    return sha256(total.encode()).digest()


def _read(total: str) -> int:
    """Whatever was put there: what is no number fits no note either."""
    try:
        return int.from_bytes(bytes.fromhex(total), "big")
    except ValueError:
        return 0
