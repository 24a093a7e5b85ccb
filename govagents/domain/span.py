"""One call of a tool, and what it came to. SECURITY: codes alone, nothing that a target said."""

from dataclasses import dataclass

from govagents.domain.ids import GrantId, RequestId, SystemId


@dataclass(frozen=True)
class Call:
    """Which tool on which system, how far it reaches, and what it rests on."""

    tool: str
    scope: str
    system: SystemId
    grant: GrantId
    request: RequestId
    decision: str


@dataclass
class Span:
    """Around one call; `id` names it wherever it is told of. Its outcome is known afterwards."""

    id: str
    outcome: str = "done"
