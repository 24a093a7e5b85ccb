"""`govagents doctor`, the row `grants`: bad while anything that is due has not ended.

Rules:
1. Due is what a sweep would end now, for whatever cause (`sweeper.due`). While a sweeper is alive,
   it has two minutes for that; the clock of another process may be a little ahead, too.
2. What its target does not confirm is due for as long as that lasts, however patient the sweeper.
3. So is an end that was begun and not finished, and what a target showed after the end and does not
   let go of.
4. Where it cannot be told who has left, the other causes still count.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from govagents.domain.grant import LIVE, Grant
from govagents.domain.request import Status
from govagents.entrypoints.cli.checks import Check, Health
from govagents.errors import GovAgentsError
from govagents.ports import Transaction

if TYPE_CHECKING:
    from govagents.domain.world import World
    from govagents.entrypoints.cli.session import EndingSession

_LEFT_TO_A_SWEEPER = timedelta(minutes=2)
_BEGUN = frozenset({Status.EXPIRING, Status.REVOKING})


def check_ends(session: "EndingSession") -> Check:
    """Whether everything that is due has ended."""
    from govagents.entrypoints.cli.readable import grants_of

    live, damaged = grants_of(session, LIVE)
    if damaged:
        text = f"cannot be read, or not what the log says: {', '.join(damaged)}"
        return Check("grants", Health.BAD, text, session.look("grant", "list"))
    failed = [each for each in live if each.status is Status.REVOKE_FAILED]
    if failed:  # (2)
        return Check(
            "grants", Health.BAD, _not_confirmed(failed), session.look("grant", "list", "--failed")
        )
    overdue, late = _overdue(session, live), _late(session)
    if overdue:
        text = f"still held after their end, because nothing swept: {', '.join(overdue)}"
        return Check("grants", Health.BAD, text, session.look("sweep", "--once"))
    if late:
        text = f"showed up after their end, and do not go: {', '.join(late)}"
        return Check("grants", Health.BAD, text, session.look("grant", "show", late[0]))
    return Check("grants", Health.GOOD, f"{len(live)} live, none past its end")


def _not_confirmed(failed: Sequence[Grant]) -> str:
    from govagents.action.retrying import needs_person

    text = f"{len(failed)} ended but not confirmed by the target"
    text += f"; {failed[0].id}: {failed[0].failure}" if failed[0].failure else ""
    alone = [each.id for each in failed if needs_person(each)]
    return text + (f"; a person is needed for {', '.join(alone)}" if alone else "")


def _overdue(session: "EndingSession", live: Sequence[Grant]) -> list[str]:
    """(1) (3)."""
    from govagents.action.sweeper import alive, due

    with session.records.begin() as tx:
        swept = alive(tx, session.ending.sweeper.machine.now())
        by = session.clock.now() - (_LEFT_TO_A_SWEEPER if swept else timedelta(0))
        world = _world(tx)
        found = [each for each in live if due(tx, each, by, world)]
        return [each.id for each in found if not _just_begun(tx, each, by)]


def _just_begun(tx: Transaction, grant: Grant, by: datetime) -> bool:
    """Whether somebody may still be at ending it."""
    return grant.status in _BEGUN and any(
        event.kind == "grant.ending" and event.at > by and event.reason.startswith(grant.id)
        for _, event in tx.log.of(grant.request)
    )


def _world(tx: Transaction) -> "World | None":
    """(4)."""
    with suppress(GovAgentsError):
        return tx.world()
    return None


def _late(session: "EndingSession") -> tuple[str, ...]:
    """(3)."""
    from govagents.action.late import not_let_go

    with session.records.begin() as tx:
        return tuple(grant.id for grant in not_let_go(tx, session.clock.now()))
