"""The life of requests, in steps: each one command, in a process of its own.

Rules:
1. `after` are the steps that came before it; it stands at `before`, and comes to `ends`.
2. Whoever was killed in it is swept after. Then it has not begun, and is typed again, or it comes
   to its end without that.
"""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from govagents.adapters.clock import MachineClock
from govagents.domain.canonical import digest
from govagents.domain.grant import LIVE
from govagents.domain.request import Status
from govagents.testing.company import Company
from tests.crash.dying import BOUNDARY, EVERYWHERE, Point, Program
from tests.crash.invariants import astray, broken
from tests.crash.killing import (
    APPROVE,
    ASK,
    DENY,
    MANAGER,
    RETURN,
    SRE,
    started,
)  # fmt: skip
from tests.crash.watching import contents

AISHA, TWO_ROLES = "aisha.rahman", "Workshop Viewer and Masked Order Data, for 2 hours"
PAST_ITS_END, NEXT_DAY = "2026-11-23T12:00:00Z", "2026-11-24T10:00:00Z"
_LONGER_THAN_ANY = timedelta(days=2)


@dataclass(frozen=True)
class Step:
    """(1) `before` None = there is no request yet."""

    name: str
    words: tuple[str, ...]
    after: tuple[str, ...]
    before: Status | None
    ends: Status


def _grant(verb: str, who: str) -> tuple[str, ...]:
    return ("grant", verb, "--last", "--as", who)


def _sweep(now: str) -> tuple[str, ...]:
    return ("sweep", "--once", "--now", now)


EXTEND = ("grant", "extend", "--last", "--for", "1h", "--as", SRE)
_GIVEN, _BOTH = ("ask", "approve"), ("ask unclearly", "answer")
_EXTENDED = (*_GIVEN, "extend", "approve more")
STEPS = (
    Step("ask", ASK, (), None, Status.PENDING),
    Step("ask unclearly", ("ask", TWO_ROLES, "--as", AISHA), (), None, Status.NEEDS_INFO),
    Step(
        "answer",
        ("request", "answer", "--last", "1 and 2", "--as", AISHA),
        ("ask unclearly",),
        Status.NEEDS_INFO,
        Status.ACTIVE,
    ),
    Step("approve", APPROVE, ("ask",), Status.PENDING, Status.ACTIVE),
    Step("extend", EXTEND, _GIVEN, Status.ACTIVE, Status.PENDING),
    Step("approve more", APPROVE, (*_GIVEN, "extend"), Status.PENDING, Status.ACTIVE),
    Step("deny", DENY, ("ask",), Status.PENDING, Status.DENIED),
    Step("return", RETURN, ("ask",), Status.PENDING, Status.RETURNED),
    Step(
        "cancel",
        ("request", "cancel", "--last", "--as", SRE),
        ("ask",),
        Status.PENDING,
        Status.CANCELLED,
    ),
    Step("lapse", _sweep(NEXT_DAY), ("ask",), Status.PENDING, Status.LAPSED),
    Step("give back", _grant("give-back", SRE), _GIVEN, Status.ACTIVE, Status.REVOKED),
    Step("revoke", _grant("revoke", MANAGER), _GIVEN, Status.ACTIVE, Status.REVOKED),
    Step("revoke all", _grant("revoke", MANAGER), _EXTENDED, Status.ACTIVE, Status.REVOKED),
    Step("complete", _grant("complete", SRE), _GIVEN, Status.ACTIVE, Status.REVOKED),
    Step("expire", _sweep(PAST_ITS_END), _BOTH, Status.ACTIVE, Status.EXPIRED),
    Step(
        "undo", ("undo", "--last", "--apply", "--as", AISHA), _BOTH, Status.ACTIVE, Status.REVOKED
    ),
)
NAMED = {step.name: step for step in STEPS}


class Passed(NamedTuple):
    """A point, and a digest of all that a kill there would leave."""

    point: str
    left: str


@dataclass
class Starts:
    """Where each step begins, made once; a copy of it for each kill."""

    made: Company
    folder: Path
    _known: dict[tuple[str, ...], Company] = field(default_factory=dict)

    def of(self, step: Step, home: Path) -> Company:
        """A copy at `home`, just swept."""
        start = self._known.get(step.after) or self._begun(step.after)
        company = start.copied(home)
        seen = str(int(MachineClock().now().timestamp()))
        with closing(sqlite3.connect(home / "govagents.db")) as connection, connection:
            query = "UPDATE setting SET value = ? WHERE name = 'sweeper_seen'"
            assert connection.execute(query, (seen,)).rowcount
        return company

    def _begun(self, names: tuple[str, ...]) -> Company:
        company = self.made.copied(self.folder / "-".join(("start", *names)).replace(" ", "_"))
        company.sweep()
        for name in names:
            typed(company, NAMED[name])
        self._known[names] = company.restarted()
        return company


def passed(company: Company, step: Step) -> list[Passed]:
    """Every point of it, in their order: it waits at each, and somebody looks."""
    program = started(company, *step.words, at=EVERYWHERE)
    left = [digest(contents(company.home)) for _ in program.stops()]
    assert program.ended() >= 0, program.err
    return [Passed(*each) for each in zip(program.points, left, strict=True)]


def apart(points: list[Passed]) -> list[int]:
    """Where a kill leaves something else than at the ones before; they are numbered from 1."""
    first: dict[str, int] = {}
    for number, each in enumerate(points, start=1):
        first.setdefault(each.left, number)
    return sorted(first.values())


def typed(company: Company, step: Step) -> Program:
    """The step from beginning to end."""
    program = started(company, *step.words)
    program.ended()
    assert standing(company) is step.ends, (step.name, program.out, program.err)
    return program


def standing(company: Company) -> Status | None:
    """How the newest request stands, if there is one."""
    with company.app.records.begin() as tx:
        requests = tx.requests.list()
        return tx.requests.status(requests[-1]) if requests else None


def recovered(company: Company, step: Step) -> list[str]:
    """(2) What does not hold after a kill, once another process has swept."""
    found = list(company.app.sweeper.sweep().problems)
    if standing(company) is step.before:
        typed(company, step)
    if standing(company) is not step.ends:
        found.append(f"it stands at {standing(company)}")
    return found + ended(company)


def ended(company: Company) -> list[str]:
    """What does not hold now, and when the time of everything given has passed."""
    found = []
    if any(grant.status in LIVE for grant in company.grants()):
        found += astray(company)
        company.pass_time(_LONGER_THAN_ANY)
        company.sweep()
        found += [f"{grant.id} has not ended" for grant in company.grants() if grant.status in LIVE]
    found += broken(company)
    company.restarted()
    return found


def killed_at(
    starts: Starts, step: Step, point: int, home: Path, after: Callable[[Company, Step], list[str]]
) -> list[str]:
    """What does not hold when the step was killed there, each with the name of the point."""
    company = starts.of(step, home)
    program = started(company, *step.words, at=Point(BOUNDARY, point))
    program.ended()
    where = f"{step.name}, {point}: {program.points[-1]}"
    found = [f"{where}: {said}" for said in after(company, step)]
    shutil.rmtree(home)
    shutil.rmtree(program.folder)
    return found
