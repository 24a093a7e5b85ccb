"""Needs to the smallest sufficient role set, with its proof and its alternatives.

Rules:
1. The set is the solver's; nothing here chooses a role.
2. The window is what was asked, or eight hours when the words name no end, never beyond the
   shortest maximum among the roles, or that of the beneficiary's kind, nor beyond the end of the
   beneficiary's own identity or of what it acts for; what cut it is said. One that ends before
   access would begin is left to policy.
3. Where no set is possible the proposal is empty and names what stands in the way (`barrier.py`).
4. Every other plan that was looked at is in the proposal, with its score and why it was not chosen
   (`weighing.py`): also the roles the words named, and what the risk agent countered before.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple, TypedDict

from govagents.domain.catalog import Catalog
from govagents.domain.ids import PermissionId, RoleId
from govagents.domain.prediction import planned
from govagents.domain.proposal import (
    Alternative,
    Assessment,
    NeedCost,
    Proof,
    Proposal,
    Sufficiency,
)
from govagents.domain.question import Resolution
from govagents.domain.request import Request, Understanding, Window
from govagents.domain.weighed import PlanKind
from govagents.domain.world import World
from govagents.planning.barrier import Barrier
from govagents.planning.problem import SetsByCatalog, candidates, pose
from govagents.planning.sights import Sights
from govagents.planning.weighing import Rival, Weighing
from govagents.policy.separation import separation_constraints
from govagents.policy.standing import end_of
from govagents.ports import Catalogs, Directory, Holdings, Readings
from govagents.solver.alternatives import Alternatives, Option, alternatives
from govagents.solver.catalog_index import RoleSets
from govagents.solver.problem import Problem
from govagents.solver.search import solve
from govagents.solver.solution import Solution, Status

DEFAULT_LENGTH = timedelta(hours=8)
"""What is proposed when the words name no end."""


class Resolved(TypedDict, total=False):
    """What the node is handed; `proposal` is its own of the round before, if there was one."""

    request: Request
    resolution: Resolution
    assessment: Assessment
    proposal: Proposal


class Proposed(TypedDict):
    """What it writes."""

    proposal: Proposal


@dataclass(frozen=True)
class Proposer:
    """Poses the least-privilege problem, has it solved exactly, shows the alternatives."""

    catalogs: Catalogs
    directory: Directory
    holdings: Holdings
    sets: SetsByCatalog
    readings: Readings

    def __call__(self, state: Resolved) -> Proposed:
        """One round; a counter-proposal of the risk agent is a further restriction."""
        understanding = state["resolution"].understanding
        counter = state.get("assessment")
        catalog = self.catalogs.current()
        window = _window(state["request"], understanding, counter)
        world = self.directory.world()
        person = world.identities[understanding.beneficiary]
        holdings = self.holdings.of(understanding.beneficiary, window)
        separation = separation_constraints(world, catalog, holdings)
        competing = candidates(catalog, person, counter.exclude if counter else ())
        problem = pose(state["request"].id, understanding, competing, separation)
        sets = self.sets.of(catalog)
        solution = solve(sets, problem)
        proposal = _proposal(understanding, window, catalog, _Solved(sets, problem, solution))
        rivals = [*_solved_again(proposal), *_named(understanding, competing), *_countered(state)]
        if not understanding.needs:
            rules = {rule.id: rule.reason for rule in world.eligibility.prohibitions}
            raised = tuple(rules.get(name, name) for name in understanding.warnings)
            proposal = replace(proposal, obstacles=raised or ("nothing was asked for",))
        elif solution.status is Status.INFEASIBLE:
            theirs = [holding.role for holding in holdings]
            barred = Barrier(sets, problem, catalog, person, world, theirs).found()
            proposal = replace(proposal, obstacles=(barred.obstacle,))
            rivals += [Rival(PlanKind.BARRED, barred.roles, against=barred.obstacle)]
        cut = _cut_by_identity(_cut_by_kind(_cut(proposal, catalog), world), world)
        weighed = Weighing(catalog, self.sets.weights, cut).plans(rivals)
        seen = Sights(self.holdings, self.readings).of(state["request"], cut, catalog)
        number = counter.round + 1 if counter else 1
        chosen = replace(cut, round=number, weighed=weighed, seen=seen)
        return {"proposal": replace(chosen, steps=planned(chosen, catalog))}


def _solved_again(proposal: Proposal) -> Iterator[Rival]:
    if proposal.next_best is not None:
        yield Rival(PlanKind.NEXT_BEST, proposal.next_best.roles)
    if proposal.narrower is not None:
        yield Rival(PlanKind.NARROWER, proposal.narrower.roles)


def _named(understanding: Understanding, competing: frozenset[RoleId]) -> Iterator[Rival]:
    if understanding.narrowed:
        named = tuple(sorted(understanding.narrowed))
        barred = [role for role in named if role not in competing]
        against = f"`{barred[0]}` may not be given to the beneficiary" if barred else ""
        yield Rival(PlanKind.NAMED, named, against=against)


def _countered(state: Resolved) -> Iterator[Rival]:
    """Rule 4: what the risk agent countered, with its reasons; this round's and those before."""
    counter, before = state.get("assessment"), state.get("proposal")
    if counter is None or before is None or before.round != counter.round:
        return
    against = f"countered by risk: {'; '.join(counter.reasons)}"
    yield Rival(PlanKind.OBJECTED, before.roles, before.window, against)
    for plan in before.weighed:
        if plan.kind is PlanKind.OBJECTED:
            window = replace(before.window, end=before.window.start + plan.score.length)
            yield Rival(plan.kind, plan.roles, window, plan.lost)


def _window(request: Request, understanding: Understanding, counter: Assessment | None) -> Window:
    if counter is not None and counter.window is not None:
        return counter.window
    if understanding.window is not None:
        return understanding.window
    return Window(request.at, request.at + DEFAULT_LENGTH, floating=True)


class _Solved(NamedTuple):
    sets: RoleSets
    problem: Problem
    solution: Solution


def _proposal(
    understanding: Understanding, window: Window, catalog: Catalog, solved: _Solved
) -> Proposal:
    sets, problem, solution = solved
    certificate = solution.certificate
    proof = Proof(
        status=Sufficiency(solution.status.value),
        excess_weight=solution.excess_weight or 0,
        lower_bound=solution.lower_bound or 0,
        steps=solution.steps,
        certificate=None if certificate is None else _text(certificate.to_json()),
        catalog=catalog.digest,
        weights=sets.weights_digest,
        problem=_text(problem.canonical()),
    )
    plain = Proposal(
        beneficiary=understanding.beneficiary,
        roles=tuple(RoleId(role) for role in solution.roles),
        needs=tuple(PermissionId(need) for need in problem.needs),
        excess=tuple(PermissionId(item) for item in solution.excess),
        window=window,
        proof=proof,
        why={},
    )
    if not solution.roles:
        return plain
    return _with_alternatives(plain, alternatives(sets, problem, solution))


def _with_alternatives(plain: Proposal, found: Alternatives) -> Proposal:
    return replace(
        plain,
        why={
            RoleId(role): tuple(PermissionId(need) for need in needs)
            for role, needs in found.covers_alone.items()
        },
        costs=tuple(NeedCost(PermissionId(need), cost) for need, cost in found.costs.items()),
        narrower=_alternative(found.narrower),
        next_best=_alternative(found.next_best),
        all_seen=found.complete,
    )


def _cut(proposal: Proposal, catalog: Catalog) -> Proposal:
    """Rule 2: the shortest maximum among the roles ends the window."""
    caps = [
        (cap, role)
        for role in proposal.roles
        if (cap := catalog.roles[role].max_time) is not None and cap < proposal.window.length
    ]
    if not caps:
        return proposal
    cap, role = min(caps)
    shorter = replace(proposal.window, end=proposal.window.start + cap)
    return replace(proposal, window=shorter, cut_by=role)


def _cut_by_kind(proposal: Proposal, world: World) -> Proposal:
    """Rule 2: an agent holds nothing for longer at once."""
    kind, window = world.identities[proposal.beneficiary].kind, proposal.window
    cap = world.eligibility.longest(kind)
    if cap is None or window.length <= cap:
        return proposal
    shorter = replace(window, end=window.start + cap)
    return replace(proposal, window=shorter, cut_by=None, cut_by_kind=True)


def _cut_by_identity(proposal: Proposal, world: World) -> Proposal:
    """Rule 2: access does not outlive who has it."""
    end, window = end_of(world, proposal.beneficiary), proposal.window
    shorter = window.until(end)
    if shorter == window or shorter.end <= shorter.start:
        return proposal
    return replace(
        proposal, window=shorter, cut_by=None, cut_by_kind=False, ends_with_identity=True
    )


def _alternative(found: Option | None) -> Alternative | None:
    if found is None:
        return None
    return Alternative(
        roles=tuple(RoleId(role) for role in found.roles),
        excess_weight=found.excess_weight,
        leaves_out=tuple(PermissionId(item) for item in found.leaves_out),
        adds=tuple(PermissionId(item) for item in found.adds),
    )


def _text(certificate: object) -> str:
    return json.dumps(certificate, sort_keys=True, separators=(",", ":"))
