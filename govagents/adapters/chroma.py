"""Chroma as an index over the vectors: it finds candidates, and is never believed.

Rules:
1. One process per folder: an exclusive lock beside it, never waited for. Two that write lose
   vectors without an error; one that reads while another writes sees an old state.
2. Vectors are ours: Chroma embeds nothing, so it downloads nothing.
3. The collection's metadata names the embedder; another one's query is refused.
4. A folder that was not left in order, or whose files changed since, is removed before Chroma
   touches it: a damaged segment kills the process that opens it, or keeps it busy for ever.
5. What Chroma complains of removes the folder. It is filled again from the vectors, as far as a
   request may take time for it.
6. Settings come from here alone: Chroma would read a `.env` in the working directory, which could
   name classes to import.

`chromadb` is imported at first use, because it takes half a second.
"""

import fcntl
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from govagents.adapters.embedders import Embedder
from govagents.adapters.vectors import Entry, IndexUnavailableError
from govagents.domain.ids import RequestId

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection as Cases
    from chromadb.config import Settings
    from pydantic_settings import PydanticBaseSettingsSource

_NAME = "precedents"
_BATCH = 500
_EFFORT = 256  # of 5,000 cases, 60 of 60 recalls then equal an exact scan; 58 without


class ChromaIndex:
    """All methods raise `IndexUnavailableError` when the folder is locked, damaged or another's."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        """Touches nothing yet."""
        self._folder, self._embedder = folder, embedder
        self._lock: int | None = None
        self._client: Client | None = None
        self._busy = threading.Lock()
        self._digests: dict[Path, tuple[tuple[int, int], str]] = {}

    def known(self) -> frozenset[RequestId]:
        """Which requests are in the index."""
        with self._cases() as cases:
            return frozenset(RequestId(item) for item in cases.get(include=[])["ids"])

    def put(self, entries: Sequence[Entry]) -> None:
        """Add, or replace."""
        with self._cases() as cases:
            for start in range(0, len(entries), _BATCH):
                batch = entries[start : start + _BATCH]
                vectors: list[Sequence[float] | Sequence[int]] = [
                    list(item.vector) for item in batch
                ]
                cases.upsert(ids=[item.request for item in batch], embeddings=vectors)

    def drop(self, requests: Collection[RequestId]) -> None:
        """Remove; what is not there is no error."""
        if requests:
            with self._cases() as cases:
                cases.delete(ids=sorted(requests))

    def nearest(self, query: Sequence[float], limit: int) -> frozenset[RequestId]:
        """About the `limit` nearest; which exactly, and how near, is for the vectors to say.

        Raises:
            IndexUnavailableError: also for a query of another embedder's length.
        """
        if len(query) != self._embedder.dim:  # (3)
            message = (
                f"a query of {len(query)} numbers does not fit `{self._embedder.id}`, "
                f"which has {self._embedder.dim}"
            )
            raise IndexUnavailableError(message)
        with self._cases() as cases:
            found = cases.query(query_embeddings=list(query), n_results=limit, include=[])
            return frozenset(RequestId(item) for item in found["ids"][0])

    def clear(self) -> None:
        """Remove the index, another embedder's too; the next use starts an empty one."""
        with self._alone():
            self._remove()

    def close(self) -> None:
        """Let another process have the folder."""
        self._shut()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextmanager
    def _cases(self) -> "Iterator[Cases]":
        with self._alone():
            self._check()
            # ORDER: before Chroma touches a file, so that a killed process leaves no seal.
            self._seal_file().unlink(missing_ok=True)
            try:
                with self._complaints():
                    yield self._collection()
            except IndexUnavailableError:
                self._seal()  # refused, or removed: what is there is in order
                raise
            self._seal()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """(1) The only thread of the only process, or not at all."""
        if not self._busy.acquire(blocking=False):
            message = "the index of closed cases is in use by another thread"
            raise IndexUnavailableError(message)
        try:
            self._take_lock()
            yield
        finally:
            self._busy.release()

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = self._folder.with_name(self._folder.name + ".lock")
        try:
            self._folder.parent.mkdir(mode=0o700, exist_ok=True)
            handle = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            message = f"the index of closed cases cannot be locked: {error}"
            raise IndexUnavailableError(message) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            message = "the index of closed cases is in use by another process"
            raise IndexUnavailableError(message) from error
        self._lock = handle

    @contextmanager
    def _complaints(self) -> Iterator[None]:
        try:
            from chromadb.errors import ChromaError  # noqa: PLC0415  # half a second
        except (ImportError, ValueError) as error:  # ValueError: a `.env` that chromadb cannot read
            message = f"chromadb cannot be imported: {error}"
            raise IndexUnavailableError(message) from error
        try:
            yield
        except (ChromaError, OSError, ValueError, RuntimeError) as error:
            self._remove()  # (5)
            message = f"the index of closed cases was damaged and is made again: {error}"
            raise IndexUnavailableError(message) from error

    def _check(self) -> None:
        """(4) Before the first touch only: while the folder is ours nobody else changes it."""
        if self._client is None and self._folder.exists() and not self._sealed():
            self._remove()

    def _sealed(self) -> bool:
        try:
            kept: object = json.loads(self._seal_file().read_text())
        except (OSError, ValueError):
            return False
        return kept == self._contents()

    def _contents(self) -> dict[str, str]:
        files = (path for path in self._folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self._folder)): self._digest(path) for path in files}

    def _digest(self, path: Path) -> str:
        """SHA-256; a file that this process has seen and that was not written since is not read."""
        status = path.stat()
        stamp = (status.st_size, status.st_mtime_ns)
        known = self._digests.get(path)
        if known is None or known[0] != stamp:
            with path.open("rb") as file:
                known = (stamp, hashlib.file_digest(file, "sha256").hexdigest())
            self._digests[path] = known
        return known[1]

    def _seal(self) -> None:
        if self._folder.exists():
            self._seal_file().write_text(json.dumps(self._contents()))

    def _seal_file(self) -> Path:
        return self._folder.with_name(self._folder.name + ".seal")

    def _collection(self) -> "Cases":
        if self._client is None:
            from chromadb import PersistentClient  # noqa: PLC0415  # half a second

            self._folder.mkdir(mode=0o700, exist_ok=True)
            client = PersistentClient(path=self._folder, settings=_settings())
            self._client = cast(
                "Client", client
            )  # the interface it is declared as cannot be closed
        metadata = {"embedder": self._embedder.id, "dim": self._embedder.dim}
        cases = self._client.get_or_create_collection(
            _NAME,
            embedding_function=None,  # (2)
            metadata=metadata,
            configuration={"hnsw": {"space": "cosine", "ef_search": _EFFORT}},
        )
        self._refuse_another(dict(cases.metadata or {}), metadata)
        return cases

    def _refuse_another(self, kept: dict[str, object], ours: dict[str, object]) -> None:
        if kept != ours:  # (3)
            message = (
                f"the index of closed cases holds vectors of `{kept.get('embedder')}`, this store "
                f"uses `{self._embedder.id}`: rebuild it"
            )
            raise IndexUnavailableError(message)

    def _remove(self) -> None:
        self._shut()
        self._seal_file().unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            if self._folder.is_dir():
                shutil.rmtree(self._folder)
            else:
                self._folder.unlink()

    def _shut(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def _settings() -> "Settings":
    from chromadb.config import Settings  # noqa: PLC0415  # half a second

    class Fixed(Settings):
        """What is written here, and nothing else (6)."""

        @classmethod
        def settings_customise_sources(  # type: ignore[override]  # the sources it names are not used
            cls,
            settings_cls: object,
            init_settings: "PydanticBaseSettingsSource",
            **_: "PydanticBaseSettingsSource",
        ) -> "tuple[PydanticBaseSettingsSource, ...]":
            """No environment, no file."""
            del settings_cls
            return (init_settings,)

    return Fixed(anonymized_telemetry=False)
