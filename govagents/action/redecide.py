"""Decides again on what is live: whether policy still permits it, and whether its task goes on.

Rules:
1. All that is live is decided on again when the policies, the company or its catalog are others
   than the last time, and as soon as `every` has passed since. A last time ahead of now is none.
2. A verdict that is no permit ends what the request still holds, with cause `not_permitted`. Which
   policies said so is an entry of its own, before those of the end; the holder is told in words.
   So does a role that the catalog does not have any more.
3. What rests on a ticket ends with it, cause `completed`.
4. What cannot be decided ends nothing: no policy at all, one that errs, no catalog, a record that
   is not what the log says. It is said, and tried again by each sweep until it can be; until then
   how many requests those are, and why the first, is kept for `doctor`. Nothing of this makes a
   grant longer.
5. The newest comes first: of two that exclude each other since, the older stays.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from govagents.action.case import sealed_case
from govagents.action.entries import refused
from govagents.action.giving import FACTS
from govagents.domain.canonical import instant
from govagents.domain.case import Case
from govagents.domain.decision import Decision, Verdict
from govagents.domain.event import Event
from govagents.domain.facts import FactSheet
from govagents.domain.grant import Grant
from govagents.domain.ids import GrantId, RequestId, RoleId, TicketId
from govagents.domain.request import Request, Status
from govagents.domain.world import World
from govagents.errors import GovAgentsError, IntegrityError, StateError
from govagents.findings import encode, sealed
from govagents.ports import DecisionPoint, Facts, Records, Transaction

NOT_PERMITTED, COMPLETED = "not_permitted", "completed"
_MARK = "redecided"
_LEFT = "not_redecided"
_REDECIDED = "guard.redecided"
_ACTIVE = frozenset({Status.ACTIVE})


class Deciding(NamedTuple):
    """Who gathers the facts, and who decides on them."""

    facts: Facts
    policy: DecisionPoint


@dataclass
class Redecided:
    """What is to end and why; `undecided` says in sentences what could not be decided on.

    `policies` and `version` are what was decided by; empty = it was not time to look. `left` is how
    many requests were not decided on.
    """

    causes: dict[GrantId, str] = field(default_factory=dict)
    undecided: list[str] = field(default_factory=list)
    policies: str = ""
    version: int = 0
    left: int = 0


class LastTime(NamedTuple):
    """When all that was live was decided on again, and by which policies; None = never.

    `left` is how many requests could not be, since then; `why` is what kept the first of them.
    """

    at: datetime | None
    policies: str = ""
    left: int = 0
    why: str = ""


class _Live(NamedTuple):
    """What one request still holds, as a case of its own, with the facts it was given on."""

    case: Case
    grants: tuple[Grant, ...]
    given: FactSheet
    ticket_closed: bool
    missing: tuple[RoleId, ...]


@dataclass(frozen=True)
class Redecide:
    """`policies` names those in force; `deciding` is made only when something is decided on."""

    records: Records
    policies: Callable[[], str]
    deciding: Callable[[], Deciding]
    every: timedelta

    def look(self, now: datetime) -> Redecided:
        """What is live and has to end, if it is time to look."""
        found = Redecided()
        with self.records.begin() as tx:
            live = _requests(tx)
            mark, version = str(tx.settings.get(_MARK) or ""), tx.version()
        if not live:
            return found
        try:
            policies = self.policies()
            if self._lately(mark, f"{policies}/{version}", now):
                return found
            deciding = self.deciding()
        except Exception as error:  # noqa: BLE001  # (4)
            found.undecided.append(_not_decided(f"{len(live)} requests", error))
            found.left = len(live)
            return found
        for request in live:
            self._each(found, request, deciding, now)
        found.policies, found.version = policies, version
        return found

    def done(self, found: Redecided, now: datetime) -> None:
        """Notes that it was looked at, when all of it was decided on, and ended where it had to be.

        ORDER: after the ends, or one that was cut short would be forgotten until the next time.
        """
        if found.undecided:  # (4)
            with self.records.begin() as tx:
                tx.settings.set(_LEFT, {"requests": found.left, "why": found.undecided[0]})
        if not found.policies or found.undecided:
            return
        with self.records.begin() as tx:
            active = set(tx.grants.names(_ACTIVE))
            if active & found.causes.keys():
                return
            tx.settings.set(_MARK, f"{found.policies}/{found.version} {instant(now)}")
            tx.settings.set(_LEFT, None)
            kept, ended = len(active), len(found.causes)
            tx.log.append(_passed(kept=kept, ended=ended, policy=found.policies, at=now))

    def _lately(self, mark: str, under: str, now: datetime) -> bool:
        """(1)."""
        then, last = _marked(mark)
        if last is None:
            return False
        return then == under and timedelta(0) <= now - last < self.every

    def _each(
        self, found: Redecided, request: RequestId, deciding: Deciding, now: datetime
    ) -> None:
        try:
            found.causes |= self._judged(request, deciding, now)
        except Exception as error:  # noqa: BLE001  # (4) whatever it is, it ends nothing
            found.undecided.append(_not_decided(request, error))
            found.left += 1

    def _judged(
        self, request: RequestId, deciding: Deciding, now: datetime
    ) -> Mapping[GrantId, str]:
        """The grants that have to end, each with its cause."""
        with self.records.begin() as tx:
            live = _live(tx, request)
        if live is None:
            return {}
        names = [grant.id for grant in live.grants]
        if live.ticket_closed:  # (3)
            return dict.fromkeys(names, COMPLETED)
        decision = None
        if not live.missing:
            sheet = deciding.facts.again(live.case, live.given)
            decision = deciding.policy.decide(sheet, live.case.proposal)
            if decision.verdict is Verdict.PERMIT:
                return {}
            if not decision.decided:  # (4)
                message = "; ".join(reason.text for reason in decision.reasons)
                raise StateError(message)
        with self.records.begin() as tx:
            _say(tx, live, decision, now)
        return dict.fromkeys(names, NOT_PERMITTED)


def last_time(tx: Transaction) -> LastTime:
    """How it stands, as of the last sweep that looked."""
    under, at = _marked(str(tx.settings.get(_MARK) or ""))
    left, why = 0, ""
    match tx.settings.get(_LEFT):
        case {"requests": int(requests), "why": str(said)}:
            left, why = requests, said
    return LastTime(at, under.partition("/")[0], left, why)


def _marked(mark: str) -> tuple[str, datetime | None]:
    """Under what, and when; what cannot be read is never."""
    under, _, moment = mark.partition(" ")
    try:
        last = datetime.fromisoformat(moment)
    except ValueError:
        return under, None
    return under, last.replace(tzinfo=last.tzinfo or UTC)


def _not_decided(what: str, error: Exception) -> str:
    said = str(error) if isinstance(error, GovAgentsError) else f"failed: {type(error).__name__}"
    return f"{what}: not decided on again: {said}"


def _requests(tx: Transaction) -> tuple[RequestId, ...]:
    """(5); one that cannot be read was named by the sweep."""
    found: dict[RequestId, datetime] = {}
    for name in tx.grants.names(_ACTIVE):
        try:
            grant = tx.grants.get(name)
        except IntegrityError:
            continue
        if grant is not None:
            found[grant.request] = grant.window.start
    return tuple(sorted(found, key=lambda request: (found[request], request), reverse=True))


def _live(tx: Transaction, request: RequestId) -> _Live | None:
    grants = tuple(each for each in tx.grants.of_request(request) if each.status in _ACTIVE)
    if not grants:
        return None
    case = _narrowed(sealed_case(tx, request), grants)
    given = sealed(tx, request, FACTS, FactSheet)
    if given is None:
        message = "the facts it was given on were not kept: it runs to its end"
        raise StateError(message)
    ticket = case.understanding.ticket
    return _Live(
        case=case,
        grants=grants,
        given=given,
        ticket_closed=ticket is not None and not _open_work(tx.world(), ticket),
        missing=tuple(role for role in case.proposal.roles if role not in tx.catalog().roles),
    )


def _narrowed(case: Case, grants: Sequence[Grant]) -> Case:
    """The case of what is still held: these roles, until then."""
    roles = tuple(role for role in case.proposal.roles if role in {each.role for each in grants})
    window = replace(grants[0].window, floating=False)
    return replace(case, proposal=replace(case.proposal, roles=roles, window=window))


def _say(tx: Transaction, live: _Live, decision: Decision | None, now: datetime) -> None:
    """(2) Once, also where the end had to be begun again."""
    request = live.case.request
    if any(event.kind == _REDECIDED for _, event in tx.log.of(request.id)):
        return
    text = f"policy no longer permits it: {_reasons(live, decision)}"
    tx.requests.set_status(request.id, tx.requests.status(request.id), at=now, note=text)
    beneficiary = live.case.proposal.beneficiary
    for person in sorted({beneficiary, *live.grants[0].accountable}):
        tx.notify(person, request.id, f"`{request.id}` was ended: {text}", now)
    digests = {}
    if decision is not None:
        digests["redecision"] = tx.findings.add(request.id, "redecision", encode(decision))
    for grant in live.grants:
        entry = _entry(request, grant.id, decision, at=now)
        tx.log.append(replace(entry, subject=beneficiary, digests=digests))


def _reasons(live: _Live, decision: Decision | None) -> str:
    if decision is None:
        return f"the catalog has no role `{live.missing[0]}` any more"
    said = "; ".join(reason.text for reason in decision.reasons)
    if decision.verdict is Verdict.ASK:
        return f"it asks for somebody who did not agree: {said}"
    return said


def _open_work(world: World, ticket: TicketId) -> bool:
    """Whether the ticket system still counts it as work to do; one it does not know is none."""
    found = world.tickets.get(ticket)
    return found is not None and found.open


def _entry(request: Request, grant: GrantId, decision: Decision | None, *, at: datetime) -> Event:
    """Policy no longer permits what was given; `decision` None = the catalog has its role no more.

    The end has entries of its own.
    """
    event = refused(request, Status.REVOKING, decision, at=at)
    policies = event.reason if decision else "no-such-role"
    return replace(event, kind=_REDECIDED, principal="none", reason=f"{grant} {policies}")


def _passed(*, kept: int, ended: int, policy: str, at: datetime) -> Event:
    """Everything live was decided on again, under these policies."""
    return Event(
        kind="grants.redecided",
        at=at,
        agent="provisioner",
        principal="none",
        subject="none",
        about="grants",
        policy=policy,
        evaluation="none",
        decision="redecided",
        reason=f"kept={kept} ended={ended}",
        ttl=timedelta(0),
        digests={},
    )
