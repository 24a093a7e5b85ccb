"""Hands the request's id to the guard. It holds no proposal, so it cannot alter one."""

from dataclasses import dataclass
from typing import TypedDict

from govagents.domain.grant import Effect
from govagents.domain.request import Request
from govagents.ports import Guard


class ToGrant(TypedDict):
    """What the node is handed: the request, and nothing of what was decided."""

    request: Request


class Granted(TypedDict):
    """What it writes."""

    effect: Effect


@dataclass(frozen=True)
class Executor:
    """Asks the one door."""

    guard: Guard

    def __call__(self, state: ToGrant) -> Granted:
        """Safe to run again: the guard answers a repeat with the same effect."""
        return {"effect": self.guard.grant(state["request"].id)}
