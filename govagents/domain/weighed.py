"""The plans that were weighed for one request: what each is worth, and why it was not chosen."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from govagents.domain.ids import RoleId


class PlanKind(StrEnum):
    """How a plan came to be weighed. NOTHING always is; OBJECTED, BARRED: a rule spoke against it.

    OBJECTED: the risk agent countered it in an earlier round. BARRED: it would suffice and may not
    be. NAMED: the roles that the words named outright.
    """

    CHOSEN = "chosen"
    NEXT_BEST = "next best"
    NARROWER = "narrower"
    NAMED = "as named"
    OBJECTED = "countered"
    BARRED = "barred"
    NOTHING = "give nothing"


@dataclass(frozen=True)
class Score:
    """What plans are compared by, in this order; `length` is what the roles allow of the window.

    `changing`: permissions in excess that change something. `length` is shown and decides nothing.
    """

    covers: int
    excess_weight: int
    role_count: int
    changing: int
    privileged: int
    length: timedelta


@dataclass(frozen=True)
class Weighed:
    """One plan with its score; `lost` says why it was not chosen, and is empty for the chosen."""

    kind: PlanKind
    roles: tuple[RoleId, ...]
    score: Score
    lost: str = ""
