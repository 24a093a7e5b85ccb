"""Runs requests through the graph: asking, answering, deciding, and the plan that moves nothing.

A request waiting for a person outlives the process: its graph is checkpointed under its id and
woken by whoever brings the answer. Waking carries no authority; what was answered is a row,
written first. A process that dies between the two leaves a run for `resume` to finish.

Whose answer is taken:
1. What waited too long lapses before anything is answered, whether or not a sweeper ran.
2. An approver is whoever fills a seat of what was asked at the moment of the answer, not when it
   was asked: a yes, a no and a return all need it, for each of them binds.
3. Where the run has ended, because what was agreed to is given later and needs another answer by
   then, that answer goes to the next sweep, which decides again; a no ends the request at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from langgraph.checkpoint.base import BaseCheckpointSaver

from govagents.action.confirming import CONFIRMED, to_be_confirmed
from govagents.action.extending import more_time, unlike
from govagents.action.glass import BREAK_GLASS, REVIEWED, to_be_reviewed
from govagents.action.lapse import lapse, overdue
from govagents.action.lapse import latest as latest_seen
from govagents.action.redacting import WITHHELD, redacted
from govagents.action.task import EXTENSION, extension_of
from govagents.action.unfinished import Resumption, unfinished
from govagents.domain.canonical import digest
from govagents.domain.decision import Answer, Decision
from govagents.domain.grant import LIVE
from govagents.domain.ids import GrantId, IdentityId, RequestId
from govagents.domain.precedent import Recalled
from govagents.domain.proposal import Assessment, Proposal
from govagents.domain.question import Question, Resolution
from govagents.domain.request import Request, Status
from govagents.domain.text import Untrusted
from govagents.domain.view import REDACT, View
from govagents.errors import StateError, UnknownNameError
from govagents.findings import encode, latest, sealed
from govagents.perception.triage import check_reason, check_text
from govagents.policy.approvers import Seating
from govagents.policy.facts import seated
from govagents.ports import Records, Transaction, Turns
from govagents.roster import ROSTER, Agent
from govagents.run import Run, Saver, event_about
from govagents.services import Services
from govagents.sketch import Sketch


@dataclass(frozen=True)
class Runner:
    """The use cases of one access request; `sketch` saves a plan, which is gone with it."""

    services: Services
    records: Records
    saver: Saver
    turns: Turns
    sketch: Callable[[], BaseCheckpointSaver[Any]]
    roster: tuple[Agent, ...] = ROSTER

    def ask(
        self,
        speaker: IdentityId,
        text: str,
        *,
        asked_for: IdentityId | None = None,
        break_glass: bool = False,
    ) -> RequestId:
        """Store the request, then run it until it waits for a person or ends.

        `break_glass` = it cannot wait for one: what that opens is policy's to say.

        Raises:
            InputError: the text is empty or too long, or an identity is unknown; nothing is stored.
        """
        check_text(text)
        now = self.services.clock.now()
        with self.records.begin() as tx:
            _known(tx, speaker)
            if asked_for is not None:
                _known(tx, asked_for)
            request = tx.requests.add(speaker, asked_for, now, text)
            entry = event_about(
                request, "request.received", at=now, digests={"request": digest(request)}
            )
            tx.log.append(replace(entry, reason=BREAK_GLASS) if break_glass else entry)
        self.runs.go_on(request)
        return request.id

    def plan(self, speaker: IdentityId, text: str, *, asked_for: IdentityId | None = None) -> View:
        """What `ask` would come to now. Stores nothing, moves nothing."""
        check_text(text)
        with self.records.begin() as tx:
            _known(tx, speaker)
            if asked_for is not None:
                _known(tx, asked_for)
        now = self.services.clock.now()
        text_digest = digest([speaker, asked_for, text])
        request = Request(RequestId(f"req_{text_digest[:6]}"), speaker, asked_for, now, text_digest)
        return self._sketch.of(request, (Untrusted(text),))

    def extend(self, name: GrantId, person: IdentityId, until: datetime) -> RequestId:
        """Ask that a grant goes on until then: a request of its own, run like any other.

        Raises:
            InputError, StateError: see `more_time`.
        """
        now = self.services.clock.now()
        with self.records.begin() as tx:
            _known(tx, person)
            asked = more_time(tx, name, person, until=until, now=latest_seen(tx, now))
            first, *answers = (part.raw() for part in asked.words)
            request = tx.requests.add(person, asked.before.asked_for, now, first)
            for text in answers:
                tx.requests.say(request.id, person, text)
            kept = tx.findings.add(request.id, EXTENSION, encode(asked.extension))
            digests = {"request": digest(request), EXTENSION: kept}
            entry = event_about(request, "request.received", at=now, digests=digests)
            tx.log.append(replace(entry, reason=f"extends {name}"))
        self.runs.go_on(request)
        return request.id

    def plan_to_extend(self, name: GrantId, person: IdentityId, until: datetime) -> View:
        """What `extend` would come to now. Stores nothing, moves nothing.

        Raises:
            InputError, StateError: see `more_time`; the smallest set is another by now.
        """
        now = self.services.clock.now()
        with self.records.begin() as tx:
            _known(tx, person)
            asked = more_time(tx, name, person, until=until, now=latest_seen(tx, now))
        text_digest = digest([person, name, until])
        request = RequestId(f"req_{text_digest[:6]}")
        again = Request(request, person, asked.before.asked_for, now, text_digest)
        plan = self._sketch.of(again, asked.words, asked.extension)
        apart = None if plan.proposal is None else unlike(plan.proposal.roles, asked.roles)
        if apart is not None:
            raise StateError(apart)
        return plan

    def answer(self, request_id: RequestId, person: IdentityId, text: str) -> None:
        """Answer the clarifying question and read on.

        Raises:
            StateError: there is no open question, or it is somebody else's to answer.
        """
        check_text(text)
        now = self._in_time(request_id)
        with self.records.begin() as tx:
            request = _request(tx, request_id)
            _open(tx, request_id, Status.NEEDS_INFO, "has no open question")
            if person != request.speaker:
                message = f"the question of `{request_id}` is for `{request.speaker}` to answer"
                raise StateError(message)
            said = tx.requests.say(request_id, person, text)
            tx.log.append(event_about(request, "request.answered", at=now, digests={"text": said}))
            tx.requests.set_status(request_id, Status.PENDING, at=now)
        self.runs.go_on(request)

    def decide(
        self, request_id: RequestId, person: IdentityId, *, consent: bool, reason: str
    ) -> None:
        """Approve or deny as `person`, then let policy decide again.

        Raises:
            StateError: not waiting, already answered, or not this person's to decide.
            InputError: the reason is longer than 4,000 characters, or what no text may hold.
        """
        check_reason(reason)
        now = self._in_time(request_id)
        with self.records.begin() as tx:
            request = _request(tx, request_id)
            _open(tx, request_id, Status.PENDING, "is not waiting for an approval")
            proposal = sealed(tx, request_id, "proposal", Proposal)
            if proposal is not None and proposal.proof.catalog != tx.catalog().digest:
                message = f"the catalog changed since `{request_id}` was proposed: ask again"
                raise StateError(message)
            decision, proposal = _asked(tx, request, person, now)
            said = tx.requests.say(request_id, person, reason) if reason else ""
            given = Answer(
                request_id, person, consent, digest(proposal), proposal.proof.catalog, now, said
            )
            tx.answers.add(given)
            kind = "answer.approved" if consent else "answer.denied"
            event = event_about(request, kind, at=now, digests={"answer": digest(given)})
            reason = WITHHELD if REDACT in decision.obligations else event.reason
            event = replace(event, principal=person, evaluation=decision.evaluation, reason=reason)
            tx.log.append(replace(event, subject=proposal.beneficiary))
            if not unfinished(tx, request_id):  # (3) nothing is left that hears it
                status = Status.APPROVED if consent else Status.DENIED
                tx.requests.set_status(request_id, status, at=now)
        self.runs.go_on(request)

    def send_back(self, request_id: RequestId, person: IdentityId, question: str) -> None:
        """Return a request to its speaker with a question; it ends, and may be asked again.

        Raises:
            StateError: not waiting, or not this person's to decide.
        """
        now = self._in_time(request_id)
        with self.records.begin() as tx:
            request = _request(tx, request_id)
            _open(tx, request_id, Status.PENDING, "is not waiting for an approval")
            _asked(tx, request, person, now)
            self._close(tx, request, person, Status.RETURNED, question)

    def confirm(self, request_id: RequestId, person: IdentityId) -> None:
        """Say, as whoever it is for, that it is to be given now; the next sweep gives it.

        Raises:
            StateError: it does not wait for that, or for somebody else.
        """
        now = self._in_time(request_id)
        with self.records.begin() as tx:
            request = _request(tx, request_id)
            proposal = to_be_confirmed(tx, request_id, person)
            event = event_about(request, CONFIRMED, at=now, digests={"proposal": digest(proposal)})
            tx.log.append(replace(event, principal=person, subject=proposal.beneficiary))
            tx.requests.set_status(request_id, Status.APPROVED, at=now)

    def review(self, request_id: RequestId, person: IdentityId) -> None:
        """Say as an owner that what was given as break-glass was looked at.

        Raises:
            StateError: it gave nothing so, was reviewed, or is somebody else's to review.
        """
        now = self.services.clock.now()
        with self.records.begin() as tx:
            request = _request(tx, request_id)
            beneficiary = to_be_reviewed(tx, request, person, now)
            entry = replace(event_about(request, REVIEWED, at=now), principal=person)
            tx.log.append(replace(entry, subject=beneficiary))

    def approvers(self, request_id: RequestId) -> tuple[IdentityId, ...]:
        """Who may answer it now and has not; nobody where nobody is waited for, or too long.

        For showing: what it rests on is held against the log when somebody answers.
        """
        now = self.services.clock.now()
        with self.records.begin() as tx:
            request = _request(tx, request_id)
            waits = tx.requests.status(request_id) is Status.PENDING
            decision = latest(tx, request_id, "decision", Decision)
            proposal = latest(tx, request_id, "proposal", Proposal)
            if decision is None or proposal is None or not waits or overdue(tx, request_id, now):
                return ()
            said = {each.person for each in tx.answers.of(request_id)
                    if each.proposal_digest == digest(proposal)}  # fmt: skip
            may = _seated(tx, request, _Asked(decision, proposal), now)
            return tuple(person for person in may if person not in said)

    def cancel(self, request_id: RequestId, person: IdentityId) -> None:
        """Withdraw one's own request before anything is given."""
        with self.records.begin() as tx:
            request = _request(tx, request_id)
            if person not in {request.speaker, request.asked_for}:
                message = f"`{request_id}` is not `{person}`'s to cancel"
                raise StateError(message)
            if any(grant.status in LIVE for grant in tx.grants.of_request(request_id)):
                message = f"`{request_id}` was given: use `govagents grant give-back` to end it"
                raise StateError(message)
            self._close(tx, request, person, Status.CANCELLED, "")

    def view(self, request_id: RequestId) -> View:
        """Everything known of one request."""
        with self.records.begin() as tx:
            request = _request(tx, request_id)
            return View(
                request=request,
                status=tx.requests.status(request_id),
                note=tx.requests.note(request_id),
                words=tx.requests.words(request_id),
                resolution=latest(tx, request_id, "resolution", Resolution),
                question=latest(tx, request_id, "question", Question),
                recalled=latest(tx, request_id, "recalled", Recalled),
                proposal=latest(tx, request_id, "proposal", Proposal),
                assessment=latest(tx, request_id, "assessment", Assessment),
                decision=latest(tx, request_id, "decision", Decision),
                answers=tx.answers.of(request_id),
                extension=extension_of(tx, request_id),
                grants=tx.grants.of_request(request_id),
                entries=tx.log.of(request_id),
                redacted=redacted(tx, request_id),
            )

    def resume(self, request_id: RequestId) -> Resumption:
        """Finish a run that a dead process left; what rightly waits goes on waiting."""
        with self.records.begin() as tx:
            request = _request(tx, request_id)
        return self.runs.resume(request)

    @property
    def _sketch(self) -> Sketch:
        return Sketch(self.services, self.sketch, self.roster)

    @property
    def runs(self) -> Run:
        """Runs with the same powers."""
        return Run(self.services, self.records, self.saver, self.turns, self.roster)

    def _in_time(self, request_id: RequestId) -> datetime:
        """(1) Now; what is refused afterwards takes nothing back of the lapse."""
        now = self.services.clock.now()
        with self.records.begin() as tx:
            lapse(tx, request_id, now)
        return now

    def _close(
        self, tx: Transaction, request: Request, person: IdentityId, status: Status, note: str
    ) -> None:
        now = self.services.clock.now()
        if tx.requests.status(request.id) not in {
            Status.PENDING, Status.NEEDS_INFO, Status.APPROVED, Status.BLOCKED
        }:  # fmt: skip
            message = f"`{request.id}` is {tx.requests.status(request.id).value} already"
            raise StateError(message)
        tx.requests.set_status(request.id, status, at=now, note=note)
        event = event_about(request, f"request.{status.value}", at=now)
        tx.log.append(replace(event, principal=person, decision=status.value))


def _known(tx: Transaction, identity: IdentityId) -> None:
    if identity not in tx.world().identities:
        message = f"no identity `{identity}`: `govagents access ID` needs an id of the directory"
        raise UnknownNameError(message)


def _request(tx: Transaction, request_id: RequestId) -> Request:
    found = tx.requests.get(request_id)
    if found is None:
        message = f"no request `{request_id}`: `govagents request list` shows them all"
        raise UnknownNameError(message)
    return found


def _open(tx: Transaction, request_id: RequestId, wanted: Status, problem: str) -> None:
    status = tx.requests.status(request_id)
    if status is Status.LAPSED:
        message = f"`{request_id}` has lapsed, {tx.requests.note(request_id)}: ask again"
        raise StateError(message)
    if status is not wanted:
        message = f"`{request_id}` {problem}: it is {status.value}"
        raise StateError(f"{message}; see `govagents request show {request_id}`")


class _Asked(NamedTuple):
    """What a person is asked about."""

    decision: Decision
    proposal: Proposal


def _asked(tx: Transaction, request: Request, person: IdentityId, now: datetime) -> _Asked:
    """(2) As the log has it, if `person` may answer it.

    Raises:
        StateError: it is somebody else's to decide.
    """
    decision = sealed(tx, request.id, "decision", Decision)
    proposal = sealed(tx, request.id, "proposal", Proposal)
    asked = _Asked(decision, proposal) if decision and proposal else None
    may = () if asked is None else _seated(tx, request, asked, now)
    if asked is None or person not in may:
        names = ", ".join(may) or "nobody"
        message = f"`{request.id}` is not for `{person}` to decide: {names} may"
        raise StateError(f"{message}; see `govagents request show {request.id}`")
    return asked


def _seated(
    tx: Transaction, request: Request, asked: _Asked, now: datetime
) -> tuple[IdentityId, ...]:
    """(2) Nobody, where the company does not know any more whom it is about."""
    world, beneficiary = tx.world(), asked.proposal.beneficiary
    if beneficiary not in world.identities:
        return ()
    seating = Seating(world, request.speaker, beneficiary, now)
    consents = seated(world, tx.catalog(), seating, asked.decision.consents)
    return replace(asked.decision, consents=consents).approvers
