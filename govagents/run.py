"""The run of one request's graph: begun, woken, or gone on with where a dead process left it.

Rules:
1. Whether there is anything to do is read from the log (`unfinished`), how is read from the
   checkpoint: none = begin, waiting = wake, neither = go on. What is handed in carries nothing.
2. One at a time: whoever runs a request holds its turn, and looks only then what is left to do. So
   of two that come at once, the second finds it done.
3. INVARIANT (exactly one effect): a turn saves work and entries, it is not what keeps an effect
   from happening twice. That is the rows' to do: one settling answer, one live grant of a request.
4. It ends by itself: what brings neither a new entry nor a new place is a failure.
5. INVARIANT (undecided means no): whatever is raised ends the request `blocked`.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command

from govagents.action.task import EXTENSION
from govagents.action.unfinished import RESUMED, Resumption, given_up, unfinished
from govagents.cast import Cast
from govagents.domain.event import Event
from govagents.domain.grant import LIVE
from govagents.domain.ids import RequestId
from govagents.domain.request import Extension, Request, Status
from govagents.errors import GovAgentsError, StateError
from govagents.findings import sealed
from govagents.graph import request_graph
from govagents.ports import Records, Turns
from govagents.roster import ROSTER, Agent
from govagents.services import Services
from govagents.state import NewRequest
from govagents.steps import BEFORE_GIVING, Keeper

Saver = Callable[[], AbstractContextManager[BaseCheckpointSaver[Any]]]
Graph = CompiledStateGraph[Any, Any, Any, Any]
RECURSION_LIMIT = 80
"""Graph steps in one go; budgets end a run long before."""


@dataclass(frozen=True)
class Run:
    """Runs of requests, each as far as it goes: until it waits for a person, or ends."""

    services: Services
    records: Records
    saver: Saver
    turns: Turns
    roster: tuple[Agent, ...] = ROSTER

    def go_on(self, request: Request) -> None:
        """Do what is left to do.

        Raises:
            StateError: another process was at it all the while.
        """
        with self.turns.take(request.id, wait=True) as mine:
            if mine:
                with self.saver() as saver:
                    self._go(request, saver)
                return
        with self.records.begin() as tx:
            left = unfinished(tx, request.id)
        if left:
            message = f"`{request.id}` is being run by another process: what was said is kept"
            raise StateError(f"{message}; see `govagents request show {request.id}`")

    def resume(self, request: Request) -> Resumption:
        """Finish what a dead process left; one that is being run is left to whoever runs it."""
        with self.turns.take(request.id, wait=False) as mine:
            if not mine:
                return Resumption.BUSY
            # ORDER: where a run cannot be kept, as on a full disk, this is no try that failed
            with self.saver() as saver:
                return self._resumed(request, saver)

    def _resumed(self, request: Request, saver: BaseCheckpointSaver[Any]) -> Resumption:
        with self.records.begin() as tx:
            if not unfinished(tx, request.id):
                return Resumption.BUSY
            hopeless = given_up(tx, request.id)
            event = event_about(request, RESUMED, at=self.services.clock.now())
            tx.log.append(replace(event, agent="provisioner"))
        if hopeless:
            message = "its run was cut short again and again at the same step: ask again"
            self._block(request, StateError(message), "runner")
            return Resumption.FAILED
        return Resumption.RESUMED if self._go(request, saver) else Resumption.FAILED

    def _go(self, request: Request, saver: BaseCheckpointSaver[Any]) -> bool:
        """Whether nothing failed."""
        cast = Cast(self.services, Keeper(self.records, self.services.clock), self.roster)
        graph = request_graph(cast).compile(checkpointer=saver)
        try:
            self._as_far_as_it_goes(graph, request)
        except Exception as error:  # noqa: BLE001  # whatever failed, nothing is given
            self._block(request, error, cast.budget.acting)
            return False
        return True

    def _as_far_as_it_goes(self, graph: Graph, request: Request) -> None:
        config, before = config_of(request.id), (-1, False)
        while (newest := self._left(request.id)) is not None:
            waits = bool(graph.get_state(config).interrupts)
            if (newest, waits) == before:  # (4)
                message = f"the run of `{request.id}` does not go on from where it stopped"
                raise StateError(f"{message}: ask again")
            before = (newest, waits)
            graph.invoke(self._entry(graph, request), config, durability="sync")

    def _left(self, request: RequestId) -> int | None:
        """The number of the newest entry, if there is something left to do (1)."""
        with self.records.begin() as tx:
            return tx.log.of(request)[-1][0] if unfinished(tx, request) else None

    def _entry(self, graph: Graph, request: Request) -> NewRequest | Command[Any] | None:
        """(1)."""
        found = graph.get_state(config_of(request.id))
        if found.interrupts:
            return Command(resume=True)
        if found.created_at is not None:
            return None
        with self.records.begin() as tx:
            given = bool(tx.grants.of_request(request.id))
            if given or tx.requests.status(request.id) not in BEFORE_GIVING:
                message = f"the checkpoint of `{request.id}` is gone: what it gave ends on time"
                raise StateError(message)
            extension = sealed(tx, request.id, EXTENSION, Extension)
        return begun(request, extension)

    def _block(self, request: Request, error: Exception, agent: str) -> None:
        """(5) The request ends `blocked`, naming agent and cause.

        What was given before the failure stays what it is, with its end; the failure is logged.
        """
        kind = error.code if isinstance(error, GovAgentsError) else type(error).__name__
        text = str(error) if isinstance(error, GovAgentsError) else f"could not go on: {kind}"
        now = self.services.clock.now()
        with self.records.begin() as tx:
            if not any(grant.status in LIVE for grant in tx.grants.of_request(request.id)):
                tx.requests.set_status(request.id, Status.BLOCKED, at=now, note=f"{agent}: {text}")
            event = event_about(request, "request.blocked", at=now)
            tx.log.append(replace(event, agent=agent, decision="blocked", reason=kind))


def begun(request: Request, extension: Extension | None) -> NewRequest:
    """What a run starts with."""
    if extension is None:
        return {"request": request}
    return {"request": request, "extension": extension}


def config_of(request: RequestId) -> Any:  # noqa: ANN401  # LangGraph's RunnableConfig is a loose dict
    """Where LangGraph keeps the run of a request."""
    return {"configurable": {"thread_id": request}, "recursion_limit": RECURSION_LIMIT}


def event_about(
    request: Request, kind: str, *, at: datetime, digests: Mapping[str, str] | None = None
) -> Event:
    """An entry that tells of a request as a whole; what does not apply says `none`."""
    return Event(
        kind=kind,
        at=at,
        agent="intake",
        principal=request.speaker,
        subject=request.asked_for or request.speaker,
        about=request.id,
        policy="none",
        evaluation="none",
        decision="none",
        reason="none",
        ttl=timedelta(0),
        digests=digests or {},
    )
