"""A plan: the same graph over words that no store holds, stopped before it gives or keeps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from langgraph.checkpoint.base import BaseCheckpointSaver

from govagents.cast import Cast
from govagents.domain.decision import Decision
from govagents.domain.ids import RequestId
from govagents.domain.precedent import Recalled
from govagents.domain.proposal import Assessment, Proposal
from govagents.domain.question import Question, Resolution
from govagents.domain.request import Extension, Request, Status
from govagents.domain.text import Untrusted
from govagents.domain.view import PLANNED, View
from govagents.findings import decode, encode
from govagents.graph import request_graph
from govagents.roster import ROSTER, Agent
from govagents.run import begun, config_of
from govagents.services import Services
from govagents.steps import Keeper

T = TypeVar("T")


@dataclass(frozen=True)
class Sketch:
    """`saver` makes what a plan is saved in, which is gone with it."""

    services: Services
    saver: Callable[[], BaseCheckpointSaver[Any]]
    roster: tuple[Agent, ...] = ROSTER

    def of(
        self, request: Request, words: tuple[Untrusted, ...], extension: Extension | None = None
    ) -> View:
        """What `request` would come to now."""
        readings = self.services.readings.of_a_plan()
        services = replace(self.services, words=_Spoken(words), readings=readings)
        graph = request_graph(Cast(services, Keeper(None, services.clock), self.roster)).compile(
            checkpointer=self.saver(), interrupt_before=["grant", "remember"]
        )
        config = config_of(request.id)
        graph.invoke(begun(request, extension), config)
        plan = _planned(request, words, graph.get_state(config).values)
        return replace(plan, extension=extension)


@dataclass(frozen=True)
class _Spoken:
    """The words of a plan, which no store holds."""

    words: tuple[Untrusted, ...]

    def of(self, request: RequestId) -> tuple[Untrusted, ...]:  # noqa: ARG002  # there is one request
        return self.words


def _planned(request: Request, words: tuple[Untrusted, ...], found: Mapping[str, Any]) -> View:
    view = View(
        request=request,
        status=Status.RETURNED,
        words=words,
        resolution=_part(found, "resolution", Resolution),
        question=_part(found, "question", Question),
        recalled=_part(found, "recalled", Recalled),
        proposal=_part(found, "proposal", Proposal),
        assessment=_part(found, "assessment", Assessment),
        decision=_part(found, "decision", Decision),
    )
    outcome = replace(view, status=Status.DRAFT).outcome
    return view if outcome is None else replace(view, status=PLANNED[outcome])


def _part(found: Mapping[str, Any], key: str, kind: type[T]) -> T | None:
    """A checkpoint gives tuples back as lists; this gives the declared type."""
    value = found.get(key)
    return None if value is None else decode(encode(value), kind)
