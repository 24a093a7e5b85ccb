"""The plans that were weighed for one request: each with its score, and why it was not chosen.

Rules:
1. A plan is a set of roles within the window, as far as its roles allow. Plans are compared by the
   terms of `Score` in their order, then by the ids of their roles: the solver's own order, with
   what is covered before it. The first term that differs is why a plan lost.
2. Giving nothing is always weighed: whoever decides may choose it.
3. What a rule or the risk agent spoke against lost by that, whatever its score.
4. A plan that is better than the chosen one can only come of a search that ran out of steps; that
   is said, and the chosen one is not called the smallest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from govagents.domain.catalog import Catalog
from govagents.domain.ids import PermissionId, RoleId
from govagents.domain.proposal import Proposal
from govagents.domain.request import Window
from govagents.domain.weighed import PlanKind, Score, Weighed
from govagents.solver.weights import Weights


class Rival(NamedTuple):
    """Another plan; `window` None = the chosen one's. `against`: what spoke against it (3)."""

    kind: PlanKind
    roles: tuple[RoleId, ...]
    window: Window | None = None
    against: str = ""


class Reach(NamedTuple):
    """What a set gives: the needs it surely covers, and everything else that comes along."""

    covered: frozenset[PermissionId]
    excess: frozenset[PermissionId]


@dataclass(frozen=True)
class Weighing:
    """One proposal, in the catalog and by the weights it was solved over."""

    catalog: Catalog
    weights: Weights
    proposal: Proposal

    def plans(self, rivals: Sequence[Rival]) -> tuple[Weighed, ...]:
        """The chosen one first, nothing last, each plan once."""
        return tuple(self._weighed(rivals))

    def _weighed(self, rivals: Sequence[Rival]) -> Iterator[Weighed]:
        nothing = Rival(PlanKind.NOTHING, ())
        roles = self.proposal.roles
        chosen = Rival(PlanKind.CHOSEN, roles) if roles else nothing
        best = self._score(chosen)
        yield Weighed(chosen.kind, chosen.roles, best)
        known = {(chosen.roles, best.length)}
        for rival in (*rivals, nothing):  # (2)
            score = self._score(rival)
            if (rival.roles, score.length) not in known:
                known.add((rival.roles, score.length))
                yield Weighed(rival.kind, rival.roles, score, self._lost(rival, score, best))

    def _score(self, rival: Rival) -> Score:
        roles = [self.catalog.roles[role] for role in rival.roles]
        reach = _reach(self.catalog, rival.roles, self.proposal.needs)
        excess = [self.catalog.permissions[item] for item in reach.excess]
        window = rival.window or self.proposal.window
        caps = [role.max_time for role in roles if role.max_time is not None]
        length = min([window.length, *caps]) if roles else timedelta(0)
        return Score(
            covers=len(reach.covered),
            excess_weight=sum(self.weights.of(i.access_level, i.sensitivity) for i in excess),
            role_count=len(roles),
            changing=sum(item.access_level.changes for item in excess),
            privileged=sum(role.privileged for role in roles),
            length=length,
        )

    def _lost(self, rival: Rival, score: Score, best: Score) -> str:
        """(1)."""
        if rival.against:  # (3)
            return rival.against
        mine, theirs = _order(best), _order(score)
        said = (
            f"covers {score.covers} of {len(self.proposal.needs)} needs",
            f"excess weight {score.excess_weight} instead of {best.excess_weight}",
            "of the same excess weight with more roles",
            "as small, and more of what comes along changes something",
            "as small, with more privileged roles",
        )
        at = next((at for at, term in enumerate(mine) if term != theirs[at]), None)
        if (theirs, rival.roles) < (mine, self.proposal.roles):
            return "found only after the search had ended"  # (4)
        return "as good by every rule, later in the alphabet" if at is None else said[at]


def _order(score: Score) -> tuple[int, ...]:
    """Smaller is better."""
    fewer = (score.excess_weight, score.role_count, score.changing, score.privileged)
    return (-score.covers, *fewer)


def _reach(catalog: Catalog, roles: Sequence[RoleId], needs: Sequence[PermissionId]) -> Reach:
    """What a role grants only under a condition covers nothing and always comes along."""
    known = [catalog.roles[role] for role in roles]
    sure = {item for role in known for item in role.permissions - role.conditional}
    given = {item for role in known for item in role.permissions}
    sometimes = {item for role in known for item in role.permissions & role.conditional}
    return Reach(frozenset(sure & {*needs}), frozenset((given - {*needs}) | sometimes))
