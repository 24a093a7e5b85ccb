"""`govagents doctor`, the row `decided again`: whether live access still rests on today's policies.

Rules:
1. Nothing is bad about what was not decided on yet since it was given: the next sweep does that.
2. What could not be decided on goes on to its end, so that whoever runs the store has to know.
3. A last time that lies longer back than twice what the settings say is worth knowing.
"""

from typing import TYPE_CHECKING

from govagents.entrypoints.cli.checks import Check, Health

if TYPE_CHECKING:
    from govagents.entrypoints.cli.session import EndingSession

_NAME = "decided again"


def check_redecided(session: "EndingSession") -> Check:
    """When live access was last decided on again, by which policies, and what could not be."""
    from govagents.action.redecide import last_time
    from govagents.domain.request import Status
    from govagents.entrypoints.cli.wording import count_of, time_of

    with session.records.begin() as tx:
        live = tx.grants.names(frozenset({Status.ACTIVE}))
        last = last_time(tx)
    every, now = session.ending.settings.redecide, session.clock.now()
    if not live:
        return Check(_NAME, Health.GOOD, "nothing is live")
    when = "never yet, the next sweep does it"
    if last.at is not None:
        when = f"last {time_of(last.at)}, by policies {last.policies[:12]}"
    if last.left:  # (2)
        text = f"{count_of(last.left, 'request')} could not be, {when}: {last.why}"
        return Check(_NAME, Health.BAD, text, session.look("sweep", "--once"))
    if last.at is not None and now - last.at > 2 * every:  # (3)
        return Check(_NAME, Health.NOTE, f"{when}: late", session.look("sweep", "--once"))
    return Check(_NAME, Health.GOOD, when)
