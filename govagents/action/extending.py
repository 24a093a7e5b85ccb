"""More time for what somebody holds: a request of its own, decided and given like any other.

Rules:
1. Whoever asked for a grant may ask that it goes on, while it is active; others ask in their own
   words. What its request gave is extended whole, and nothing is added to it.
2. INVARIANT (attenuation): it counts from when the role was first given, over all grants without a
   break. What goes beyond the most a role, a kind or an identity has is refused here in words, with
   what is left; that it is not given is policy's doing, with its own count.
3. The grant keeps its end. While the other one is given it is a reference, so that the role is
   taken away at no moment, and a no changes nothing.
4. SECURITY: an extension is given only while all of what it extends is active. What an owner took
   back, or the holder gave back, or policy ended, while it waited, does not come back by it; nor
   where its own giving was interrupted, and goes on after that.
5. Once what it extends has ended, asking for more of it is in vain: it lapses (`lapse`), so that
   nobody is asked to agree to it or to confirm it.
6. Of one task one extension is asked for at a time, of the grant that ends last. What is held as
   long by another one by now is not given once more.
7. What was extended is one task (`task`): who completes it ends all of it.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from govagents.action.confirming import waits_for_confirmation
from govagents.action.runs import runs
from govagents.action.task import EXTENSION, extension_of, one_task
from govagents.domain.canonical import instant
from govagents.domain.case import Case
from govagents.domain.grant import Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId, RoleId
from govagents.domain.question import Resolution
from govagents.domain.request import Extension, Request, Status
from govagents.domain.text import Untrusted
from govagents.errors import GovAgentsError, InputError, StateError, UnknownNameError
from govagents.findings import sealed
from govagents.policy.standing import end_of
from govagents.policy.stretch import stretch
from govagents.ports import Transaction

_OPEN = frozenset({Status.DRAFT, Status.PENDING, Status.APPROVED, Status.BLOCKED})


@dataclass(frozen=True)
class MoreTime:
    """What is asked for, and the request behind the grant with its words."""

    extension: Extension
    before: Request
    words: tuple[Untrusted, ...]
    roles: frozenset[RoleId]


def more_time(
    tx: Transaction, name: GrantId, speaker: IdentityId, *, until: datetime, now: datetime
) -> MoreTime:
    """That `speaker` wants grant `name` to go on until then (1) (2) (6).

    `now` is the latest instant seen.

    Raises:
        UnknownNameError: there is no such grant.
        StateError: it is not active, somebody else asked for it, no time is left, or more time
            was given or asked for already.
        InputError: `until` is no later than its end, or too late.
    """
    grant = tx.grants.get(name)
    before = None if grant is None else tx.requests.get(grant.request)
    if grant is None or before is None:
        message = f"no grant `{name}`: `govagents grant list` shows them all"
        raise UnknownNameError(message)
    if speaker != before.speaker:  # (1)
        message = f"`{name}` was asked for by `{before.speaker}`: ask in your own words"
        raise StateError(message)
    given = tx.grants.of_request(before.id)
    if not _active(given, now):
        message = f"`{name}`, or what was given with it, is not active any more: ask for it anew"
        raise StateError(message)
    _alone(tx, grant, now)
    if until <= grant.window.end:
        message = f"`{name}` is held until {instant(grant.window.end)} as it is: name a later end"
        raise InputError(message)
    _within(tx, given, until, now)
    resolution = sealed(tx, before.id, "resolution", Resolution)
    words = tx.requests.words(before.id)
    if resolution is None or not words[0].raw():
        message = f"the words behind `{name}` were erased: ask for it in your own words"
        raise StateError(message)
    extension = Extension(name, until, resolution.understanding)
    return MoreTime(extension, before, words, _roles(given))


def not_extended(tx: Transaction, case: Case, now: datetime) -> str | None:
    """Why it cannot be given as more time for something (4); None = it can, or asks for no such.

    `now` is the latest instant seen.

    Raises:
        IntegrityError: what it extends is not what the log says.
    """
    extension = sealed(tx, case.request.id, EXTENSION, Extension)
    if extension is None:
        return None
    grant = tx.grants.get(extension.grant)
    given = () if grant is None else tx.grants.of_request(grant.request)
    begun = bool(tx.grants.of_request(case.request.id))
    if not (_ran_out(given) if begun else _active(given, now)):
        return f"`{extension.grant}`, which it would extend, is not active any more: ask anew"
    if begun or grant is None:
        return None
    return unlike(case.proposal.roles, _roles(given)) or _held_as_long(tx, grant, extension, now)


def in_vain(tx: Transaction, request: RequestId, now: datetime) -> bool:
    """Whether it asks for more of what has ended by `now`, the latest instant seen (5)."""
    extension = extension_of(tx, request)
    if extension is None or tx.grants.of_request(request):
        return False
    grant = tx.grants.get(extension.grant)
    return grant is None or not _active(tx.grants.of_request(grant.request), now)


def unlike(roles: tuple[RoleId, ...], held: frozenset[RoleId]) -> str | None:
    """Why a set is no more time for what is held (1)."""
    if not roles or set(roles) == held:
        return None
    proposed, now = ", ".join(sorted(roles)), ", ".join(sorted(held))
    return f"the smallest set is {proposed} by now, not {now}, which is held: ask for it anew"


def _alone(tx: Transaction, grant: Grant, now: datetime) -> None:
    """(6)."""
    last = max(_running(tx, grant, now), key=lambda each: each.window.end)
    if last.window.end > grant.window.end:
        message = f"`{grant.id}` goes on as `{last.id}` until {instant(last.window.end)}"
        raise StateError(f"{message}: extend that one, see `govagents grant show {last.id}`")
    for name in tx.requests.list(_OPEN):
        if _asks_for_more(tx, name, one_task(tx, grant)):
            message = f"`{name}` asks for more time of `{grant.id}` already"
            said = f"wait for its answer, or cancel it: `govagents request show {name}`"
            raise StateError(f"{message}; {said}")


def _asks_for_more(tx: Transaction, name: RequestId, task: frozenset[RequestId]) -> bool:
    """Whether it may still give more time to that task; what cannot be read gives nothing."""
    if name in task:
        return False
    with suppress(GovAgentsError):
        extension = extension_of(tx, name)
        before = None if extension is None else tx.grants.get(extension.grant)
        if before is not None and before.request in task:
            return tx.requests.status(name) is not Status.BLOCKED or waits_for_confirmation(
                tx, name
            )
    return False


def _held_as_long(tx: Transaction, grant: Grant, extension: Extension, now: datetime) -> str | None:
    """Why it need not be given (6)."""
    as_long = [each for each in _running(tx, grant, now) if each.window.end >= extension.until]
    if not _roles(tx.grants.of_request(grant.request)) <= _roles(as_long):
        return None
    return f"`{as_long[0].id}` lasts until {instant(as_long[0].window.end)} already"


def _running(tx: Transaction, grant: Grant, now: datetime) -> tuple[Grant, ...]:
    """What is active of the task of `grant` (7)."""
    ran = [each for name in sorted(one_task(tx, grant)) for each in tx.grants.of_request(name)]
    return tuple(each for each in ran if _active((each,), now))


def _roles(given: Iterable[Grant]) -> frozenset[RoleId]:
    return frozenset(each.role for each in given)


def _active(given: tuple[Grant, ...], now: datetime) -> bool:
    return bool(given) and all(
        each.status is Status.ACTIVE and now < each.window.end for each in given
    )


def _ran_out(given: tuple[Grant, ...]) -> bool:
    """Whether nothing but its time ended any of it, if it ended: it was active when more began."""
    return bool(given) and all(
        each.status is Status.ACTIVE or each.cause == "expired" for each in given
    )


def _within(tx: Transaction, given: tuple[Grant, ...], until: datetime, now: datetime) -> None:
    """(2)."""
    limits = [limit for grant in given for limit in _limits(tx, grant, now)]
    if not limits or until <= (least := min(limits))[0]:
        return
    end, why = least
    if end <= given[0].window.end:
        message = f"no time is left of `{given[0].id}`: {why}, so that it ends at {instant(end)}"
        raise StateError(message)
    message = f"`{instant(until)}` is too late: {why}; at most `--until {instant(end)}` is left"
    raise InputError(message)


def _limits(tx: Transaction, grant: Grant, now: datetime) -> Iterator[tuple[datetime, str]]:
    """Until when it may be held at the latest, and why."""
    world, catalog = tx.world(), tx.catalog()
    mine = runs(tx, grant.beneficiary, besides=None, now=now)
    windows = [each.window for each in mine if each.role == grant.role and each.window]
    first = stretch(grant.window, windows, world.eligibility.shortest_break).start
    role, who = catalog.roles.get(grant.role), world.identities.get(grant.beneficiary)
    most = [role.max_time if role else None, world.eligibility.longest(who.kind) if who else None]
    for cap in most:
        if cap is not None:
            hours = f"{cap.total_seconds() / 3600:g} h"
            why = f"`{grant.role}` is held since {instant(first)}, and for {hours} at most"
            yield first + cap, why
    own = end_of(world, grant.beneficiary)
    if own is not None:
        yield own, f"`{grant.beneficiary}` itself ends then"
