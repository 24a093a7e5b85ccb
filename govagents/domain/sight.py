"""What there is of a role before it is given: by the records, and as its target shows it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from govagents.domain.ids import RoleId, SystemId


class Recorded(StrEnum):
    """What files and grants say of the moment at which access would begin.

    ENDS_BEFORE = they name it now, and no longer then.
    """

    HELD = "held"
    ENDS_BEFORE = "ends_before"
    NOT_HELD = "not_held"


class Shown(StrEnum):
    """What the target says now; SILENT = it was asked and gave no answer, UNASKED = it was not.

    A plan for another time than now asks nobody: a target knows no other.
    """

    HELD = "held"
    NOT_HELD = "not_held"
    SILENT = "silent"
    UNASKED = "unasked"


@dataclass(frozen=True)
class Sight:
    """One role on one system. The target's word counts; where there is none, the records'."""

    system: SystemId
    role: RoleId
    recorded: Recorded
    shown: Shown

    @property
    def there(self) -> bool:
        """Whether giving it changes nothing there.

        >>> aws, role = SystemId("aws"), RoleId("reader")
        >>> Sight(aws, role, Recorded.NOT_HELD, Shown.HELD).there
        True
        >>> Sight(aws, role, Recorded.ENDS_BEFORE, Shown.HELD).there
        False
        >>> Sight(aws, role, Recorded.HELD, Shown.NOT_HELD).there
        False
        >>> Sight(aws, role, Recorded.HELD, Shown.SILENT).there
        True
        """
        match self.shown:
            case Shown.HELD:
                return self.recorded is not Recorded.ENDS_BEFORE
            case Shown.NOT_HELD:
                return False
            case Shown.SILENT | Shown.UNASKED:
                return self.recorded is Recorded.HELD
            case _:
                assert_never(self.shown)

    @property
    def differs(self) -> bool:
        """Whether the target says otherwise than the records: a finding for review."""
        said = {Recorded.HELD: Shown.NOT_HELD, Recorded.NOT_HELD: Shown.HELD}
        return said.get(self.recorded) is self.shown
