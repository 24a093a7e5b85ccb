"""The vectors of closed cases, in a file beside the store: kept apart, made again at any time.

Rules:
1. A vector belongs to one request, the digest of its words and one embedder; where any of the three
   differs, it is not there.
2. Nothing waits: a file that another process is writing is unavailable for now.
3. Erased words leave an entry without numbers: known, and like nothing.
4. A damaged file is removed; the next use starts an empty one.
5. Similarity is the exactly rounded sum of products, in whole hundredths: no index, machine or
   version of Python orders cases differently.

SECURITY: the vector of erased words would let anybody test guesses against it. It goes with them.
"""

import math
import os
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from heapq import nsmallest
from pathlib import Path
from typing import NamedTuple

from govagents.adapters.embedders import Embedder
from govagents.domain.ids import RequestId
from govagents.errors import StateError

_TABLE = (
    "CREATE TABLE IF NOT EXISTS vector (request TEXT NOT NULL, embedder TEXT NOT NULL, "
    "words TEXT NOT NULL, numbers BLOB NOT NULL, PRIMARY KEY (request, embedder))"
)
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class IndexUnavailableError(StateError):
    """An index cannot be used now: go on without it."""

    code = "index-unavailable"


class Entry(NamedTuple):
    """One request's vector; `words` is the digest of what it was made from. () = erased (3)."""

    request: RequestId
    words: str
    vector: Sequence[float]


class Hit(NamedTuple):
    """How near a request's words are, in hundredths."""

    request: RequestId
    similarity: int


class Vectors:
    """All methods raise `IndexUnavailableError` when the file is busy or damaged."""

    def __init__(self, file: Path, embedder: Embedder) -> None:
        """Touches nothing yet."""
        self._file, self._embedder = file, embedder

    def known(self) -> Mapping[RequestId, str]:
        """Which requests have a vector, and of which words."""
        query = "SELECT request, words FROM vector WHERE embedder = ?"
        with self._connection() as connection:
            rows = connection.execute(query, [self._embedder.id]).fetchall()
        return {RequestId(request): words for request, words in rows}

    def comparable(self) -> frozenset[RequestId]:
        """Which requests have numbers to compare (3)."""
        query = "SELECT request FROM vector WHERE embedder = ? AND length(numbers) = ?"
        with self._connection() as connection:
            rows = connection.execute(query, [self._embedder.id, self._size]).fetchall()
        return frozenset(RequestId(request) for (request,) in rows)

    def put(self, entries: Iterable[Entry]) -> None:
        """Add, or replace."""
        rows = [
            (item.request, self._embedder.id, item.words, array("f", item.vector).tobytes())
            for item in entries
        ]
        with self._connection() as connection:
            connection.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?, ?)", rows)

    def drop(self, requests: Collection[RequestId]) -> None:
        """Remove, under every embedder."""
        with self._connection() as connection:
            connection.executemany(
                "DELETE FROM vector WHERE request = ?", [(request,) for request in requests]
            )

    def discard(self) -> None:
        """Remove the file and what belongs to it."""
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                self._file.with_name(self._file.name + suffix).unlink()

    def entries(self, requests: Collection[RequestId]) -> tuple[Entry, ...]:
        """The vectors of these requests, sorted by id."""
        return tuple(entry for entry in self._all() if entry.request in requests)

    def nearest(
        self, query: Sequence[float], among: Collection[RequestId], limit: int
    ) -> tuple[Hit, ...]:
        """The `limit` nearest of these requests, by an exact scan; ties by id."""
        terms = [(place, value) for place, value in enumerate(query) if value]
        hits = [
            Hit(entry.request, _hundredths(terms, entry.vector))
            for entry in self._all()
            if entry.request in among
        ]
        return tuple(nsmallest(limit, hits, key=lambda hit: (-hit.similarity, hit.request)))

    def _all(self) -> Iterator[Entry]:
        query = "SELECT request, words, numbers FROM vector WHERE embedder = ? ORDER BY request"
        with self._connection() as connection:
            for request, words, numbers in connection.execute(query, [self._embedder.id]):
                vector = array("f")
                if len(numbers) == self._size:
                    vector.frombytes(numbers)
                    yield Entry(RequestId(request), words, vector)

    @property
    def _size(self) -> int:
        return self._embedder.dim * array("f").itemsize

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            self._file.parent.mkdir(mode=0o700, exist_ok=True)
            with suppress(FileExistsError):
                os.close(os.open(self._file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self._file, timeout=0)) as connection:  # (2)
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA trusted_schema = OFF")
                connection.execute(_TABLE)
                with connection:
                    yield connection
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", None) in _DAMAGED:
                self.discard()  # (4)
            message = f"the vectors of closed cases cannot be used now: {error}"
            raise IndexUnavailableError(message) from error


def _hundredths(terms: Sequence[tuple[int, float]], vector: Sequence[float]) -> int:
    cosine = math.fsum(value * vector[place] for place, value in terms)  # (5)
    return min(100, max(0, round(100 * cosine)))
