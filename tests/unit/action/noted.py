"""Where calls are noted of which a test says nothing: ids are drawn, nothing is written."""

from typing import cast

from govagents.action.noting import Calls
from govagents.adapters.clock import MachineClock
from govagents.adapters.traces import Spans
from govagents.ports import Records

TRACER = Spans(MachineClock())


def calls() -> Calls:
    """Of an operation that names none of them."""
    return Calls(cast("Records", None), MachineClock(), TRACER)
