"""What holds of a store whatever was killed, once somebody has swept.

Rules:
1. One effect: no grant changed a target twice in the same direction.
2. One entry for each transition of a grant, in their order; one for each step, but for a guard that
   is asked again and says that it gave already.
3. Given whole or not at all: all grants of a request were verified, or none is active; nothing is
   on its way, and the request stands as its grants do.
4. A target shows a role where a grant of it is active, or it was held before, and nowhere else.
5. No access after the end.
6. The log is whole, and the store is what it says.
7. Nothing is left to go on with: each request has ended, or waits for a person.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from govagents.action.unfinished import unfinished
from govagents.audit.verify import Outside, verify
from govagents.domain.grant import GIVING, LIVE, Grant
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.testing.company import Company
from govagents.wiring import misfiled, stored_log, unbacked
from tests.crash.killing import twice

_ORDER = ("intended", "applied", "verified", "ending", "ended")


def broken(company: Company) -> list[str]:
    """Every rule that does not hold, in a sentence."""
    return [*astray(company), *_unverified(company)]


def astray(company: Company) -> list[str]:
    """The same, but for (6)."""
    with company.app.records.begin() as tx:
        views = [company.view(request) for request in tx.requests.list()]
        left = [view.request.id for view in views if unfinished(tx, view.request.id)]
    return [
        *_effects(company),
        *(said for view in views for said in _of_request(company, view)),
        *_shown(company, [grant for view in views for grant in view.grants]),
        *(f"(7) {request} is not finished" for request in left),
    ]


def _effects(company: Company) -> Iterator[str]:
    """(1)."""
    with closing(sqlite3.connect(company.home / "sim.db")) as connection:
        changes = Counter(connection.execute("SELECT fence, system, gained FROM change"))
    yield from (f"(1) {change} happened {n} times" for change, n in changes.items() if n > 1)


def _of_request(company: Company, view: View) -> Iterator[str]:
    for kind in twice(view):
        if kind.startswith("step.") and kind != "step.grant":
            yield f"(2) {view.request.id}: {kind} again"
    kinds = [_transitions(view, grant) for grant in view.grants]
    for grant, entries in zip(view.grants, kinds, strict=True):
        yield from _of_grant(grant, entries, company.app.clock.now())
    verified = {"verified" in entries for entries in kinds}
    active = any(grant.status is Status.ACTIVE for grant in view.grants)
    if active and verified != {True}:
        yield f"(3) {view.request.id} is given in part: {kinds}"
    if active is not (view.status is Status.ACTIVE):
        yield f"(3) {view.request.id} is {view.status.value}, a grant of it active: {active}"


def _of_grant(grant: Grant, entries: list[str], now: datetime) -> Iterator[str]:
    if entries != [kind for kind in _ORDER if kind in entries]:
        yield f"(2) {grant.id}: {entries}"
    if grant.status in LIVE - {Status.ACTIVE}:
        yield f"(3) {grant.id} is {grant.status.value}"
    if grant.status is Status.ACTIVE and grant.window.end <= now:
        yield f"(5) {grant.id} ended at {grant.window.end} and is active"


def _transitions(view: View, grant: Grant) -> list[str]:
    """Of one grant, as the log has them."""
    mine = (event for _, event in view.entries if event.reason.split()[0] == grant.id)
    kinds = (event.kind.partition(".") for event in mine)
    return [kind for about, _, kind in kinds if about == "grant" and kind in _ORDER]


def _shown(company: Company, grants: list[Grant]) -> Iterator[str]:
    """(4)."""
    for grant in grants:
        same = [
            each
            for each in grants
            if (each.role, each.beneficiary) == (grant.role, grant.beneficiary)
        ]
        for system in grant.targets:
            due = any(each.status in GIVING or system in each.held_before for each in same)
            if company.holds(grant.beneficiary, grant.role, system) is not due:
                yield f"(4) {system} shows {grant.role} of {grant.beneficiary}: {not due}"


def _unverified(company: Company) -> Iterator[str]:
    """(6)."""
    with stored_log(company.home) as stored:
        found = verify(stored, Outside())
    yield from (f"(6) {each.index}: {each.reason}" for each in found.findings)
    yield from (f"(6) {said}" for said in (*misfiled(company.home), *unbacked(company.home)))
