"""The latest instant that a sweep has seen: held against the clock, and set right by an operator.

By it grants end and requests lapse, and no digest covers it. Who set a clock ahead once, or edited
the row, has everything end at the next sweep until it is set back; `audit.clock` says how far.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from govagents.domain.ids import IdentityId
from govagents.errors import GovAgentsError, IntegrityError, StateError

if TYPE_CHECKING:
    from govagents.entrypoints.cli.session import EndingSession

_SEEN = "latest_instant"


def moment_of(told: object) -> datetime | None:
    """What a setting says, or None where that is no instant."""
    try:
        moment = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None


def set_clock_back(session: "EndingSession") -> None:
    """Sets it to what log and clock tell, writes that into the log, and says so.

    Raises:
        StateError: it tells nothing later than they do.
        IntegrityError: the log is not whole, so that it cannot tell.
    """
    from govagents.action.elapsed import begin_anew
    from govagents.audit.clock import set_back
    from govagents.domain.canonical import instant
    from govagents.entrypoints.cli.wording import time_of

    who, now = session.speaker(), session.clock.now()
    after = _told(session, now)
    with session.records.begin() as tx:
        told = tx.settings.get(_SEEN)
        before = moment_of(told)
        if told is None or (before is not None and before <= after):
            raise StateError(
                f"nothing to set back: clock or log tell of {time_of(after)} already; if the clock "
                "is wrong, set that right first"
            )
        tx.settings.set(_SEEN, instant(after))
        begin_anew(tx)
        number = tx.log.append(set_back(who, before, after, at=now))
    next_ = session.look("doctor")
    stood = "what could not be read" if before is None else time_of(before)
    if session.screen.json:
        was = None if before is None else instant(before)
        session.screen.data(
            {"before": was, "after": instant(after), "entry": number, "next": next_}
        )
        return
    session.screen.line(
        f"the latest instant seen was {stood} and is {time_of(after)} from now on, "
        f"on the word of {who}: entry {number}"
    )
    session.screen.next(next_)


def to_repair(session: "EndingSession") -> str:
    """The line to type for it, in whose name it is; `ID` where no name can be read."""
    from govagents.entrypoints.cli.example import anybody

    try:
        who = session.who or anybody(session)
    except GovAgentsError:  # the company's own rows are damaged, which is another check's word
        who = None
    return session.next("doctor", "--repair-clock", as_=who or IdentityId("ID"))


def _told(session: "EndingSession", now: datetime) -> datetime:
    from govagents.audit.clock import told_by
    from govagents.audit.verify import Outside, verify
    from govagents.wiring import stored_log

    with stored_log(session.ending.settings.home) as stored:
        found = verify(stored, Outside())
    if not found.ok:
        command = session.look("audit", "verify")
        raise IntegrityError(f"the log cannot tell how late it is: {found.reason}; see `{command}`")
    with stored_log(session.ending.settings.home) as stored:
        return told_by((entry.leaf for entry in stored.entries), now)
