"""A plan as data: what is done on which system, and how each step is rolled back."""

from dataclasses import dataclass

from govagents.domain.ids import IdentityId, RoleId, SystemId


@dataclass(frozen=True)
class Act:
    """One call of a tool of the box, with its arguments."""

    tool: str
    system: SystemId
    role: RoleId
    subject: IdentityId


@dataclass(frozen=True)
class Step:
    """`rollback` restores what was there before; None = it was there before, and stays."""

    act: Act
    rollback: Act | None
