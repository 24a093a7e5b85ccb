"""What the targets show before anything is given: a look ahead, on behalf of a plan.

Rules:
1. Nothing but looking can be done by it; whoever plans is handed this and no guard.
2. A look is a call like any other: a span, and an entry of the request that names it. A plan that
   was not sent leaves nothing in the store, so its looks are spans alone.
3. A target that does not answer says nothing, whatever it raised; it is waited for as long as for
   any call, and asked once.
4. Of another time than now no target can say anything: it is not asked.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from govagents.action.noting import By, Calls, noting
from govagents.action.targets import Targets
from govagents.domain.grant import Change, Grant
from govagents.domain.ids import RequestId
from govagents.domain.outcome import NotDone
from govagents.domain.request import Request, Status, Window
from govagents.domain.sight import Shown
from govagents.ports import Clock, Records

PLANNER = "planner"


@dataclass(frozen=True)
class TargetReadings:
    """`ports.Readings`; `kept` = an entry names each look."""

    records: Records
    targets: Targets
    clock: Clock
    kept: bool = True

    def of(self, request: Request, planned: Sequence[Change]) -> tuple[Shown, ...]:
        """What is shown of each of `planned`, in its order."""
        with self._noting(By(PLANNER, request.speaker)) as calls:
            return tuple(self._shown(request.id, change, calls) for change in planned)

    def of_a_plan(self) -> "TargetReadings":
        """(2)."""
        return replace(self, kept=False)

    def _noting(self, by: By) -> AbstractContextManager[Calls]:
        if self.kept:
            return noting(self.records, self.clock, self.targets.tracer, by)
        return nullcontext(Calls(self.records, self.clock, self.targets.tracer, by))

    def _shown(self, request: RequestId, change: Change, calls: Calls) -> Shown:
        now = self.clock.now()
        to_be = Grant(
            id=Grant.id_of(request, change.role),
            request=request,
            beneficiary=change.subject,
            role=change.role,
            targets=(change.system,),
            window=Window(now, now),
            status=Status.DRAFT,
            decision="none",
        )
        match self.targets.seen(to_be, change.system, calls):
            case NotDone():  # (3)
                return Shown.SILENT
            case True:
                return Shown.HELD
            case _:
                return Shown.NOT_HELD


class Unasked:
    """(4) `ports.Readings` of a plan for another time."""

    def of(self, request: Request, planned: Sequence[Change]) -> tuple[Shown, ...]:  # noqa: ARG002  # as its form is
        """Nobody is asked."""
        return (Shown.UNASKED,) * len(planned)

    def of_a_plan(self) -> "Unasked":
        """The same."""
        return self
