"""What must be true of a store whatever a crowd did to it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from govagents.audit.verify import Outside, verify
from govagents.testing.company import Company
from govagents.wiring import misfiled, stored_log, unbacked
from tests.journey.terminal import Said

_ONCE = ("grant.intended", "grant.applied", "grant.verified", "grant.ending", "grant.ended")
_NEVER_SAID = ("Traceback", "locked", "serializ", "sqlite", "psycopg")


def wrong(company: Company, said: Sequence[Said]) -> list[object]:
    """What is not as it must be: log, rows, entries made twice, and what people were shown."""
    company.restarted()
    return [
        *_of_the_log(company),
        *_told_twice(company),
        *(each for each in said if any(word in each.err for word in _NEVER_SAID)),
    ]


def _of_the_log(company: Company) -> Iterator[object]:
    with stored_log(company.home) as stored:
        found = verify(stored, Outside())
    yield from found.findings
    if found.covered != found.size:
        yield f"{found.size - found.covered} entries are under no checkpoint"
    yield from misfiled(company.home)
    yield from unbacked(company.home)


def _told_twice(company: Company) -> Iterator[object]:
    with company.app.records.begin() as tx:
        entries = [event for name in tx.requests.list() for _, event in tx.log.of(name)]
    company.restarted()
    told = Counter((each.kind, each.reason.split()[0]) for each in entries if each.kind in _ONCE)
    yield from (what for what, times in told.items() if times > 1)
