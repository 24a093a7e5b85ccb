"""Which calls of tools no entry names yet, and the entry that names what is left in the end.

INVARIANT (the log is complete): each call of a tool is one span, and one entry names it by the
span's id.

Rules:
1. The entry of what a call was for names it: a grant intended, applied, ended.
2. What no such entry named, because nothing came of it or nothing new, gets one of its own, when
   the operation is over and whatever it raised. A process that dies before has named nothing; what
   comes after it finds out what happened by calls of its own.
3. The looks of a plan that was not sent are named nowhere: it leaves nothing behind (`looking`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from govagents.action.entries import ending
from govagents.domain.event import Event
from govagents.domain.grant import Grant
from govagents.domain.ids import GrantId, SystemId
from govagents.domain.span import Call, Span
from govagents.ports import Clock, Records, Tracer, Transaction

CALLED = "target.called"
"""The entry of calls that no other entry names."""


class By(NamedTuple):
    """The agent of ours that calls, and on whose word."""

    agent: str
    principal: str


GUARD = By("provisioner", "none")


class Made(NamedTuple):
    """One call, and the grant it was made for."""

    grant: Grant
    call: Call
    span: Span

    def __str__(self) -> str:
        """In codes: what was asked where, and what came of it."""
        return f"{self.call.tool}@{self.call.system}:{self.span.outcome}"


@dataclass
class Calls:
    """The calls of one operation that no entry names yet."""

    records: Records
    clock: Clock
    tracer: Tracer
    by: By = GUARD
    made: list[Made] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)

    @contextmanager
    def noted(self, tool: str, scope: str, system: SystemId, grant: Grant) -> Iterator[Span]:
        """Around one call."""
        call = Call(tool, scope, system, grant.id, grant.request, grant.decision)
        with self.tracer.span(call) as span:
            self.made.append(Made(grant, call, span))
            yield span

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """A transaction; what its entries name is named once it is written, and not before."""
        self._told = set()
        with self.records.begin() as tx:
            yield tx
        self.made = [made for made in self.made if made.span.id not in self._told]

    def named_by(self, entry: Event, grant: Grant) -> Event:
        """(1) `entry` as it names every call for `grant`."""
        names = [made.span.id for made in self.made if made.grant.id == grant.id]
        self._told.update(names)
        return replace(entry, calls=tuple(names))

    def name_the_rest(self) -> None:
        """(2) One entry for each grant."""
        left: dict[GrantId, list[Made]] = {}
        for made in self.made:
            left.setdefault(made.grant.id, []).append(made)
        if not left:
            return
        with self.begin() as tx:
            for each in left.values():
                entry = _called(each, self.by, at=self.clock.now())
                tx.log.append(self.named_by(entry, each[0].grant))


@contextmanager
def noting(records: Records, clock: Clock, tracer: Tracer, by: By = GUARD) -> Iterator[Calls]:
    """Around one operation: what it leaves unnamed is named (2)."""
    calls = Calls(records, clock, tracer, by)
    try:
        yield calls
    except Exception:
        calls.name_the_rest()
        raise
    calls.name_the_rest()


def _called(made: Sequence[Made], by: By, *, at: datetime) -> Event:
    """(2) Which tools were called for a grant, and what came of each."""
    grant = made[0].grant
    event = replace(ending(CALLED, grant, at=at, principal=by.principal), agent=by.agent)
    reason = " ".join((grant.id, *map(str, made)))
    return replace(event, kind=CALLED, decision="none", reason=reason, digests={})
