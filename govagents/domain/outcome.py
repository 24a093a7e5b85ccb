"""What became of an order to targets and, where it was not carried out, why."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, assert_never

from govagents.domain.ids import SystemId


class Trouble(StrEnum):
    """The kinds of cause. Each is tried again while something is to end; the words may differ."""

    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    BROKEN = "broken"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Done:
    """Every target that was asked shows what was ordered."""


@dataclass(frozen=True)
class NotDone:
    """`system` does not show what was ordered; `said` is what its connector raised.

    SECURITY: `said` is a target's text: whoever makes one bounds it and makes it harmless.
    """

    system: SystemId
    trouble: Trouble
    said: str = ""

    def __str__(self) -> str:
        """In one sentence.

        >>> str(NotDone(SystemId("shop"), Trouble.UNREACHABLE, "no answer"))
        '`shop` cannot be reached: no answer'
        """
        return f"{self._what()}: {self.said}" if self.said else self._what()

    def _what(self) -> str:
        match self.trouble:
            case Trouble.REFUSED:
                return f"`{self.system}` refuses"
            case Trouble.UNREACHABLE:
                return f"`{self.system}` cannot be reached"
            case Trouble.UNKNOWN:
                return f"`{self.system}` may have done it or not"
            case Trouble.BROKEN:
                return f"the connector of `{self.system}` failed"
            case Trouble.DIFFERS:
                return f"`{self.system}` accepted it and shows otherwise when read back"
        assert_never(self.trouble)


Outcome: TypeAlias = Done | NotDone
