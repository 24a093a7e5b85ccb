"""Finds similar closed cases and lets them order the question. Decides nothing."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict

from govagents.domain.precedent import Recalled
from govagents.domain.question import Question, Resolution
from govagents.domain.request import Request
from govagents.errors import PowerWithheldError, StateError
from govagents.memory.precedent import (
    Viewpoint,
    advised,
    aided,
    disagreement,
    ranked,
    unaided,
)
from govagents.ports import Catalogs, Clock, Directory, Memory, Words

_SHOWN = 5


class Resolved(TypedDict):
    """What recall reads. `question` and `disagreement` are its own, of the round before."""

    request: Request
    resolution: Resolution
    question: NotRequired[Question | None]
    disagreement: NotRequired[bool]


class Reminded(TypedDict):
    """What recall writes. `question` is the one to ask: answers by number count in its order."""

    recalled: Recalled
    question: Question | None
    disagreement: bool


@dataclass(frozen=True)
class Recall:
    """Resolution → similar cases, the question as it will be asked, whether memory disagrees."""

    memory: Memory
    words: Words
    catalogs: Catalogs
    directory: Directory
    clock: Clock

    def __call__(self, state: Resolved) -> Reminded:
        """Nothing here can fail for want of memory: without it the question stays as it was."""
        resolution = state["resolution"]
        recalled = self._recalled(state["request"], resolution)
        catalog = self.catalogs.current()
        return {
            "recalled": recalled,
            "question": advised(resolution.question, recalled.cases, catalog),
            "disagreement": self._differs(state, recalled),
        }

    def _recalled(self, request: Request, resolution: Resolution) -> Recalled:
        words = self.words.of(request.id)
        view = self._view(request)
        try:
            found = self.memory.recall(request.id, words)
        except (PowerWithheldError, StateError) as error:
            return Recalled((), "none", note=f"memory recalls nothing: {error}")
        needs = frozenset(need.permission for need in resolution.understanding.needs)
        cases = ranked(found.cases, view, needs)[:_SHOWN]
        note = found.note or ("" if cases else "no similar closed case")
        return Recalled(cases, found.embedder, note)

    def _view(self, request: Request) -> Viewpoint:
        world = self.directory.world()
        return Viewpoint.of(
            world.identities.get(request.speaker),
            world.eligibility,
            catalog=self.catalogs.current(),
            now=self.clock.now(),
        )

    def _differs(self, state: Resolved, recalled: Recalled) -> bool:
        # A choice that memory had offered stays one in the rounds that follow.
        if state.get("disagreement", False):
            return True
        resolution = state["resolution"]
        if resolution.question is not None:
            return _chosen_from_memory(state)
        understood = resolution.understanding
        without = unaided(understood, state.get("question"))
        return bool(disagreement(without, aided(understood, recalled.cases)))


def _chosen_from_memory(state: Resolved) -> bool:
    understood = state["resolution"].understanding
    return bool(disagreement(unaided(understood, state.get("question")), understood))
