"""`govagents doctor`, the row `notices`: whether people hear of what lies in their inbox."""

from typing import TYPE_CHECKING

from govagents.entrypoints.cli.checks import Check, Health

if TYPE_CHECKING:
    from govagents.entrypoints.cli.session import EndingSession


def check_notices(session: "EndingSession") -> Check:
    """Bad where somebody was not told within the last day, and nothing will try again."""
    from govagents.action.posting import given_up, undelivered
    from govagents.entrypoints.cli.wording import count_of

    with session.records.begin() as tx:
        failed = undelivered(tx, session.clock.now())
    if not failed:
        return Check("notices", Health.GOOD, _way(session))
    lost = [each for each in failed if given_up(each)]
    worst = (lost or failed)[0]
    text = f"{count_of(len(failed), 'notice')} not delivered"
    text += f", {len(lost)} given up" if lost else ", tried again"
    text += f": `{worst.notice.person}` about `{worst.notice.about}`: {worst.failure}"
    return Check("notices", Health.BAD if lost else Health.NOTE, text)


def _way(session: "EndingSession") -> str:
    settings = session.ending.settings.notices
    if settings.command:
        return f"in people's `inbox`, and by the command `{settings.command[0]}`"
    if settings.smtp:
        return f"in people's `inbox`, and by mail through {settings.smtp}"
    return "in people's `inbox` alone; [notices] in settings.toml names another way"
