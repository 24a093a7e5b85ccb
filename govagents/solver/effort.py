"""The step budget: every loop of the solver pays for what it does, whatever the clock says.

What would pass the budget is not paid and not begun, and nothing after it is either: `spent` is
never more than `limit`.
"""


class OutOfStepsError(Exception):
    """Work that is of no use unfinished could not be paid; never leaves the solver."""


class Effort:
    """Counts steps (one operation on one role's set) up to a limit."""

    def __init__(self, limit: int) -> None:
        """`limit`: steps that may be spent."""
        self.limit = limit
        self.spent = 0
        self._refused = False

    def spend(self, steps: int) -> bool:
        """Pay before the work; False if the budget does not reach for it."""
        if self._refused or self.spent + steps > self.limit:
            self._refused = True
            return False
        self.spent += steps
        return True

    def pay(self, steps: int) -> None:
        """As `spend`, where there is nothing to go on with.

        Raises:
            OutOfStepsError: the budget does not reach for it.
        """
        if not self.spend(steps):
            raise OutOfStepsError

    @property
    def exhausted(self) -> bool:
        """Nothing more may be begun."""
        return self._refused

    def share(self, part: int) -> "Effort":
        """A purse with at most 1/`part` of what is left; settle it with `spend(purse.spent)`."""
        return Effort(0 if self._refused else max(self.limit - self.spent, 0) // part)
