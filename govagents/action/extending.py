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
5. What was extended is one task: who completes it ends all of it.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from govagents.action.lapse import latest as seen_by
from govagents.action.runs import runs
from govagents.domain.canonical import instant
from govagents.domain.case import Case
from govagents.domain.grant import Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId, RoleId
from govagents.domain.question import Resolution
from govagents.domain.request import Extension, Request, Status
from govagents.domain.text import Untrusted
from govagents.errors import GovAgentsError, InputError, StateError, UnknownNameError
from govagents.findings import latest, sealed
from govagents.policy.standing import end_of
from govagents.policy.stretch import stretch
from govagents.ports import Transaction

EXTENSION = "extension"
"""Under which name it is kept that a request is for more time."""


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
    """That `speaker` wants grant `name` to go on until then (1) (2).

    Raises:
        UnknownNameError: there is no such grant.
        StateError: it is not active, somebody else asked for it, or no time is left.
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
    if not _active(given, seen_by(tx, now)):
        message = f"`{name}`, or what was given with it, is not active any more: ask for it anew"
        raise StateError(message)
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
    return MoreTime(extension, before, words, frozenset(each.role for each in given))


def not_extended(tx: Transaction, case: Case, now: datetime) -> str | None:
    """Why it cannot be given as more time for something (4); None = it can, or asks for no such.

    Raises:
        IntegrityError: what it extends is not what the log says.
    """
    extension = sealed(tx, case.request.id, EXTENSION, Extension)
    if extension is None:
        return None
    grant = tx.grants.get(extension.grant)
    given = () if grant is None else tx.grants.of_request(grant.request)
    begun = bool(tx.grants.of_request(case.request.id))
    if not (_ran_out(given) if begun else _active(given, seen_by(tx, now))):
        return f"`{extension.grant}`, which it would extend, is not active any more: ask anew"
    return None if begun else unlike(case.proposal.roles, frozenset(each.role for each in given))


def unlike(roles: tuple[RoleId, ...], held: frozenset[RoleId]) -> str | None:
    """Why a set is no more time for what is held (1)."""
    if not roles or set(roles) == held:
        return None
    proposed, now = ", ".join(sorted(roles)), ", ".join(sorted(held))
    return f"the smallest set is {proposed} by now, not {now}, which is held: ask for it anew"


def extension_of(tx: Transaction, request: RequestId) -> Extension | None:
    """What a request extends; unchecked, for showing and for ending."""
    return latest(tx, request, EXTENSION, Extension)


def one_task(tx: Transaction, grant: Grant) -> frozenset[RequestId]:
    """The requests that were extended by one another, with that of `grant` (5).

    What cannot be read is left out: it keeps nothing else from ending.
    """
    links = dict(_links(tx, grant.beneficiary))
    found = {grant.request}
    grown = 0
    while grown != len(found):
        grown = len(found)
        found |= {links[each] for each in found if each in links}
        found |= {each for each, before in links.items() if before in found}
    return frozenset(found)


def _links(tx: Transaction, holder: IdentityId) -> Iterator[tuple[RequestId, RequestId]]:
    """Each request that extends another one, with that one."""
    for name in tx.grants.names(None, holder):
        with suppress(GovAgentsError):
            grant = tx.grants.get(name)
            extension = None if grant is None else extension_of(tx, grant.request)
            before = None if extension is None else tx.grants.get(extension.grant)
            if grant is not None and before is not None:
                yield grant.request, before.request


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
