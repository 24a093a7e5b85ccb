"""One grant as people read it, from its own record and its targets alone.

INVARIANT (taking back never waits): a company or a catalog that cannot be read keeps nobody from
seeing how a grant ended, so that no name is looked up here; whoever has them may pass them in.
"""

from collections.abc import Sequence
from datetime import datetime

from govagents.action.expiry import Expiry
from govagents.action.retrying import needs_person
from govagents.action.targets import harmless
from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import IdentityId
from govagents.entrypoints.cli.output import Line, Screen, Tone, Toned
from govagents.entrypoints.cli.taken import before_of
from govagents.entrypoints.cli.wording import count_of, status_of, time_of, window_of

NOT_HELD = "not held"


def grant_facts(
    grant: Grant, expiry: Expiry, *, by: IdentityId | None, who: str = "", role: str = ""
) -> list[tuple[str, Line]]:
    """One grant in full; `who` and `role` are the names with the ids, where they are known.

    `by` = on whose word it was ended.
    """
    rows: list[tuple[str, Line]] = [
        ("grant", [Toned(grant.id, Tone.STRONG), "  ", status_of(grant.status)]),
        ("who", who or grant.beneficiary),
        ("role", role or grant.role),
        ("on", ", ".join(grant.targets)),
        ("window", span_of(grant)),
        ("read back", read_back(grant, expiry)),
        ("request", grant.request),
        ("decision", grant.decision),
    ]
    if grant.failure:
        rows.insert(1, ("not ended", Toned(not_ended(grant), Tone.BAD)))
    if grant.held_before:
        rows.append(("held before", before_of(grant, by)))
    if by is not None:
        rows.insert(5, ("ended by", by))
    return rows


def show_grants(
    screen: Screen,
    grants: Sequence[Grant],
    expiry: Expiry | None = None,
    *,
    now: datetime | None = None,
) -> None:
    """Grants, one a line; with `expiry` each is asked whether it shows the role now.

    With `now` those that should have ended by then are said to be overdue.
    """
    read, failed = expiry is not None, any(grant.failure for grant in grants)
    more = [*(["read back"] if read else []), *(["not ended"] if failed else [])]
    screen.table(
        ("grant", "status", "who", "role", "window", *more),
        [
            (
                grant.id,
                _standing(grant, now),
                grant.beneficiary,
                grant.role,
                span_of(grant),
                *([] if expiry is None else [read_back(grant, expiry)]),
                *([not_ended(grant)] if failed else []),
            )
            for grant in grants
        ],
    )


def not_ended(grant: Grant) -> str:
    """Why a target still shows it, and whether that will not mend itself; empty = it ended."""
    if grant.failure is None:
        return ""
    if not needs_person(grant):
        return str(grant.failure)
    return f"{grant.failure}; {count_of(grant.attempts, 'try', 'tries')}: a person is needed"


def read_back(grant: Grant, expiry: Expiry) -> str | Toned:
    """What the targets say now, whatever the record says."""
    try:
        shown = {change.system for change in expiry.look(grant)}
    except Exception as error:  # noqa: BLE001  # a connector may raise anything; to look changes nothing
        return Toned(f"cannot be read: {harmless(error) or type(error).__name__}", Tone.BAD)
    if not shown:
        return NOT_HELD
    return "held" if shown == set(grant.targets) else f"held on {', '.join(sorted(shown))} only"


def is_overdue(grant: Grant, now: datetime) -> bool:
    """Whether it may still be held after its end: nothing swept since."""
    return grant.status in LIVE and grant.window.end <= now


def _standing(grant: Grant, now: datetime | None) -> Toned:
    if now is not None and is_overdue(grant, now):
        return Toned(f"{grant.status.value}, overdue", Tone.BAD)
    return status_of(grant.status)


def span_of(grant: Grant) -> str:
    """Its window, and when and why it ended."""
    ended = f", ended {time_of(grant.ended)}" if grant.ended else ""
    cause = f" ({grant.cause.replace('_', ' ')})" if grant.cause else ""
    return f"{window_of(grant.window)}{ended}{cause}"
