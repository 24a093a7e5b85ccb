"""Tables of the store, findings, the company and its catalogs held against the log.

Rules:
1. Every table is there, and holds something where an entry says that it did; the first such entry
   is named. How one got lost, dropped or emptied, makes no difference.
2. Every finding that the entry of a step names lies there, byte for byte. Kept cases are memory:
   they may be deleted, and the log is verified without them.
3. The company is the one that was imported last, and each catalog that was imported lies there.
4. Of many that are lacking in one table the first is named, and how many follow.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from govagents.adapters.sql.database import Reading
from govagents.adapters.sql.earlier import tables_of
from govagents.adapters.sql.either import tables_in
from govagents.adapters.sql.records import CREATED
from govagents.adapters.world.items import Item, digest_of
from govagents.audit.life import Entry
from govagents.audit.sealing import UNSIGNED, schema_in
from govagents.domain.event import Event

_IMPORTED = "world.imported"
_BORNE = {
    "store.": ("store", "setting"),
    "world.": ("item", "snapshot"),
    "request.received": ("request", "text"),
    "step.": ("finding",),
    "answer.": ("answer",),
    "grant.": ("grant",),
}
"""(1) By the beginning of an entry's kind, the tables in which something lay from then on."""


@dataclass
class Tables:
    """What the entries say lies in the store; `told`: the latest schema that one names."""

    told: int = 0
    first: dict[str, int] = field(default_factory=dict)
    steps: list[Entry] = field(default_factory=list)
    imports: list[Entry] = field(default_factory=list)

    def note(self, number: int, event: Event) -> None:
        """The next entry, in order."""
        for beginning, tables in _BORNE.items():
            if event.kind.startswith(beginning):
                for table in tables:
                    self.first.setdefault(table, number)
        if event.kind in {CREATED, UNSIGNED}:
            self.told = max(self.told, schema_in(event.reason))
        if event.kind.startswith("step."):
            self.steps.append(Entry(number, event))
        elif "catalog" in event.digests:
            self.imports.append(Entry(number, event))

    def gone(self, connection: Reading, schema: int) -> Mapping[str, str]:
        """(1) Sentences by table, of a store of this schema."""
        there = tables_in(connection)
        lost = [table for table in sorted(tables_of(schema)) if table not in there]
        return {table: f"the table `{table}` is gone{self._says(table)}" for table in lost}

    def differences(self, connection: Reading, gone: Mapping[str, str]) -> Iterator[str]:
        """(1) (2) (3) In tables that are there."""
        for table in self.first.keys() - gone.keys():
            query = f'SELECT 1 FROM "{table}" LIMIT 1'  # noqa: S608  # a table of ours
            if connection.execute(query).fetchone() is None:
                yield f"the table `{table}` is empty{self._says(table)}"
        if "finding" not in gone:
            yield from _first(self._findings(connection))
        if not {"item", "snapshot"} & gone.keys():
            yield from self._company(connection)

    def _says(self, table: str) -> str:
        number = self.first.get(table)
        return "" if number is None else f": entry {number} says what lay there"

    def _findings(self, connection: Reading) -> list[str]:
        kept = {
            (name, key, sha256(_bytes(body)).hexdigest())
            for name, key, body in connection.execute("SELECT request, key, body FROM finding")
        }
        return [
            f"entry {number}: the `{key}` found about `{event.about}` is gone or was changed"
            for number, event in self.steps
            for key, said in event.digests.items()
            if (event.about, key, said) not in kept
        ]

    def _company(self, connection: Reading) -> Iterator[str]:
        """(3)."""
        companies = [entry for entry in self.imports if entry.event.kind == _IMPORTED]
        rows = connection.execute("SELECT kind, id, body FROM item")
        found = digest_of(tuple(sorted(Item(str(a), str(b), _bytes(body)) for a, b, body in rows)))
        for number, event in companies[-1:]:
            if event.digests.get("world") != found:
                yield f"entry {number}: the company's records are not those that were imported"
        bodies = connection.execute("SELECT body FROM snapshot")
        kept = {sha256(_bytes(body)).hexdigest() for (body,) in bodies}
        for number, event in self.imports:
            if event.digests["catalog"] not in kept:
                yield f"entry {number}: the catalog that was imported is gone or was changed"


def _first(lacking: Sequence[str]) -> Iterator[str]:
    """(4)."""
    if lacking:
        more = f", and {len(lacking) - 1} more of that table" if len(lacking) > 1 else ""
        yield lacking[0] + more


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")
