"""One step of an agent: run within its budget, kept with its log entry, then handed on.

ORDER: the finding and its entry are committed before the graph's checkpoint, so a run that resumes
never believes something that the database of record does not hold. A step that is run again after a
crash finds its own entry and writes no second one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from govagents.action.noting import CALLED
from govagents.action.unfinished import RESUMED
from govagents.domain.decision import Decision, Verdict
from govagents.domain.event import Event
from govagents.domain.question import Clarity, Resolution
from govagents.domain.request import Request, Status
from govagents.domain.screening import Screened, Screening
from govagents.errors import GuardError, IntegrityError
from govagents.findings import encode
from govagents.ports import Clock, Records, Transaction
from govagents.roster import Agent
from govagents.state import RequestState

BEFORE_GIVING = frozenset(
    {Status.DRAFT, Status.NEEDS_INFO, Status.PENDING, Status.APPROVED, Status.BLOCKED}
)


@dataclass
class Budget:
    """Steps an agent has left in this run; a run that goes in circles ends instead of spinning.

    `acting` is the agent of the latest step: whose failure it is when the run stops.
    """

    limits: Mapping[str, int]
    spent: dict[str, int] = field(default_factory=dict)
    acting: str = "runner"

    def spend(self, agent: str) -> None:
        """One step.

        Raises:
            GuardError: the agent has used up its steps.
        """
        self.acting = agent
        self.spent[agent] = self.spent.get(agent, 0) + 1
        if self.spent[agent] > self.limits[agent]:
            message = f"agent `{agent}` used up its {self.limits[agent]} steps of this run"
            raise GuardError(message)


@dataclass(frozen=True)
class Keeper:
    """Keeps what nodes find. `records` None = a plan, which keeps nothing."""

    records: Records | None
    clock: Clock

    def check(self, request: Request, seen: Mapping[str, object]) -> None:
        """SECURITY: what a node is handed must be what the log says was found.

        A checkpoint can be edited by whoever can write its file; an edited one stops the run here.
        The finding before the newest passes too: a step that crashed after it was kept runs again.

        Raises:
            IntegrityError: the state holds something else.
        """
        if self.records is None:
            return
        with self.records.begin() as tx:
            if tx.requests.get(request.id) != request:
                raise _edited(request, "request")
            entries = tx.log.of(request.id)
        for key, value in seen.items():
            if key == "request":
                continue
            logged = [event.digests[key] for _, event in entries if key in event.digests]
            if sha256(encode(value)).hexdigest() not in logged[-2:]:
                raise _edited(request, key)

    def keep(
        self, agent: Agent, node: str, state: RequestState, found: Mapping[str, object]
    ) -> None:
        """Write the findings of one step and its log entry in one transaction."""
        request = state["request"]
        bodies = {key: encode(value) for key, value in found.items()}
        if self.records is None:
            return
        digests = {key: sha256(body).hexdigest() for key, body in bodies.items()}
        with self.records.begin() as tx:
            if _already(tx, request, node, digests):
                return
            for key, body in bodies.items():
                tx.findings.add(request.id, key, body)
            tx.log.append(self._event(agent, node, state, found, digests))
            status = status_after(found)
            # a run that goes on late says nothing about what was given or closed meanwhile
            if status is not None and tx.requests.status(request.id) in BEFORE_GIVING:
                tx.requests.set_status(request.id, status, at=self.clock.now())

    def _event(
        self,
        agent: Agent,
        node: str,
        state: RequestState,
        found: Mapping[str, object],
        digests: Mapping[str, str],
    ) -> Event:
        request = state["request"]
        decision = found.get("decision")
        decided = decision if isinstance(decision, Decision) else None
        reasons = [item.policy or "default-deny" for item in decided.reasons] if decided else []
        return Event(
            kind=f"step.{node}",
            at=self.clock.now(),
            agent=agent.name,
            principal=request.speaker,
            subject=_beneficiary(state, found),
            about=request.id,
            policy=decided.policy_digest if decided else "none",
            evaluation=decided.evaluation if decided else "none",
            decision=decided.verdict.value if decided else "none",
            reason=" ".join(reasons) or "none",
            ttl=timedelta(0),
            digests=digests,
        )


def _edited(request: Request, key: str) -> IntegrityError:
    return IntegrityError(
        f"the `{key}` in the checkpoint of `{request.id}` is not what the log recorded, or another "
        "release wrote it: ask again"
    )


def _already(tx: Transaction, request: Request, node: str, digests: Mapping[str, str]) -> bool:
    entries = [event for _, event in tx.log.of(request.id) if event.kind not in {RESUMED, CALLED}]
    return bool(entries) and (entries[-1].kind == f"step.{node}" and entries[-1].digests == digests)


def _beneficiary(state: RequestState, found: Mapping[str, object]) -> str:
    resolution = found.get("resolution", state.get("resolution"))
    if isinstance(resolution, Resolution):
        return resolution.understanding.beneficiary
    return state["request"].asked_for or state["request"].speaker


def status_after(found: Mapping[str, object]) -> Status | None:
    """The request's status that a finding implies; None = unchanged. Grants set their own."""
    match found:
        case {"screening": Screening(result=Screened.REFUSED)}:
            return Status.RETURNED
        case {"resolution": Resolution(clarity=Clarity.UNCLEAR)}:
            return Status.NEEDS_INFO
        case {"resolution": Resolution(clarity=Clarity.NO_MATCH)}:
            return Status.RETURNED
        case {"decision": Decision(verdict=verdict)}:
            return {
                Verdict.PERMIT: Status.APPROVED,
                Verdict.ASK: Status.PENDING,
                Verdict.DENY: Status.DENIED,
            }[verdict]
    return None
