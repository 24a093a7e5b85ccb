"""Takes back everything one request gave. Undoing a giving is a taking back: always allowed."""

from dataclasses import dataclass
from typing import TypedDict

from govagents.domain.ids import IdentityId
from govagents.domain.request import Request
from govagents.ports import Guard, Records


class ToUndo(TypedDict):
    """What the node is handed."""

    request: Request


class Undone(TypedDict):
    """What it writes: the ids of the grants it ended."""

    undone: tuple[str, ...]


@dataclass(frozen=True)
class Undo:
    """Restores what was held before."""

    guard: Guard
    records: Records

    def __call__(self, state: ToUndo) -> Undone:
        """Ends every grant of the request, newest first."""
        with self.records.begin() as tx:
            grants = tx.grants.of_request(state["request"].id)
        for grant in reversed(grants):
            self.guard.end(grant.id, actor=IdentityId("provisioner"), cause="undone")
        return {"undone": tuple(grant.id for grant in grants)}
