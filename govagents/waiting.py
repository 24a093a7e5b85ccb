"""The two nodes that wait for a person. They do nothing else: `interrupt` runs its node again.

What a resumed run is handed carries no authority. Answers are rows in the database of record; these
nodes only count how often the run was woken, and the next node looks up what was said.
"""

from typing import TypedDict

from langgraph.types import interrupt

from govagents.domain.question import Question


class ToClarify(TypedDict, total=False):
    """What `clarify` is handed."""

    question: Question | None
    clarified: int


class Clarified(TypedDict):
    """What it writes."""

    clarified: int


class Clarify:
    """Waits for the speaker's answer."""

    def __call__(self, state: ToClarify) -> Clarified:
        """Sleeps until the runner wakes it."""
        interrupt("clarify")
        return {"clarified": state.get("clarified", 0) + 1}


class ToAsk(TypedDict, total=False):
    """What `ask` is handed."""

    asked: int


class Asked(TypedDict):
    """What it writes."""

    asked: int


class Ask:
    """Waits for an approver's answer."""

    def __call__(self, state: ToAsk) -> Asked:
        """Sleeps until the runner wakes it."""
        interrupt("ask")
        return {"asked": state.get("asked", 0) + 1}
