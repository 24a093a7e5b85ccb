"""What there is of a set before anything is given: by the records, and as the targets show it.

Rules:
1. Recorded as held is what the beneficiary itself has, by a file or by a grant, at the moment at
   which access would begin; what is only asked for is not.
2. What the records name before that moment and not at it ends before: that a target shows it now
   says nothing of then.
3. What is seen foretells what will change. It has no part in what is proposed or decided: a
   target's word gives nobody anything.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from govagents.domain.catalog import Catalog
from govagents.domain.ids import RoleId
from govagents.domain.prediction import predicted
from govagents.domain.proposal import Proposal
from govagents.domain.request import Request, Window
from govagents.domain.sight import Recorded, Sight
from govagents.ports import Holding, Holdings, Readings

_NOT_YET = frozenset({"pending", "scheduled"})


@dataclass(frozen=True)
class Sights:
    """Looks once at each role of a set on each of its systems."""

    holdings: Holdings
    readings: Readings

    def of(self, request: Request, proposal: Proposal, catalog: Catalog) -> tuple[Sight, ...]:
        """In the order in which it would be given."""
        wanted = predicted(proposal, catalog)
        then, before = self._then(proposal), self._before(request, proposal)
        shown = self.readings.of(request, wanted) if wanted else ()
        return tuple(
            Sight(change.system, change.role, _recorded(change.role, then, before), said)
            for change, said in zip(wanted, shown, strict=True)
        )

    def _then(self, proposal: Proposal) -> frozenset[RoleId]:
        """(1)."""
        begins = proposal.window.start
        found = self.holdings.of(proposal.beneficiary, proposal.window)
        return frozenset(
            item.role
            for item in _own(proposal, found)
            if item.window is None or item.window.start <= begins < item.window.end
        )

    def _before(self, request: Request, proposal: Proposal) -> frozenset[RoleId]:
        """(2)."""
        if proposal.window.start <= request.at:
            return frozenset()
        until_then = Window(request.at, proposal.window.start)
        found = self.holdings.of(proposal.beneficiary, until_then)
        return frozenset(item.role for item in _own(proposal, found))


def _own(proposal: Proposal, holdings: Iterable[Holding]) -> Iterator[Holding]:
    for item in holdings:
        if item.identity == proposal.beneficiary and item.source not in _NOT_YET:
            yield item


def _recorded(role: RoleId, then: frozenset[RoleId], before: frozenset[RoleId]) -> Recorded:
    if role in then:
        return Recorded.HELD
    return Recorded.ENDS_BEFORE if role in before else Recorded.NOT_HELD
