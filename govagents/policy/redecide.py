"""What policy looks at when it decides again on access that is live.

Rules:
1. States count as they are now: who the beneficiary is, what the role reaches and who may have it,
   what is held besides, what the ticket system says.
2. Acts count as they were done: who asked, who agreed, what a person had denied by then, what of
   the automatic budget was left, what the checker found, the hour, and the window that was given.
   So an approver who has left since takes nothing along, and nobody ends another's access by asking
   for something and having it denied.
3. Being away is no change of what one may have: leave ends nothing.
4. What somebody only asked for is not held: else anybody who may ask for another could complete a
   pair that must stay apart, and end what that one has.
"""

from collections.abc import Sequence
from dataclasses import replace

from govagents.domain.facts import ContextFacts, FactSheet
from govagents.ports import Holding

_ASKED_FOR = frozenset({"pending", "scheduled"})


def acts_as_done(now: FactSheet, given: FactSheet) -> FactSheet:
    """The sheet of `now`, with what was done by the time of `given` (2) (3)."""
    then = {sheet.role.id: sheet.context for sheet in given.roles}
    return replace(
        now,
        subject=replace(now.subject, active=given.subject.active),
        roles=tuple(
            replace(sheet, context=_context(sheet.context, then[sheet.role.id]))
            for sheet in now.roles
            if sheet.role.id in then
        ),
    )


def really_held(holdings: Sequence[Holding]) -> tuple[Holding, ...]:
    """(4)."""
    return tuple(item for item in holdings if item.source not in _ASKED_FOR)


def _context(now: ContextFacts, then: ContextFacts) -> ContextFacts:
    return replace(
        then,
        conflicts=now.conflicts,
        ticket_kind=now.ticket_kind,
        ticket_priority=now.ticket_priority,
    )
