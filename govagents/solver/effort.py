"""The step budget: every loop of the solver pays for what it does, whatever the clock says."""


class Effort:
    """Counts steps (one operation on one role's set) up to a limit."""

    def __init__(self, limit: int) -> None:
        """`limit`: steps that may be spent; what is begun within it is finished."""
        self.limit = limit
        self.spent = 0

    def spend(self, steps: int) -> bool:
        """Pay; False once the budget is overdrawn."""
        self.spent += steps
        return self.spent <= self.limit

    @property
    def exhausted(self) -> bool:
        """Nothing more may be begun."""
        return self.spent > self.limit

    def share(self, part: int) -> "Effort":
        """A purse with at most 1/`part` of what is left; settle it with `spend(purse.spent)`."""
        return Effort(max(self.limit - self.spent, 0) // part)
