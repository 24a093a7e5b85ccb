"""How rows are filed held against what they hold, and against the log.

What is looked up, counted and put in order are columns beside a body whose digest the log has. The
digest does not cover them, so a row can be hidden or put before another without changing its body.

Rules:
1. A column that repeats something says what the body or the entry does: digests, the size of a
   checkpoint, whose words or answer it was, where a kept case comes from, the store's own row.
2. What steps found lies there as their entries name it: all, once, and in that order, so that what
   is read as the newest is. No grant is filed as going on that no entry knows.
3. Requests and answers stand in the order of their entries, the words about a request in one line.
4. The usage figures are those that were imported.
5. The entry is named that says otherwise; where none does, the row.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from sqlite3 import DatabaseError
from typing import TypeAlias

from govagents.adapters.sql.database import Reading
from govagents.adapters.sql.earlier import READ
from govagents.adapters.sql.either import whole
from govagents.adapters.world.items import usage_item
from govagents.audit.life import Entry
from govagents.domain.event import Event

_Found: TypeAlias = Iterator[str]


@dataclass
class Filing:
    """What the entries say about how things lie in the store."""

    created: Entry | None = None
    imported: Entry | None = None
    numbered: dict[int, Event] = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)
    steps: list[Entry] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    answered: list[Entry] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)
    over: dict[str, int] = field(default_factory=dict)

    def note(self, number: int, event: Event) -> None:
        """The next entry, in order."""
        self.numbered[number] = event
        self.named.update(dict.fromkeys(map(str, event.digests.values()), number))
        if event.kind == "store.created":
            self.created = Entry(number, event)
        elif event.kind == "world.imported":
            self.imported = Entry(number, event)
        elif event.kind == "request.received":
            self.received.append(event.about)
        elif event.kind.startswith("answer."):
            self.answered.append(Entry(number, event))
        elif event.kind.startswith("grant."):
            self.begun.add(event.reason.partition(" ")[0])
            if event.kind == "grant.ended":
                self.over[event.reason.partition(" ")[0]] = number
        if event.kind.startswith("step.") or event.kind == "guard.refused":
            self.steps.append(Entry(number, event))  # a guard that asks again names what it asks

    def differences(self, connection: Reading) -> _Found:
        """All that is filed otherwise, of a store whose tables are there."""
        for look in (
            _checkpoints,
            self._bodies,
            self._findings,
            self._store,
            self._going,
            self._orders,
            self._speakers,
            self._cases,
            self._usage,
        ):
            try:
                yield from look(connection)
            except (ValueError, TypeError, KeyError, DatabaseError) as error:
                yield f"something in the store cannot be read: {error}"

    def _bodies(self, connection: Reading) -> _Found:
        """(1)."""
        last = self.imported.number if self.imported else None
        for table in ("finding", "snapshot", "item"):
            query = f'SELECT digest, {{body}} FROM "{table}"'  # noqa: S608  # ours
            for digest, body in connection.execute(whole(connection, query)):
                own = sha256(body or b"").hexdigest()
                if digest != own:
                    number = last if table == "item" else self.named.get(own)
                    yield f"{_entry(number)}a row of `{table}` is filed under another digest"

    def _findings(self, connection: Reading) -> _Found:
        """(2)."""
        keys = {key for each in self.steps for key in each.event.digests}
        kept: dict[str, list[tuple[str, str]]] = defaultdict(list)
        query = "SELECT request, key, {body} FROM finding ORDER BY n"
        rows = connection.execute(whole(connection, query))
        for request, key, body in rows:
            if key in keys:
                kept[str(request)].append((key, sha256(body or b"").hexdigest()))
        told: set[str] = set()
        for number, event in self.steps:
            named = sorted(event.digests.items())
            lying, kept[event.about] = _parted(kept[event.about], len(named))
            if sorted(lying) != named and event.about not in told:
                told.add(event.about)
                yield f"entry {number}: what it found about `{event.about}` is not filed so"
        for request in sorted(name for name, rest in kept.items() if rest and name not in told):
            yield f"something found about `{request}` lies there that no entry names"

    def _store(self, connection: Reading) -> _Found:
        """(1)."""
        if self.created is None:
            return
        number, made = self.created
        world = {} if self.imported is None else self.imported.event.digests
        said = (1, True, made.about, made.digests.get("vkey"))
        rows = connection.execute('SELECT id, "schema", name, vkey, world, catalog FROM store')
        found = [
            (row[0], row[1] in READ, row[2], sha256(str(row[3]).encode()).hexdigest(), *row[4:])
            for row in rows
        ]
        if [row[:4] for row in found] != [said]:
            yield f"entry {number}: the store's own row is not what was logged"
        elif found[0][4:] != (world.get("world"), world.get("catalog")):
            last = number if self.imported is None else self.imported.number
            yield f"entry {last}: the store's own row names another company or catalog"
        demo = connection.execute("SELECT value FROM setting WHERE name = 'demo'").fetchall()
        if demo != [("true" if made.decision == "demo" else "false",)]:
            yield f"entry {number}: whether this is a demo store was changed"

    def _going(self, connection: Reading) -> _Found:
        """(2)."""
        for (name,) in connection.execute('SELECT "grant" FROM going'):
            if name not in self.begun:
                yield f"`{name}` is filed as a grant that goes on, and no entry knows it"
            elif name in self.over:
                yield f"entry {self.over[name]}: `{name}` is filed as going on, and has ended"

    def _orders(self, connection: Reading) -> _Found:
        """(3)."""
        kept = [name for (name,) in connection.execute("SELECT id FROM request ORDER BY n")]
        there = [name for name in self.received if name in set(kept)]
        for name, wanted in zip(kept, there, strict=False):
            if name != wanted:
                yield f"{_entry(self._about(wanted))}the request `{wanted}` is filed out of order"
                break
        rows = connection.execute("SELECT request, person FROM answer ORDER BY n")
        answers = [tuple(row) for row in rows]
        wanted_answers = [(each.event.about, each.event.principal) for each in self.answered]
        both = [pair for pair in wanted_answers if pair in set(answers)]
        for row, pair, entry in zip(answers, both, self.answered, strict=False):
            if row != pair:
                yield f"entry {entry.number}: an answer about `{pair[0]}` is filed out of order"
                break

    def _speakers(self, connection: Reading) -> _Found:
        """(1) (3)."""
        for (request,) in connection.execute(_PARTED):
            yield f"{_entry(self._about(request))}the words about `{request}` are not in one line"
        for request, person in connection.execute(_SPEAKERS):
            number = self._about(request)
            yield f"{_entry(number)}words about `{request}` are not `{person}`'s, as filed"
        said = {(one.event.about, one.event.principal): one for one in self.answered}
        rows = connection.execute(
            "SELECT request, person, beneficiary, consent, settles FROM answer"
        )
        for request, person, beneficiary, consent, settles in rows:
            entry = said.get((request, person))
            wrong = entry is not None and entry.event.subject != beneficiary
            if entry is not None and (wrong or not (consent or settles)):
                yield f"entry {entry.number}: `{person}`'s answer to `{request}` is misfiled"

    def _cases(self, connection: Reading) -> _Found:
        """(1) They may be deleted; what is kept says where it comes from."""
        query = "SELECT request, kind, entry, {body} FROM precedent"
        rows = connection.execute(whole(connection, query))
        for request, kind, number, body in rows:
            case, event = json.loads(body), self.numbered.get(number)
            own = (case.get("request"), case.get("kind"), case.get("entry"))
            if event is None or own != (request, kind, number) or event.about != request:
                yield f"{_entry(number)}a case kept of `{request}` is not of that entry"
            elif case.get("beneficiary") != event.subject:
                yield f"entry {number}: a case kept of `{request}` is of somebody else"

    def _usage(self, connection: Reading) -> _Found:
        """(4)."""
        rows = connection.execute("SELECT day, identity, permission, times FROM usage")
        own = tuple(each.body for each in usage_item(f"{a},{b},{c},{d}" for a, b, c, d in rows))
        query = "SELECT {body} FROM item WHERE kind = 'usage'"
        kept = connection.execute(whole(connection, query))
        if own != tuple(body for (body,) in kept):
            number = None if self.imported is None else self.imported.number
            yield f"{_entry(number)}the usage figures are not those that were imported"

    def _about(self, request: str) -> int | None:
        return next((n for n, event in self.numbered.items() if event.about == request), None)


def _checkpoints(connection: Reading) -> _Found:
    """(1)."""
    for size, note in connection.execute("SELECT size, note FROM checkpoint ORDER BY size"):
        signed = str(note).split("\n")[1:2]
        if signed != [str(size)]:
            yield f"the checkpoint filed under {size} entries is not of so many"


def _parted(rows: list[tuple[str, str]], at: int) -> tuple[list[tuple[str, str]], ...]:
    return rows[:at], rows[at:]


def _entry(number: int | None) -> str:
    """(5)."""
    return "" if number is None else f"entry {number}: "


_PARTED = (
    "SELECT request FROM text GROUP BY request "
    "HAVING min(part) <> 0 OR max(part) <> count(*) - 1 OR count(DISTINCT part) <> count(*)"
)
_SPEAKERS = (
    "SELECT text.request, text.speaker FROM text JOIN request ON text.digest = text_digest "
    "WHERE text.speaker <> request.speaker UNION ALL "
    "SELECT text.request, text.speaker FROM text JOIN answer ON text.digest = reason_digest "
    "WHERE text.speaker <> answer.person"
)
