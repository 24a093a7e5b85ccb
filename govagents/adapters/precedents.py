"""Memory over the database of record, by way of two indexes that may be lost at any time.

Rules:
1. The record is the truth: it is written first, and a hit counts only if the record holds its case
   and its words, unchanged and not erased.
2. Chroma finds candidates where this process holds its lock and it is complete; else all vectors
   are looked at. The vectors alone say how near a case is, and four times as many candidates are
   asked for as hits, so that an approximate search and a scan come to the same.
3. The indexes follow the record at each recall, a batch at a time; `rebuild` does the whole.
4. Nothing waits, and no fault of an index or of a kept case leaves recall: it is empty then, and
   says why. A damaged record is for `audit verify` to name, and for those who decide by it to stop.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from govagents.adapters.chroma import ChromaIndex
from govagents.adapters.embedders import Embedder
from govagents.adapters.vectors import Entry, Hit, IndexUnavailableError, Vectors
from govagents.domain.ids import RequestId
from govagents.domain.precedent import Precedent, Recalled
from govagents.domain.text import Untrusted
from govagents.errors import IntegrityError, UnknownNameError
from govagents.memory.precedent import missing_provenance
from govagents.ports import Records, Transaction

Truth = Mapping[RequestId, Sequence[Precedent]]

_HITS = 32
_CANDIDATES = 4 * _HITS
_BATCH = 250


class Rebuilt(NamedTuple):
    """What a rebuild came to. `note` says why Chroma holds less than the vectors, if so."""

    cases: int
    vectors: int
    indexed: int
    note: str


class IndexedMemory:
    """`ports.Memory`. Its files lie in `folder`; nothing is opened before it is needed."""

    def __init__(self, records: Records, embedder: Embedder, folder: Path) -> None:
        """One per store."""
        self._records, self._embedder = records, embedder
        self._vectors = Vectors(folder / "vectors.sqlite", embedder)
        self._chroma = ChromaIndex(folder / "chroma", embedder)

    def recall(self, request: RequestId, words: Sequence[Untrusted]) -> Recalled:
        """The nearest closed cases other than `request` itself."""
        try:
            return self._recalled(request, words)
        except (IndexUnavailableError, IntegrityError) as error:  # (4)
            return Recalled((), self._embedder.id, str(error))

    def remember(self, precedent: Precedent, words: Sequence[Untrusted]) -> None:
        """Keep a case for good; index it if that is possible now.

        Raises:
            IntegrityError: it does not say where it comes from.
        """
        missing = missing_provenance(precedent)
        if missing:
            names = ", ".join(f"`{name}`" for name in missing)
            message = f"a case of `{precedent.request}` without {names} is not kept"
            raise IntegrityError(message)
        with self._records.begin() as tx:
            tx.keep(precedent)
        entry = Entry(precedent.request, precedent.text_digest, self._vector(words))
        with suppress(IndexUnavailableError):  # (3) a later recall finds it missing
            self._vectors.put([entry])

    def forget(self, request: RequestId) -> None:
        """Take a request's words out of the indexes, once they are erased from the record."""
        for index in (self._vectors, self._chroma):
            with suppress(IndexUnavailableError):  # (1) another process drops it at its next recall
                index.drop([request])

    def rebuild(self) -> Rebuilt:
        """Make both indexes again from the record.

        Raises:
            IndexUnavailableError: the vectors are being written by another process.
        """
        truth = self._truth()
        self._vectors.discard()
        self._embed(truth, sorted(truth))
        wanted = self._vectors.comparable()
        note = ""
        try:
            self._chroma.clear()
            self._chroma.put(self._vectors.entries(wanted))
        except IndexUnavailableError as error:
            note = str(error)
        return Rebuilt(len(truth), len(wanted), 0 if note else len(wanted), note)

    def close(self) -> None:
        """Let another process have the index."""
        self._chroma.close()

    def _recalled(self, request: RequestId, words: Sequence[Untrusted]) -> Recalled:
        truth = self._truth()
        if not truth.keys() - {request}:
            return Recalled((), self._embedder.id, "no closed case is kept yet")
        query = self._vector(words)
        if not query:
            return Recalled((), self._embedder.id, "the words hold nothing to compare")
        self._follow(truth)
        hits = self._checked(self._hits(query, truth.keys() - {request}))
        cases = tuple((case, hit.similarity) for hit in hits for case in truth[hit.request])
        return Recalled(cases, self._embedder.id)

    def _truth(self) -> Truth:
        cases: defaultdict[RequestId, list[Precedent]] = defaultdict(list)
        with self._records.begin() as tx:
            for precedent in tx.precedents():
                cases[precedent.request].append(precedent)
        return dict(cases)

    def _follow(self, truth: Truth) -> None:
        """(3) Brings the vectors nearer to the record."""
        known = self._vectors.known()
        gone = known.keys() - truth.keys()
        if gone:
            self._vectors.drop(gone)
        behind = [item for item in sorted(truth) if known.get(item) != truth[item][0].text_digest]
        if behind:
            self._embed(truth, behind[:_BATCH])

    def _embed(self, truth: Truth, requests: Sequence[RequestId]) -> None:
        with self._records.begin() as tx:
            words = {request: _spoken(tx, request) for request in requests}
        self._vectors.put(
            Entry(request, truth[request][0].text_digest, self._vector(words[request]))
            for request in requests
        )

    def _vector(self, words: Sequence[Untrusted]) -> Sequence[float]:
        (vector,) = self._embedder.vectors(["\n".join(item.raw() for item in words)])
        return vector if any(vector) else ()

    def _hits(self, query: Sequence[float], among: Collection[RequestId]) -> tuple[Hit, ...]:
        try:
            candidates = self._candidates(query)
        except IndexUnavailableError:
            candidates = frozenset(among)  # (2)
        return self._vectors.nearest(query, candidates & frozenset(among), _HITS)

    def _candidates(self, query: Sequence[float]) -> frozenset[RequestId]:
        wanted, held = self._vectors.comparable(), self._chroma.known()
        self._chroma.drop(held - wanted)
        behind = sorted(wanted - held)
        if behind:
            self._chroma.put(self._vectors.entries(frozenset(behind[:_BATCH])))
        if len(behind) > _BATCH:
            message = f"the index lacks {len(behind) - _BATCH} of {len(wanted)} closed cases"
            raise IndexUnavailableError(message)
        return self._chroma.nearest(query, _CANDIDATES)

    def _checked(self, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """(1) Without those whose words are gone since."""
        with self._records.begin() as tx:
            gone = {hit.request for hit in hits if _gone(tx, hit.request)}
        for request in gone:
            self.forget(request)
        return tuple(hit for hit in hits if hit.request not in gone)


def _gone(tx: Transaction, request: RequestId) -> bool:
    return not any(len(item) for item in _spoken(tx, request))


def _spoken(tx: Transaction, request: RequestId) -> tuple[Untrusted, ...]:
    try:
        return tx.requests.words(request)
    except (UnknownNameError, IntegrityError):  # planted or changed: nothing that was said
        return ()
