"""When an end that its target did not confirm is tried again, by what sweeps in the background.

Rules:
1. It is never given up. The first tries come with every sweep; then the wait doubles, up to a
   quarter of an hour, and stays at that.
2. After `MOST_ALONE` tries a person is needed: the owners are told so, once.
3. The wait counts on the machine's clock from the last try, which is kept with the small facts of
   the store. What cannot be read there, or lies ahead of the clock, puts nothing off: an edited one
   delays a try by the longest wait and no more.
4. Whoever ends the grant by hand waits for nothing, nor does a sweep that somebody asks for.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from govagents.domain.canonical import Plain
from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import GrantId
from govagents.domain.request import Status
from govagents.ports import Transaction

AT_ONCE = 3
MOST_ALONE = 8
LONGEST = timedelta(minutes=15)
_FIRST = timedelta(minutes=1)
_MARK = "ends_tried"


def wait_after(tries: int) -> timedelta:
    """(1) From the last of so many tries to the next one.

    >>> [int(wait_after(tries).total_seconds()) // 60 for tries in (0, 3, 4, 5, 6, 7, 8, 10**9)]
    [0, 0, 1, 2, 4, 8, 15, 15]
    """
    doublings = min(max(tries - AT_ONCE, 0), 10)
    return min(_FIRST * 2 ** (doublings - 1), LONGEST) if doublings else timedelta(0)


def needs_person(grant: Grant) -> bool:
    """(2)."""
    return grant.status is Status.REVOKE_FAILED and grant.attempts >= MOST_ALONE


def put_off(tx: Transaction, grant: Grant, machine: datetime) -> bool:
    """Whether the next try to end `grant` is still to come; if not, this moment is that try."""
    if grant.status is not Status.REVOKE_FAILED:
        return False
    moment, tried = int(machine.timestamp()), _tried(tx)
    last = tried.get(grant.id)
    if last is not None and 0 <= moment - last < wait_after(grant.attempts).total_seconds():  # (3)
        return True
    live = tx.grants.names(LIVE)
    marks: dict[str, Plain] = {name: at for name, at in tried.items() if name in live}
    tx.settings.set(_MARK, {**marks, grant.id: moment})
    return False


def tell_that_a_person_is_needed(tx: Transaction, grant: Grant, at: datetime) -> None:
    """(2)."""
    text = (
        f"`{grant.role}` of `{grant.beneficiary}` does not end, in {MOST_ALONE} tries and more; a "
        f"person is needed: see `govagents grant show {grant.id}`"
    )
    for person in grant.owners or grant.accountable:
        tx.notify(person, grant.request, text, at, once=True)


def _tried(tx: Transaction) -> Mapping[GrantId, int]:
    """(3)."""
    kept = tx.settings.get(_MARK)
    items = kept.items() if isinstance(kept, Mapping) else ()
    return {GrantId(name): at for name, at in items if isinstance(at, int)}
